"""The pages of attendance, and whom each is open to."""

from app.access import Audience

ROUTES = [
    ("GET", "/desk/activities/<int:id>/presence", Audience.ADMINISTRATOR),
    ("GET", "/desk/activities/<int:id>/presence/report", Audience.ADMINISTRATOR),
    ("POST", "/desk/activities/<int:id>/presence/report", Audience.ADMINISTRATOR),
    (
        "POST",
        "/desk/activities/<int:id>/presence/report/<int:report_id>/withdrawal",
        Audience.ADMINISTRATOR,
    ),
    ("GET", "/desk/activities/<int:id>/presence/<int:participant_id>", Audience.ADMINISTRATOR),
    ("POST", "/desk/activities/<int:id>/presence/<int:participant_id>", Audience.ADMINISTRATOR),
]  # fmt: skip
