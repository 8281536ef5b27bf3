"""The figures and tables of a webinar, and whom they are open to."""

from app.access import Audience

ROUTES = [
    ("GET", "/desk/activities/<int:id>/figures", Audience.ADMINISTRATOR),
    ("GET", "/desk/activities/<int:id>/tables.xlsx", Audience.ADMINISTRATOR),
    ("GET", "/desk/activities/<int:id>/tables.zip", Audience.ADMINISTRATOR),
]
