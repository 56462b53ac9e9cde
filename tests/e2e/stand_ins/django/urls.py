"""Stand-in with the shape of Django that the example uses."""


def path(route, view):
    return route, view
