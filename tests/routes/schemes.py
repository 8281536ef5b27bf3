"""The pages of schemes, and whom each is open to."""

from app.access import Audience

ROUTES = [
    ("GET", "/certificates", Audience.EVERYONE),
    ("GET", "/certificates/<code>", Audience.EVERYONE),
    ("GET", "/schemes", Audience.EVERYONE),
    ("GET", "/schemes/<code>", Audience.EVERYONE),
    ("POST", "/certificates/<code>/candidacy", Audience.SIGNED_IN),
    ("GET", "/desk/schemes", Audience.PUBLISHER),
    ("GET", "/desk/schemes/new", Audience.PUBLISHER),
    ("POST", "/desk/schemes/new", Audience.PUBLISHER),
    ("GET", "/desk/schemes/<code>/editions/new", Audience.PUBLISHER),
    ("POST", "/desk/schemes/<code>/editions/new", Audience.PUBLISHER),
    ("GET", "/desk/schemes/<code>/editions/<int:id>", Audience.PUBLISHER),
    ("POST", "/desk/schemes/<code>/editions/<int:id>", Audience.PUBLISHER),
    ("GET", "/desk/schemes/<code>/editions/<int:id>/annex", Audience.PUBLISHER),
    ("POST", "/desk/schemes/<code>/editions/<int:id>/annex", Audience.PUBLISHER),
]
