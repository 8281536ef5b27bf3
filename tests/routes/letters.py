"""The pages of letters, and whom each is open to."""

from app.access import Audience

ROUTES = [
    ("GET", "/desk/activities/<int:id>/letters", Audience.ADMINISTRATOR),
    ("GET", "/desk/activities/<int:id>/letters/new", Audience.ADMINISTRATOR),
    ("POST", "/desk/activities/<int:id>/letters/new", Audience.ADMINISTRATOR),
    ("GET", "/desk/activities/<int:id>/letters/<int:letter_id>", Audience.ADMINISTRATOR),
    ("GET", "/desk/activities/<int:id>/letters/<int:letter_id>/preview/<int:number>",
     Audience.ADMINISTRATOR),
    ("GET", "/desk/activities/<int:id>/letters/<int:letter_id>/text", Audience.ADMINISTRATOR),
    ("POST", "/desk/activities/<int:id>/letters/<int:letter_id>/text", Audience.ADMINISTRATOR),
    ("POST", "/desk/activities/<int:id>/letters/<int:letter_id>/sending", Audience.ADMINISTRATOR),
    ("POST", "/desk/activities/<int:id>/letters/<int:letter_id>/withdrawal",
     Audience.ADMINISTRATOR),
]  # fmt: skip
