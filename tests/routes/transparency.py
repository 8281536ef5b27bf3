"""The log: whom each route is open to."""

from app.access import Audience

ROUTES = [
    ("GET", "/log", Audience.EVERYONE),
    ("GET", "/log/head", Audience.EVERYONE),
    ("GET", "/log/heads/<int:size>", Audience.EVERYONE),
    ("GET", "/log/heads/<int:size>/growth", Audience.EVERYONE),
    ("GET", "/log/entries", Audience.EVERYONE),
    ("GET", "/log/consistency", Audience.EVERYONE),
    ("GET", "/log/proof/<serial>", Audience.EVERYONE),
    ("GET", "/desk/log", Audience.OFFICER),
    ("POST", "/desk/log/<int:size>/countersignature", Audience.OFFICER),
    ("GET", "/desk/log/<int:size>/signature", Audience.OFFICER),
    ("POST", "/desk/log/<int:size>/signature", Audience.OFFICER),
    ("GET", "/desk/log/<int:size>/text", Audience.OFFICER),
]
