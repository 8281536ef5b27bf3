"""Whom the pages of the journal are open to."""

from app.access import Audience

ROUTES = [
    ("GET", "/desk/journal", Audience.AUDITOR),
    ("GET", "/desk/journal/<int:id>", Audience.AUDITOR),
]
