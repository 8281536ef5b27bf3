"""Whom each page of the room is open to."""

from app.access import Audience

ROUTES = [
    ("GET", "/courses/<int:id>", Audience.SIGNED_IN),
    ("GET", "/courses/<int:id>/lessons/<int:position>", Audience.SIGNED_IN),
    ("GET", "/desk/activities/<int:id>/lessons", Audience.ADMINISTRATOR),
    ("GET", "/desk/activities/<int:id>/lessons/new", Audience.ADMINISTRATOR),
    ("POST", "/desk/activities/<int:id>/lessons/new", Audience.ADMINISTRATOR),
    ("GET", "/desk/lessons/<int:id>", Audience.ADMINISTRATOR),
    ("POST", "/desk/lessons/<int:id>", Audience.ADMINISTRATOR),
    ("POST", "/desk/lessons/<int:id>/position", Audience.ADMINISTRATOR),
    ("POST", "/desk/lessons/<int:id>/removal", Audience.ADMINISTRATOR),
]
