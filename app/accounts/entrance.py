"""Coming in and going out in this browser: the cookie, what survives it, and where to go on.

Of the cookie before nothing survives, so that nobody can prepare one for someone else; what the
person came for has been read by then.
"""

from __future__ import annotations

import logging
from datetime import datetime

import flask
from flask import Flask, Response, flash, g, redirect, request
from flask_login import login_user, logout_user
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response as AnyResponse

from app import db
from app.access import current_session
from app.accounts import sessions
from app.accounts.arrival import carry_out, intent_here
from app.accounts.models import SEEN_EVERY, SESSION_LIFE, Person
from app.clock import now
from app.limits import from_here
from app.web import SAFE

log = logging.getLogger("confer")


def enter(
    person: Person, *, at: datetime, go_on: str, intent: str = "", words: str = ""
) -> AnyResponse:
    """Sign a person in here, greet them, do what they came for, and send them on."""
    intent = intent_here() or intent
    leave(at=at)
    begun = sessions.start(
        db.db.session, person, at=at, browser=request.user_agent.string, origin=from_here()
    )
    db.db.session.flush()
    flask.session.permanent = True
    login_user(begun)
    g.pop("offices", None)
    if words:
        flash(words, "good")
    arrived = carry_out(db.db.session, intent, person, at)
    if arrived is None:
        return redirect(go_on, 303)
    flash(arrived.message, "good" if arrived.url else "warn")
    return redirect(arrived.url or go_on, 303)


def leave(*, at: datetime) -> None:
    """End this browser's session, if it has one, and forget everything in its cookie."""
    before = current_session()
    if before is not None:
        sessions.end(db.db.session, before, by=before.person, at=at)
    logout_user()
    flask.session.clear()


def note_use(response: Response) -> Response:
    """Note, every few minutes, that this session is in use. A page never fails for it."""
    if request.method not in SAFE or "_login_user" not in g:
        return response
    row, at = current_session(), now()
    if row is None or row.seen_at > at - SEEN_EVERY:
        return response
    session_id = row.id
    db.breathe(db.db.session)
    try:
        with db.writing() as session:
            sessions.see(session, session_id, at=at)
    except OperationalError as busy:
        log.warning("the use of a session was not noted: %s", busy.__class__.__name__)
    return response


def init_app(app: Flask) -> None:
    app.config.update(
        PERMANENT_SESSION_LIFETIME=SESSION_LIFE,
        SESSION_REFRESH_EACH_REQUEST=False,
    )
    app.after_request(note_use)
