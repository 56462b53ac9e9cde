"""Says hello as a PNG: GET / answers an image drawn with Pillow over a NumPy gradient."""
import io

import flask
import numpy
import PIL.Image
import PIL.ImageDraw

app = flask.Flask(__name__)


def picture(text):
    shade = numpy.tile(numpy.linspace(40, 200, 320, dtype=numpy.uint8), (120, 1))
    image = PIL.Image.fromarray(numpy.stack([shade, shade[:, ::-1], shade], axis=-1))
    PIL.ImageDraw.Draw(image).text((20, 50), text, fill="white")
    return image


@app.get("/")
def hello():
    body = io.BytesIO()
    picture("Hello, image").save(body, "PNG")
    return flask.Response(body.getvalue(), mimetype="image/png")


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=8080)
