"""Whom the pages of the accounts are open to."""

from app.access import Audience

ROUTES = [
    ("GET", "/sign-up", Audience.EVERYONE),
    ("POST", "/sign-up", Audience.EVERYONE),
    ("GET", "/sign-up/sent", Audience.EVERYONE),
    ("GET", "/sign-up/<token>", Audience.EVERYONE),
    ("POST", "/sign-up/<token>", Audience.EVERYONE),
    ("GET", "/sign-in", Audience.EVERYONE),
    ("POST", "/sign-in", Audience.EVERYONE),
    ("POST", "/sign-out", Audience.EVERYONE),
    ("GET", "/password/forgotten", Audience.EVERYONE),
    ("POST", "/password/forgotten", Audience.EVERYONE),
    ("GET", "/password/forgotten/sent", Audience.EVERYONE),
    ("GET", "/password/<token>", Audience.EVERYONE),
    ("POST", "/password/<token>", Audience.EVERYONE),
    ("GET", "/me", Audience.SIGNED_IN),
    ("POST", "/me", Audience.SIGNED_IN),
    ("GET", "/me/password", Audience.SIGNED_IN),
    ("POST", "/me/password", Audience.SIGNED_IN),
    ("GET", "/me/addresses", Audience.SIGNED_IN),
    ("POST", "/me/addresses", Audience.SIGNED_IN),
    ("GET", "/me/addresses/confirmation/<token>", Audience.SIGNED_IN),
    ("POST", "/me/addresses/confirmation/<token>", Audience.SIGNED_IN),
    ("POST", "/me/addresses/<int:id>/first", Audience.SIGNED_IN),
    ("POST", "/me/addresses/<int:id>/removal", Audience.SIGNED_IN),
    ("GET", "/me/sessions", Audience.SIGNED_IN),
    ("POST", "/me/sessions/<int:id>/end", Audience.SIGNED_IN),
    ("POST", "/me/sessions/others/end", Audience.SIGNED_IN),
]
