"""Answers one HTTP request on PORT with the version of greeter, and ends; ends by itself after a minute."""
import http.server
import os

import greeter


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = f"greeter {greeter.__version__} for uid {os.getuid()}\n".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


server = http.server.HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Answer)
server.timeout = 60
server.handle_request()
