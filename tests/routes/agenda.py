"""Whom each page of the agenda is open to."""

from app.access import Audience

ROUTES = [
    ("GET", "/agenda", Audience.EVERYONE),
    ("GET", "/agenda/month/", Audience.EVERYONE),
    ("GET", "/agenda/month/<month>", Audience.EVERYONE),
    ("GET", "/agenda/<int:id>", Audience.EVERYONE),
    ("GET", "/agenda/<int:id>.ics", Audience.EVERYONE),
    ("GET", "/agenda/feed.ics", Audience.EVERYONE),
    ("GET", "/zone", Audience.EVERYONE),
    ("POST", "/zone", Audience.EVERYONE),
    ("GET", "/desk/activities", Audience.ADMINISTRATOR),
    ("GET", "/desk/activities/new/<any(webinar, course):kind>", Audience.ADMINISTRATOR),
    ("POST", "/desk/activities/new/<any(webinar, course):kind>", Audience.ADMINISTRATOR),
    ("GET", "/desk/activities/<int:id>", Audience.ADMINISTRATOR),
    ("GET", "/desk/activities/<int:id>/preview", Audience.ADMINISTRATOR),
    ("GET", "/desk/activities/<int:id>/plan", Audience.ADMINISTRATOR),
    ("POST", "/desk/activities/<int:id>/plan", Audience.ADMINISTRATOR),
    ("GET", "/desk/activities/<int:id>/texts", Audience.ADMINISTRATOR),
    ("POST", "/desk/activities/<int:id>/texts", Audience.ADMINISTRATOR),
    ("POST", "/desk/activities/<int:id>/announcement", Audience.ADMINISTRATOR),
]
