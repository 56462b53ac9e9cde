"""Stand-in with the shape of uWSGI's command that the examples use."""
import os
import runpy
import sys

import stand_in_server


def run():
    sys.path.insert(0, os.getcwd())
    words = sys.argv[1:]
    port = words[words.index("--http-socket") + 1].rpartition(":")[2]
    stand_in_server.serve(runpy.run_path(words[words.index("--wsgi-file") + 1])["application"], port)
