"""The pages of designs and marks, and whom each is open to."""

from app.access import Audience

OWNER = "/desk/designs/<any(schemes, societies):kind>/<code>"
ROUTES = [
    ("GET", "/desk/designs", Audience.OFFICER),
    ("GET", "/desk/designs/sheets/<sheet>.png", Audience.OFFICER),
    ("GET", OWNER, Audience.OFFICER),
    ("POST", OWNER, Audience.OFFICER),
    ("POST", f"{OWNER}/preview", Audience.OFFICER),
    ("POST", f"{OWNER}/preview.pdf", Audience.OFFICER),
    ("GET", f"{OWNER}/publication", Audience.OFFICER),
    ("POST", f"{OWNER}/publication", Audience.OFFICER),
    ("GET", "/desk/designs/versions/<int:id>", Audience.OFFICER),
    ("GET", "/desk/designs/versions/<int:id>.png", Audience.OFFICER),
    ("GET", "/desk/designs/versions/<int:id>.pdf", Audience.OFFICER),
    ("GET", "/desk/societies/<code>/mark", Audience.OFFICER),
    ("POST", "/desk/societies/<code>/mark", Audience.OFFICER),
    ("GET", "/marks/<digest>", Audience.EVERYONE),
]
