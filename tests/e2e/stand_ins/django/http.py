"""Stand-in with the shape of Django that the example uses."""


class HttpResponse:
    def __init__(self, text):
        self.body = text.encode()
