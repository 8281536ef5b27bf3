"""The pages of reminders, and whom each is open to."""

from app.access import Audience

ROUTES = [
    ("GET", "/my/reminders", Audience.SIGNED_IN),
    ("POST", "/my/reminders", Audience.SIGNED_IN),
    ("GET", "/reminders/stop/<token>", Audience.EVERYONE),
    ("POST", "/reminders/stop/<token>", Audience.EVERYONE),
]
