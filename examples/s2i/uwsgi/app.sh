#!/bin/sh
exec uwsgi --http-socket "0.0.0.0:${PORT:-8080}" --wsgi-file wsgi.py --master
