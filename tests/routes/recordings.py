"""The pages of recordings, and whom each is open to."""

from app.access import Audience

ROUTES = [
    ("GET", "/desk/activities/<int:id>/recording", Audience.ADMINISTRATOR),
    ("POST", "/desk/activities/<int:id>/recording", Audience.ADMINISTRATOR),
    ("GET", "/desk/activities/<int:id>/recording/found", Audience.ADMINISTRATOR),
]
