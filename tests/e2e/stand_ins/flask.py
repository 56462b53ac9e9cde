"""Stand-in with the shape of Flask that the examples use."""
import stand_in_server


class Flask:
    def __init__(self, name):
        self.routes = {}

    def route(self, path):
        return lambda function: self.routes.setdefault(path, function)

    def __call__(self, environ, start_response):
        body = self.routes[environ["PATH_INFO"]]().encode()
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    def run(self, host, port):
        stand_in_server.serve(self, port)
