"""Whom the pages of the outbox are open to."""

from app.access import Audience

ROUTES = [
    ("GET", "/outbox", Audience.PLATFORM),
    ("GET", "/outbox/<int:id>", Audience.PLATFORM),
    ("GET", "/outbox/<int:id>/letter", Audience.PLATFORM),
    ("GET", "/outbox/<int:id>/attachments/<int:number>", Audience.PLATFORM),
    ("POST", "/outbox/<int:id>/again", Audience.PLATFORM),
]
