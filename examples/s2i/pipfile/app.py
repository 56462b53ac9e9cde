"""Says hello; the port comes from PORT, as on every platform that starts images."""
import os

from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    return "hello from pipfile\n"


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=int(os.environ.get("PORT", "8080")))
