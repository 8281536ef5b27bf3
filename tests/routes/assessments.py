"""Whom each page of the room is open to."""

from app.access import Audience

ROUTES = [
    ("POST", "/courses/<int:id>/sittings", Audience.SIGNED_IN),
    ("GET", "/sittings/<int:id>", Audience.SIGNED_IN),
    ("GET", "/desk/activities/<int:id>/test", Audience.ADMINISTRATOR),
    ("POST", "/desk/activities/<int:id>/test", Audience.ADMINISTRATOR),
    ("GET", "/desk/activities/<int:id>/questions/new", Audience.ADMINISTRATOR),
    ("POST", "/desk/activities/<int:id>/questions/new", Audience.ADMINISTRATOR),
    ("GET", "/desk/questions/<int:id>", Audience.ADMINISTRATOR),
    ("POST", "/desk/questions/<int:id>", Audience.ADMINISTRATOR),
    ("POST", "/desk/questions/<int:id>/retirement", Audience.ADMINISTRATOR),
]
