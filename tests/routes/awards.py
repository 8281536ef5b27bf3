"""The addresses of award lists, and whom each is open to."""

from app.access import Audience

ROUTES = [
    ("GET", "/desk/awards", Audience.OFFICER),
    ("GET", "/desk/awards/editions/<int:id>", Audience.OFFICER),
    ("POST", "/desk/awards/editions/<int:id>", Audience.OFFICER),
    ("GET", "/desk/awards/<int:id>", Audience.OFFICER),
    ("GET", "/desk/awards/<int:id>/content", Audience.OFFICER),
    ("POST", "/desk/awards/<int:id>/freezing", Audience.OFFICER),
    ("POST", "/desk/awards/<int:id>/reopening", Audience.OFFICER),
    ("POST", "/desk/awards/<int:id>/approvals", Audience.OFFICER),
    ("GET", "/desk/awards/<int:id>/awards/<int:award_id>/strike", Audience.OFFICER),
    ("POST", "/desk/awards/<int:id>/awards/<int:award_id>/strike", Audience.OFFICER),
]
