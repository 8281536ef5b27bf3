"""The pages of attendance, and whom each is open to."""

from app.access import Audience

PRESENCE = "/desk/activities/<int:id>/presence"
CODES = "/desk/activities/<int:id>/codes"
ROUTES = [
    ("GET", PRESENCE, Audience.ADMINISTRATOR),
    ("GET", f"{PRESENCE}/report", Audience.ADMINISTRATOR),
    ("POST", f"{PRESENCE}/report", Audience.ADMINISTRATOR),
    ("POST", f"{PRESENCE}/report/told", Audience.ADMINISTRATOR),
    ("GET", f"{PRESENCE}/report/<int:report_id>/file", Audience.ADMINISTRATOR),
    ("POST", f"{PRESENCE}/report/<int:report_id>/withdrawal", Audience.ADMINISTRATOR),
    ("POST", f"{PRESENCE}/confirmations", Audience.ADMINISTRATOR),
    ("GET", f"{PRESENCE}/<int:participant_id>", Audience.ADMINISTRATOR),
    ("POST", f"{PRESENCE}/<int:participant_id>", Audience.ADMINISTRATOR),
    ("GET", f"{PRESENCE}/columns", Audience.ADMINISTRATOR),
    ("POST", f"{PRESENCE}/columns", Audience.ADMINISTRATOR),
    ("GET", "/desk/presence/remembered", Audience.ADMINISTRATOR),
    ("POST", "/desk/presence/columns/<int:id>/withdrawal", Audience.ADMINISTRATOR),
    ("POST", "/desk/presence/recognitions/<int:id>/withdrawal", Audience.ADMINISTRATOR),
    ("GET", CODES, Audience.ADMINISTRATOR),
    ("POST", f"{CODES}/schedule", Audience.ADMINISTRATOR),
    ("POST", f"{CODES}/now", Audience.ADMINISTRATOR),
    ("GET", f"{CODES}/screen", Audience.ADMINISTRATOR),
    ("POST", f"{CODES}/<int:check_id>/withdrawal", Audience.ADMINISTRATOR),
    ("GET", "/enrolments/<int:id>/presence", Audience.SIGNED_IN),
    ("GET", "/enrolments/<int:id>/code", Audience.SIGNED_IN),
    ("POST", "/enrolments/<int:id>/code", Audience.SIGNED_IN),
    ("GET", "/here/<token>", Audience.SIGNED_IN),
    ("POST", "/here/<token>", Audience.SIGNED_IN),
]  # fmt: skip
