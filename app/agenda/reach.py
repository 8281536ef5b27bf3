"""Whoever holds the link to a speaker's page is taken for the speaker."""

from __future__ import annotations

from flask import abort, make_response, render_template, request
from werkzeug.wrappers import Response

from app import db
from app.agenda import profiles
from app.agenda.speakers import Speaker
from app.clock import now
from app.files import digest_of
from app.limits import Limit, guard

SENDING = Limit("speak.sending", 30, 20)
"""Forms sent from one personal page."""


def speaker_of(token: str) -> Speaker:
    """The speaker whose link this is; a link that is no longer good says so."""
    found = profiles.of_token(db.db.session, token, at=now())
    return found or abort(make_response(render_template("agenda/speak_closed.html"), 410))


def count(token: str) -> None:
    """Not more forms than a person sends. Call it before anything else."""
    if request.method == "POST":
        guard((SENDING, digest_of(token.encode())))


def keep_secret(answer: Response) -> Response:
    """The address of the page is its key: no other site and no search engine learns it."""
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    return answer
