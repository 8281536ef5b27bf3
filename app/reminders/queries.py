"""What is to be reminded of now, and who has not been yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import EmailAddress, Person
from app.agenda.changes import Rescheduling
from app.agenda.models import Activity, Announcement
from app.agenda.models import Kind as ActivityKind
from app.agenda.sessions import WebinarSession
from app.attendance.models import Settlement
from app.completions.awaiting import AwaitedEvaluation
from app.completions.models import Completion
from app.enrolments.models import Enrolment, Place
from app.reminders.kinds import BEFORE, LEAD, SENSE, UNSETTLED_AFTER, Kind, Round, stretch
from app.reminders.models import Reminder, Wish


def rounds(session: Session, *, at: datetime) -> list[Round]:
    """Everything that is due now, the nearest start first."""
    found = [one for kind in BEFORE for one in _before(session, kind, at)]
    found += [*_settled(session, at), *_unsettled(session, at)]
    return sorted(found, key=lambda one: (one.starts_at, one.activity_id, one.kind))


def _before(session: Session, kind: Kind, at: datetime) -> list[Round]:
    """The sessions of announced webinars whose reminder is due and makes sense.

    Moved after its moment, a webinar has been told of by another letter just now.
    """
    after, latest = stretch(kind, at)
    moved = (
        select(Rescheduling.activity_id, func.max(Rescheduling.at).label("at"))
        .group_by(Rescheduling.activity_id)
        .subquery()
    )
    siblings = (
        select(func.count())
        .where(WebinarSession.activity_id == Activity.id)
        .correlate(Activity)
        .scalar_subquery()
    )
    rows = session.execute(
        select(WebinarSession, siblings, moved.c.at)
        .join(Activity, Activity.id == WebinarSession.activity_id)
        .join(Announcement, Announcement.activity_id == Activity.id)
        .outerjoin(moved, moved.c.activity_id == Activity.id)
        .where(
            Activity.cancelled_at.is_(None),
            WebinarSession.starts_at > after,
            WebinarSession.starts_at <= latest,
        )
    )
    return [
        Round(
            kind, one.activity_id, one.starts_at, one.ends_at, one.starts_at - LEAD[kind],
            one.position, count,
        )
        for one, count, moved_at in rows
        if moved_at is None or moved_at <= one.starts_at - LEAD[kind]
    ]  # fmt: skip


def _over() -> Any:
    """Webinars that are over, with the moment of their settlement."""
    return (
        select(Activity.id, Activity.starts_at, Activity.until_at, Settlement.at)
        .join(Announcement, Announcement.activity_id == Activity.id)
        .outerjoin(Settlement, Settlement.activity_id == Activity.id)
        .where(Activity.kind == ActivityKind.WEBINAR, Activity.cancelled_at.is_(None))
    )


def _settled(session: Session, at: datetime) -> list[Round]:
    since = at - SENSE[Kind.AFTERWARDS]
    rows = session.execute(_over().where(Settlement.at > since, Settlement.at <= at))
    return [
        Round(Kind.AFTERWARDS, id, starts_at, ends_at, settled_at, only_present=True)
        for id, starts_at, ends_at, settled_at in rows
    ]


def _unsettled(session: Session, at: datetime) -> list[Round]:
    until = at - UNSETTLED_AFTER
    since = until - SENSE[Kind.AFTERWARDS]
    rows = session.execute(
        _over().where(
            Settlement.at.is_(None), Activity.until_at > since, Activity.until_at <= until
        )
    )
    return [
        Round(Kind.AFTERWARDS, id, starts_at, ends_at, ends_at + UNSETTLED_AFTER)
        for id, starts_at, ends_at, _settled_at in rows
    ]


def left(one: Round, *, most: int) -> Select[Enrolment]:
    """Some of those who are to be reminded, and have not been."""
    was_written = exists().where(
        Reminder.enrolment_id == Enrolment.id,
        Reminder.kind == one.kind,
        Reminder.starts_at == one.starts_at,
    )
    is_reachable = exists().where(
        EmailAddress.person_id == Enrolment.person_id, EmailAddress.confirmed_at.is_not(None)
    )
    chosen = (
        select(Enrolment)
        .outerjoin(Wish, Wish.person_id == Enrolment.person_id)
        .where(
            Enrolment.activity_id == one.activity_id,
            Enrolment.ended_at.is_(None),
            or_(Wish.person_id.is_(None), getattr(Wish, one.kind)),
            ~was_written,
            is_reachable,
        )
        .order_by(Enrolment.id)
        .limit(most)
        .options(
            joinedload(Enrolment.person, innerjoin=True).selectinload(Person.addresses),
            joinedload(Enrolment.place),
        )
    )
    if one.only_present:
        completed = exists().where(Completion.enrolment_id == Enrolment.id)
        waits = exists().where(AwaitedEvaluation.enrolment_id == Enrolment.id)
        return chosen.where(or_(completed, waits))
    return chosen.join(Place, Place.enrolment_id == Enrolment.id).where(
        Place.ended_at.is_(None), Place.taken_at <= one.moment
    )


def held(session: Session, one: Round) -> Activity | None:
    """The webinar, held until the transaction ends, if it still takes place as it was read.

    Another worker that is writing the same reminders has it; then there is nothing to do here.
    """
    return (
        session.scalars(
            Activity.whole()
            .where(Activity.id == one.activity_id, Activity.cancelled_at.is_(None))
            .where(
                exists().where(
                    WebinarSession.activity_id == Activity.id,
                    WebinarSession.starts_at == one.starts_at,
                )
            )
            .with_for_update(of=Activity, key_share=True, skip_locked=True)
            .execution_options(populate_existing=True)
        )
        .unique()
        .one_or_none()
    )
