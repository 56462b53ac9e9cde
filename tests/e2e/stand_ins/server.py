"""Stand-in of a web server: answers requests on a port for a few seconds after the first."""
import wsgiref.simple_server


class Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


def serve(application, port):
    server = wsgiref.simple_server.make_server("127.0.0.1", int(port), application, handler_class=Quiet)
    server.timeout = 60
    server.handle_request()
