"""Says hello; served by what the application's requirements name."""
from flask import Flask

application = Flask(__name__)


@application.route("/")
def index():
    return "hello from gunicorn\n"
