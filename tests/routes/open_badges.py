"""Joint credentials: what machines read is open to everyone."""

from app.access import Audience

ROUTES = [
    ("GET", "/schemes/<code>/did.json", Audience.EVERYONE),
    ("GET", "/societies/<code>/did.json", Audience.EVERYONE),
    ("GET", "/schemes/<code>/status/<purpose>/<int:number>", Audience.EVERYONE),
    ("GET", "/schemes/<code>/endorsements/<int:id>", Audience.EVERYONE),
    ("GET", "/schemes/<code>/badge.<form>", Audience.EVERYONE),
    ("GET", "/v/<serial>/credential.json", Audience.EVERYONE),
    ("GET", "/v/<serial>/credential.jwt", Audience.EVERYONE),
    ("GET", "/v/<serial>/badge.<form>", Audience.EVERYONE),
    ("GET", "/my/certificates/<serial>/europass.json", Audience.SIGNED_IN),
    ("GET", "/desk/endorsements", Audience.OFFICER),
    ("GET", "/desk/endorsements/editions/<int:id>", Audience.OFFICER),
    ("POST", "/desk/endorsements/editions/<int:id>", Audience.OFFICER),
    ("GET", "/desk/endorsements/<int:id>/withdrawal", Audience.OFFICER),
    ("POST", "/desk/endorsements/<int:id>/withdrawal", Audience.OFFICER),
]
