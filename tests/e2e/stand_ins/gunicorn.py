"""Stand-in with the shape of gunicorn's command that the examples use."""
import importlib
import os
import runpy
import sys

import stand_in_server


def run():
    sys.path.insert(0, os.getcwd())
    words = sys.argv[1:]
    settings = runpy.run_path("gunicorn.conf.py") if os.path.exists("gunicorn.conf.py") else {}
    bind = settings.get("bind", "0.0.0.0:" + os.environ.get("PORT", "8000"))
    module = settings.get("wsgi_app")
    while words:
        word = words.pop(0)
        if word == "--bind":
            bind = words.pop(0)
        else:
            module = word
    name, _, application = module.partition(":")
    stand_in_server.serve(getattr(importlib.import_module(name), application or "application"), bind.rpartition(":")[2])
