#!/usr/bin/env python3
"""A shared cache as a web server with WebDAV is one: cache_server.py DIRECTORY PORT-FILE [--no-mkcol]

GET, PUT, DELETE and MKCOL of names in one directory, PUT whole or not at all, If-None-Match: * honoured. Counts what it
was asked in DIRECTORY.log, one line each.
"""
import http.server
import os
import pathlib
import sys
import tempfile

root = pathlib.Path(sys.argv[1])
root.mkdir(exist_ok=True)
log = open(f"{root}.log", "a", buffering=1)


class Cache(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def place(self):
        return root / self.path.strip("/").replace("/", "_")

    def answer(self, status, body=b""):
        log.write(f"{self.command} {self.path} {status}\n")
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        try:
            self.answer(200, self.place().read_bytes())
        except OSError:
            self.answer(404)

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("If-None-Match") == "*":
            try:
                os.close(os.open(self.place(), os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                return self.answer(412)
        with tempfile.NamedTemporaryFile(dir=root, prefix=".", delete=False) as file:
            file.write(body)
        os.replace(file.name, self.place())
        self.answer(201)

    def do_DELETE(self):
        try:
            self.place().rmdir() if self.place().is_dir() else self.place().unlink()
            self.answer(204)
        except OSError:
            self.answer(404)

    def do_MKCOL(self):
        if "--no-mkcol" in sys.argv:
            return self.answer(405)
        try:
            self.place().mkdir()
            self.answer(201)
        except FileExistsError:
            self.answer(405)

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Cache)
server.daemon_threads = True
server.handle_error = lambda *arguments: None  # clients that were killed
pathlib.Path(sys.argv[2]).write_text(str(server.server_address[1]))
server.serve_forever()
