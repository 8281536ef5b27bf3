"""Pages that compose the rooms, our own files, and the signs of life."""

from app.access import Audience

ROUTES = [
    ("GET", "/", Audience.EVERYONE),
    ("GET", "/desk", Audience.STAFF),
    ("GET", "/healthz", Audience.EVERYONE),
    ("GET", "/readyz", Audience.EVERYONE),
    ("GET", "/style", Audience.EVERYONE),
    ("GET", "/static/<digest>/<path:path>", Audience.EVERYONE),
    ("GET", "/favicon.ico", Audience.EVERYONE),
]
