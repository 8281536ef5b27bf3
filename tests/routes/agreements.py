"""Whom each page of the agreements is open to."""

from app.access import Audience

ROUTES = [
    ("GET", "/agreements", Audience.EVERYONE),
    ("GET", "/agreements/<int:id>", Audience.EVERYONE),
    ("GET", "/desk/agreements/new", Audience.PLATFORM),
    ("POST", "/desk/agreements/new", Audience.PLATFORM),
    ("GET", "/desk/agreements/<int:id>/termination", Audience.PLATFORM),
    ("POST", "/desk/agreements/<int:id>/termination", Audience.PLATFORM),
]
