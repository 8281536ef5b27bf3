"""Whom each page of the societies is open to."""

from app.access import Audience

ROUTES = [
    ("GET", "/societies", Audience.EVERYONE),
    ("GET", "/societies/<code>", Audience.EVERYONE),
    ("GET", "/societies/<code>.svg", Audience.EVERYONE),
    ("GET", "/societies.css", Audience.EVERYONE),
    ("GET", "/desk/societies", Audience.PLATFORM),
    ("GET", "/desk/societies/new", Audience.PLATFORM),
    ("POST", "/desk/societies/new", Audience.PLATFORM),
    ("GET", "/desk/societies/<code>", Audience.PLATFORM),
    ("POST", "/desk/societies/<code>", Audience.PLATFORM),
    ("GET", "/desk/societies/<code>/mandates", Audience.STAFF),
    ("GET", "/desk/societies/mandates/new", Audience.PLATFORM),
    ("POST", "/desk/societies/mandates/new", Audience.PLATFORM),
    ("GET", "/desk/societies/mandates/<int:id>/end", Audience.PLATFORM),
    ("POST", "/desk/societies/mandates/<int:id>/end", Audience.PLATFORM),
    ("GET", "/desk/societies/<code>/members", Audience.STAFF),
    ("POST", "/desk/societies/<code>/members", Audience.STAFF),
    ("POST", "/desk/societies/<code>/members/consent", Audience.STAFF),
]
