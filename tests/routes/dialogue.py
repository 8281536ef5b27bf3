"""The pages of questions and polls, and whom each is open to."""

from app.access import Audience

ROUTES = [
    ("GET", "/agenda/<int:id>/questions", Audience.SIGNED_IN),
    ("POST", "/agenda/<int:id>/questions", Audience.SIGNED_IN),
    ("GET", "/agenda/<int:id>/questions/now", Audience.SIGNED_IN),
    ("POST", "/questions/<int:id>/vote", Audience.SIGNED_IN),
    ("POST", "/questions/<int:id>/vote/withdrawal", Audience.SIGNED_IN),
    ("GET", "/polls/<int:id>", Audience.SIGNED_IN),
    ("POST", "/polls/<int:id>", Audience.SIGNED_IN),
    ("GET", "/polls/<int:id>/results", Audience.SIGNED_IN),
    ("GET", "/desk/activities/<int:id>/questions", Audience.SIGNED_IN),
    ("GET", "/desk/floor/<int:id>/hiding", Audience.SIGNED_IN),
    ("POST", "/desk/floor/<int:id>/hiding", Audience.SIGNED_IN),
    ("POST", "/desk/floor/<int:id>/showing", Audience.SIGNED_IN),
    ("GET", "/desk/floor/<int:id>/reply", Audience.SIGNED_IN),
    ("POST", "/desk/floor/<int:id>/reply", Audience.SIGNED_IN),
    ("GET", "/desk/activities/<int:id>/polls", Audience.ADMINISTRATOR),
    ("GET", "/desk/activities/<int:id>/polls/new", Audience.ADMINISTRATOR),
    ("POST", "/desk/activities/<int:id>/polls/new", Audience.ADMINISTRATOR),
    ("GET", "/desk/polls/<int:id>", Audience.ADMINISTRATOR),
    ("POST", "/desk/polls/<int:id>", Audience.ADMINISTRATOR),
    ("POST", "/desk/polls/<int:id>/opening", Audience.ADMINISTRATOR),
    ("POST", "/desk/polls/<int:id>/closing", Audience.ADMINISTRATOR),
    ("POST", "/desk/polls/<int:id>/removal", Audience.ADMINISTRATOR),
    ("GET", "/desk/polls/<int:id>/screen", Audience.ADMINISTRATOR),
]
