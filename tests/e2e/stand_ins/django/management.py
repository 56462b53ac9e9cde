"""Stand-in with the shape of Django that the example uses: runserver and collectstatic."""
import importlib
import os

import stand_in_server


def execute_from_command_line(arguments):
    settings = importlib.import_module(os.environ["DJANGO_SETTINGS_MODULE"])
    if arguments[1] == "collectstatic":
        os.makedirs(settings.STATIC_ROOT, exist_ok=True)
        return
    view = dict(importlib.import_module(settings.ROOT_URLCONF).urlpatterns)[""]

    def application(environ, start_response):
        body = view(environ).body
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    stand_in_server.serve(application, arguments[2].rpartition(":")[2])
