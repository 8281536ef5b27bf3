"""The pages of schemes, and whom each is open to."""

from app.access import Audience

ROUTES = [
    ("GET", "/certificates", Audience.EVERYONE),
    ("GET", "/certificates/<code>", Audience.EVERYONE),
    ("POST", "/certificates/<code>/candidacy", Audience.SIGNED_IN),
    ("GET", "/desk/schemes", Audience.STAFF),
    ("GET", "/desk/schemes/new", Audience.STAFF),
    ("POST", "/desk/schemes/new", Audience.STAFF),
    ("GET", "/desk/schemes/<code>/editions/new", Audience.STAFF),
    ("POST", "/desk/schemes/<code>/editions/new", Audience.STAFF),
    ("GET", "/desk/schemes/<code>/editions/<int:id>", Audience.STAFF),
    ("POST", "/desk/schemes/<code>/editions/<int:id>", Audience.STAFF),
]
