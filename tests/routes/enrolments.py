"""The pages of enrolments, and whom each is open to."""

from app.access import Audience

ROUTES = [
    ("POST", "/agenda/<int:id>/enrolment", Audience.EVERYONE),
    ("GET", "/agenda/<int:id>/enrolment", Audience.EVERYONE),
    ("GET", "/my/enrolments", Audience.SIGNED_IN),
    ("GET", "/enrolments/<int:id>", Audience.SIGNED_IN),
    ("GET", "/enrolments/<int:id>/withdrawal", Audience.SIGNED_IN),
    ("POST", "/enrolments/<int:id>/withdrawal", Audience.SIGNED_IN),
    ("POST", "/enrolments/<int:id>/answer", Audience.SIGNED_IN),
    ("GET", "/enrolments/<int:id>/calendar.ics", Audience.SIGNED_IN),
    ("GET", "/desk/activities/<int:id>/participants", Audience.ADMINISTRATOR),
    ("GET", "/desk/activities/<int:id>/participants.csv", Audience.ADMINISTRATOR),
    ("POST", "/desk/activities/<int:id>/capacity", Audience.ADMINISTRATOR),
    ("GET", "/enrolments/<int:id>/material/<int:material_id>", Audience.SIGNED_IN),
]
