"""The pages of evaluations, and whom each is open to."""

from app.access import Audience

ROUTES = [
    ("GET", "/enrolments/<int:id>/evaluation", Audience.SIGNED_IN),
    ("POST", "/enrolments/<int:id>/evaluation", Audience.SIGNED_IN),
    ("GET", "/speak/<token>/evaluation", Audience.EVERYONE),
    ("GET", "/desk/activities/<int:id>/evaluation", Audience.ADMINISTRATOR),
    ("POST", "/desk/activities/<int:id>/evaluation", Audience.ADMINISTRATOR),
    ("POST", "/desk/activities/<int:id>/evaluation/days", Audience.ADMINISTRATOR),
    ("POST", "/desk/activities/<int:id>/evaluation/template", Audience.ADMINISTRATOR),
    ("GET", "/desk/activities/<int:id>/evaluation/items/new", Audience.ADMINISTRATOR),
    ("POST", "/desk/activities/<int:id>/evaluation/items/new", Audience.ADMINISTRATOR),
    ("GET", "/desk/evaluation-items/<int:id>", Audience.ADMINISTRATOR),
    ("POST", "/desk/evaluation-items/<int:id>", Audience.ADMINISTRATOR),
    ("POST", "/desk/evaluation-items/<int:id>/move", Audience.ADMINISTRATOR),
    ("POST", "/desk/evaluation-items/<int:id>/removal", Audience.ADMINISTRATOR),
    ("GET", "/desk/activities/<int:id>/evaluation/preview", Audience.ADMINISTRATOR),
    ("GET", "/desk/activities/<int:id>/evaluation/report", Audience.ADMINISTRATOR),
    ("GET", "/desk/activities/<int:id>/evaluation/report.csv", Audience.ADMINISTRATOR),
    ("GET", "/desk/activities/<int:id>/evaluation/missing", Audience.ADMINISTRATOR),
    (
        "GET",
        "/desk/activities/<int:id>/evaluation/missing/<int:enrolment_id>",
        Audience.ADMINISTRATOR,
    ),
    (
        "POST",
        "/desk/activities/<int:id>/evaluation/missing/<int:enrolment_id>",
        Audience.ADMINISTRATOR,
    ),
]
