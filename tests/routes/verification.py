"""Verification: open to everyone, without signing in."""

from app.access import Audience

ROUTES = [
    ("GET", "/verify", Audience.EVERYONE),
    ("POST", "/verify", Audience.EVERYONE),
    ("POST", "/verify/file", Audience.EVERYONE),
    ("GET", "/v/<serial>", Audience.EVERYONE),
    ("GET", "/v/<serial>/name", Audience.EVERYONE),
    ("POST", "/v/<serial>/name", Audience.EVERYONE),
]
