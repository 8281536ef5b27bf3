"""Signing keys at the desk."""

from app.access import Audience

_READ = [("GET", f"/desk/keys{rule}", Audience.OVERSEER) for rule in (
    "", "/<int:id>", "/<int:id>/certificates.pem", "/<int:id>/request.pem",
)]  # fmt: skip
_FILLED = [
    (method, f"/desk/keys{rule}", Audience.PUBLISHER)
    for method in ("GET", "POST")
    for rule in (
        "/new/<code>", "/new/<code>/token", "/new/<code>/elsewhere", "/<int:id>/certificates",
        "/<int:id>/retirement", "/<int:id>/compromise",
    )
]  # fmt: skip
_PRESSED = [
    ("POST", f"/desk/keys/<int:id>/{act}", Audience.PUBLISHER)
    for act in ("succession", "request", "force", "confirmation")
]
ROUTES = [*_READ, *_FILLED, *_PRESSED]
