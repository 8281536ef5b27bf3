"""The pages of settling presence, and whom each is open to."""

from app.access import Audience

ROUTES = [
    ("GET", "/desk/activities/<int:id>/settlement", Audience.ADMINISTRATOR),
    ("POST", "/desk/activities/<int:id>/settlement", Audience.ADMINISTRATOR),
]
