"""Certificates and diplomas: whom each route is open to."""

from app.access import Audience

ROUTES = [
    ("GET", "/my/certificates", Audience.SIGNED_IN),
    ("GET", "/my/certificates/<serial>", Audience.SIGNED_IN),
    ("GET", "/my/certificates/<serial>/file", Audience.SIGNED_IN),
    ("POST", "/my/certificates/<serial>/name", Audience.SIGNED_IN),
    ("POST", "/my/certificates/<serial>/correction", Audience.SIGNED_IN),
    ("GET", "/desk/credentials", Audience.STAFF),
    ("GET", "/desk/credentials/<serial>", Audience.STAFF),
    ("GET", "/desk/credentials/<serial>/revocation", Audience.STAFF),
    ("POST", "/desk/credentials/<serial>/revocation", Audience.STAFF),
    ("GET", "/desk/credentials/<serial>/suspension", Audience.STAFF),
    ("POST", "/desk/credentials/<serial>/suspension", Audience.STAFF),
    ("GET", "/desk/credentials/<serial>/reinstatement", Audience.STAFF),
    ("POST", "/desk/credentials/<serial>/reinstatement", Audience.STAFF),
    ("POST", "/desk/credentials/<serial>/attempt", Audience.STAFF),
    ("POST", "/desk/credentials/attempts", Audience.STAFF),
    ("POST", "/desk/credentials/in-doubt/<int:key_id>", Audience.OFFICER),
    ("POST", "/desk/credentials/<serial>/corrections/<int:id>/grant", Audience.STAFF),
    ("POST", "/desk/credentials/<serial>/corrections/<int:id>/decline", Audience.STAFF),
]
