"""The pages of contests, and whom each is open to."""

from app.access import Audience

ROUTES = [
    ("GET", "/enrolments/<int:id>/contest", Audience.SIGNED_IN),
    ("POST", "/enrolments/<int:id>/contest", Audience.SIGNED_IN),
    ("GET", "/desk/activities/<int:id>/contests", Audience.ADMINISTRATOR),
    ("GET", "/desk/activities/<int:id>/contests/<int:contest_id>", Audience.ADMINISTRATOR),
    ("POST", "/desk/activities/<int:id>/contests/<int:contest_id>", Audience.ADMINISTRATOR),
    ("GET", "/desk/activities/<int:id>/contests/<int:contest_id>/evidence", Audience.ADMINISTRATOR),
]
