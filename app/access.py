"""Who may open a view, and who is asking.

Access has two steps. *Audience*: every view says whom it is open to, and the application refuses to
start with one that does not. *Reach*: a record is loaded through a select that starts from the
person; outside one's reach it does not exist (404).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, ParamSpec, TypeVar, cast

from flask import Flask, abort, g, has_request_context, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import LoginManager, current_user
from sqlalchemy import Date, Select, and_, bindparam
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from app.accounts.models import Person
from app.accounts.models import Session as SignedInSession
from app.clock import now, today
from app.db import db, will_write
from app.societies.models import OFFICERS, Mandate, Office

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

login = LoginManager()


class Audience(StrEnum):
    """Whom a view is open to. The rest is a matter of reach."""

    EVERYONE = "everyone"
    SIGNED_IN = "signed in"
    ADMINISTRATOR = "course administrators"
    OFFICER = "education officers and presidents"
    PUBLISHER = "education officers, presidents and platform administrators"
    OVERSEER = "education officers, presidents, auditors and platform administrators"
    STAFF = "anyone with a mandate"
    AUDITOR = "auditors"
    PLATFORM = "platform administrators"


OFFICES: dict[Audience, frozenset[Office]] = {
    Audience.ADMINISTRATOR: frozenset({Office.COURSE_ADMINISTRATOR}),
    Audience.OFFICER: frozenset(OFFICERS),
    Audience.PUBLISHER: frozenset({*OFFICERS, Office.PLATFORM_ADMINISTRATOR}),
    Audience.OVERSEER: frozenset(Office) - {Office.COURSE_ADMINISTRATOR},
    Audience.STAFF: frozenset(Office),
    Audience.AUDITOR: frozenset({Office.AUDITOR, Office.PLATFORM_ADMINISTRATOR}),
    Audience.PLATFORM: frozenset({Office.PLATFORM_ADMINISTRATOR}),
}


def open_to(audience: Audience) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a view's audience."""

    def declare(view: Callable[P, R]) -> Callable[P, R]:
        cast(Any, view).audience = audience
        return view

    return declare


def audience_of(app: Flask, endpoint: str) -> Audience | None:
    return cast("Audience | None", getattr(app.view_functions[endpoint], "audience", None))


def current_person() -> Person:
    """The person who is signed in: the real object, never a proxy."""
    person = me()
    if person is None:
        abort(401)
    return person


def me() -> Person | None:
    """The person who is signed in, or nobody."""
    session = current_session()
    return session.person if session else None


def current_session() -> SignedInSession | None:
    if not has_request_context():
        return None
    user = current_user._get_current_object()
    return user if isinstance(user, SignedInSession) else None


def offices() -> Sequence[Mandate]:
    """The person's mandates in force today, read at the moment of the act."""
    person = me()  # reads the offices along with the session
    if "offices" not in g:
        g.offices = (
            db.session.scalars(Mandate.in_force_for(person, on=today())).all() if person else []
        )
    return cast(Sequence[Mandate], g.offices)


def society_ids(*which: Office) -> list[int]:
    """The societies in which the person holds one of these offices today."""
    return [m.society_id for m in offices() if m.office in which and m.society_id is not None]


def is_platform_administrator() -> bool:
    return any(m.office is Office.PLATFORM_ADMINISTRATOR for m in offices())


def one_or_404(select: Select[T], **values: object) -> T:
    """The one record within reach, or 404; the values fill in a statement that was built before."""
    found = db.session.scalars(select, values).unique().one_or_none()
    if found is None:
        abort(404)
    return found


def admits(audience: Audience) -> bool:
    if audience is Audience.EVERYONE:
        return True
    if audience is Audience.SIGNED_IN:
        return me() is not None
    return any(mandate.office in OFFICES[audience] for mandate in offices())


def _gate() -> Response | None:
    """Before every view: let in its audience, send strangers to sign in, refuse the rest.

    Who is asking is read before a request that may write queues up as a writer.
    """
    if request.endpoint is None:
        return None
    audience = _audiences()[request.endpoint]
    if admits(audience):
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            me()
            will_write(db.session)
        return None
    if me() is not None:
        abort(403)
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    abort(401, description=_("Please sign in first."))


def may_open(endpoint: str) -> bool:
    """Whether the person belongs to a view's audience: what navigation shows."""
    audience = _audiences().get(endpoint)
    return audience is not None and admits(audience)


def _audiences() -> dict[str, Audience]:
    from flask import current_app

    return cast("dict[str, Audience]", current_app.extensions["audiences"])


_WHO_ASKS = (
    SignedInSession.living()
    .add_columns(Mandate)
    .outerjoin(
        Mandate,
        and_(
            Mandate.person_id == SignedInSession.person_id,
            Mandate.holds(on=bindparam("today", type_=Date)),
        ),
    )
    .options(joinedload(Mandate.society))
    .order_by(Mandate.id)
)


@login.user_loader
def _load(token: str) -> SignedInSession | None:
    """Who asks and what they hold, in one statement: every page of a signed-in person needs it."""
    values = {**SignedInSession.sought(token, at=now()), "today": today()}
    rows = db.session.execute(_WHO_ASKS, values).all()
    g.offices = [mandate for _row, mandate in rows if mandate is not None]
    return rows[0][0] if rows else None


def init_app(app: Flask) -> None:
    """Refuse to start with a view that does not say whom it is open to."""
    undeclared = [e for e in app.view_functions if audience_of(app, e) is None]
    if undeclared:
        raise RuntimeError(f"views without an audience: {', '.join(sorted(undeclared))}")
    app.extensions["audiences"] = {e: audience_of(app, e) for e in app.view_functions}
    login.session_protection = None
    login.init_app(app)
    app.before_request(_gate)
    app.jinja_env.globals.update(
        is_platform_administrator=is_platform_administrator,
        admits=admits,
        may_open=may_open,
        Audience=Audience,
    )
    app.context_processor(
        lambda: {"me": me(), "offices": offices(), "is_platform_admin": is_platform_administrator()}
    )
