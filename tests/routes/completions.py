"""Whom each page of the room is open to."""

from app.access import Audience

ROUTES = [
    ("POST", "/lessons/<int:id>/completion", Audience.SIGNED_IN),
    ("POST", "/sittings/<int:id>/grading", Audience.SIGNED_IN),
    ("POST", "/courses/<int:id>/completion", Audience.SIGNED_IN),
    ("GET", "/desk/activities/<int:id>/learners", Audience.ADMINISTRATOR),
]
