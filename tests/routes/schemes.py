"""The pages of schemes, and whom each is open to."""

from app.access import Audience

ROUTES = [
    ("GET", "/certificates", Audience.EVERYONE),
    ("GET", "/certificates/<code>", Audience.EVERYONE),
    ("POST", "/certificates/<code>/candidacy", Audience.SIGNED_IN),
]
