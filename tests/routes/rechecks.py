"""Rechecks: whom each route is open to."""

from app.access import Audience

ROUTES = [
    ("GET", "/desk/rechecks", Audience.AUDITOR),
    ("POST", "/desk/rechecks/rounds", Audience.AUDITOR),
    ("GET", "/desk/rechecks/findings/<int:id>/settlement", Audience.PLATFORM),
    ("POST", "/desk/rechecks/findings/<int:id>/settlement", Audience.PLATFORM),
]
