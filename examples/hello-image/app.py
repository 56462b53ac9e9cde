"""Serves one picture, drawn by NumPy and written by Pillow: three packages, two of them with compiled code."""
import io

import numpy
from flask import Flask, Response
from PIL import Image

app = Flask(__name__)


def picture(size=256):
    """A PNG of a colour wheel, as bytes."""
    y, x = numpy.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j]
    angle = (numpy.arctan2(y, x) / numpy.pi + 1) / 2
    distance = numpy.minimum(numpy.hypot(x, y), 1)
    pixels = numpy.stack([angle, distance, 1 - angle], axis=-1)
    image = Image.fromarray((pixels * 255).astype(numpy.uint8), "RGB")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@app.get("/")
def index():
    return Response(picture(), mimetype="image/png")


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=8080)
