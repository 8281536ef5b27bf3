"""Meetings: the door for learners, the desk, the addresses that platforms call."""

from app.access import Audience

ROUTES = [
    ("GET", "/join/<token>", Audience.EVERYONE),
    ("POST", "/join/<token>", Audience.EVERYONE),
    ("GET", "/join/<token>/room", Audience.EVERYONE),
    ("GET", "/enrolments/<int:id>/joining", Audience.SIGNED_IN),
    ("POST", "/enrolments/<int:id>/joining", Audience.SIGNED_IN),
    ("GET", "/enrolments/<int:id>/room", Audience.SIGNED_IN),
    ("GET", "/desk/platforms", Audience.ADMINISTRATOR),
    (
        "GET",
        "/desk/platforms/new/<any(bigbluebutton, zoom, teams):provider>",
        Audience.ADMINISTRATOR,
    ),
    (
        "POST",
        "/desk/platforms/new/<any(bigbluebutton, zoom, teams):provider>",
        Audience.ADMINISTRATOR,
    ),
    ("GET", "/desk/platforms/<int:id>", Audience.ADMINISTRATOR),
    ("GET", "/desk/platforms/<int:id>/change", Audience.ADMINISTRATOR),
    ("POST", "/desk/platforms/<int:id>/change", Audience.ADMINISTRATOR),
    ("POST", "/desk/platforms/<int:id>/trial", Audience.ADMINISTRATOR),
    ("POST", "/desk/platforms/<int:id>/retirement", Audience.ADMINISTRATOR),
    ("GET", "/desk/activities/<int:id>/meetings", Audience.ADMINISTRATOR),
    ("GET", "/desk/activities/<int:id>/meetings/<int:part>", Audience.ADMINISTRATOR),
    ("POST", "/desk/activities/<int:id>/meetings/<int:part>", Audience.ADMINISTRATOR),
    ("POST", "/desk/meetings/<int:id>/retry", Audience.ADMINISTRATOR),
    ("POST", "/desk/meetings/<int:id>/withdrawal", Audience.ADMINISTRATOR),
    ("POST", "/desk/meetings/<int:id>/report", Audience.ADMINISTRATOR),
    ("POST", "/desk/meetings/<int:id>/entrance", Audience.ADMINISTRATOR),
    ("POST", "/hooks/zoom/<token>", Audience.EVERYONE),
    ("POST", "/hooks/bbb/<token>/events/<key>", Audience.EVERYONE),
    ("POST", "/hooks/bbb/<token>/minutes", Audience.EVERYONE),
]
