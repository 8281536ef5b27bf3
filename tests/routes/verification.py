"""Verification: open to everyone, without signing in; tables and keys to whoever has an account."""

from app.access import Audience

ROUTES = [
    ("GET", "/verify", Audience.EVERYONE),
    ("POST", "/verify", Audience.EVERYONE),
    ("POST", "/verify/file", Audience.EVERYONE),
    ("GET", "/v/<serial>", Audience.EVERYONE),
    ("GET", "/v/<serial>/name", Audience.EVERYONE),
    ("POST", "/v/<serial>/name", Audience.EVERYONE),
    ("GET", "/v/<serial>/widget", Audience.EVERYONE),
    ("GET", "/v/<serial>/mark.svg", Audience.EVERYONE),
    ("GET", "/v/<serial>/embed", Audience.EVERYONE),
    ("GET", "/verify/many", Audience.SIGNED_IN),
    ("POST", "/verify/many", Audience.SIGNED_IN),
    ("GET", "/verify/frame/<code>", Audience.EVERYONE),
    ("GET", "/verify/embed/<code>", Audience.EVERYONE),
    ("GET", "/verify/by-other-means", Audience.EVERYONE),
    ("GET", "/trust.json", Audience.EVERYONE),
    ("GET", "/my/api-keys", Audience.SIGNED_IN),
    ("POST", "/my/api-keys", Audience.SIGNED_IN),
    ("POST", "/my/api-keys/<int:id>/withdrawal", Audience.SIGNED_IN),
    ("GET", "/desk/api-keys", Audience.PLATFORM),
    ("POST", "/desk/api-keys/<int:id>/withdrawal", Audience.PLATFORM),
    ("GET", "/api/v1/verify/<serial>", Audience.EVERYONE),
    ("POST", "/api/v1/verify/file", Audience.EVERYONE),
    ("POST", "/api/v1/verify/many", Audience.EVERYONE),
]
