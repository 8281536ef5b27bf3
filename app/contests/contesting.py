"""Contesting measured presence, and ruling on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.attendance import queries as attendance
from app.attendance.models import Grant, Settlement
from app.attendance.presence import Interval
from app.completions.models import Completion
from app.completions.settling import follow
from app.contests import emails
from app.contests.models import WINDOW, Cause, Contest, Ruling
from app.enrolments.models import Enrolment
from app.errors import Refusal
from app.journal.models import record
from app.texts import gettext as _


@dataclass(frozen=True)
class Obstacle:
    """A reason why presence cannot be contested (now)."""

    kind: str  # "not settled" | "too late" | "attended" | "contested" | "left"

    def __str__(self) -> str:
        return {
            "not settled": _("Presence is not settled yet. You see your minutes once it is."),
            "too late": _("Presence could be contested for 14 days after it was settled."),
            "attended": _("Your presence was enough, and you have your certificate."),
            "contested": _("You have contested this already."),
            "left": _("You were not enrolled any more when the webinar took place."),
        }[self.kind]


@dataclass(frozen=True)
class Evidence:
    """A file that proves something, kept under its digest."""

    digest: str
    name: str
    type: str


def obstacles(
    enrolment: Enrolment, settlement: Settlement | None, *, completed: bool, contested: bool,
    at: datetime,
) -> list[Obstacle]:  # fmt: skip
    """What stands against contesting; none means that it may be done until the window ends."""
    if not enrolment.is_active:
        return [Obstacle("left")]
    if settlement is None:
        return [Obstacle("not settled")]
    if completed:
        return [Obstacle("attended")]
    if contested:
        return [Obstacle("contested")]
    return [Obstacle("too late")] if at >= settlement.at + WINDOW else []


def contest(
    session: Session, enrolment: Enrolment, *, cause: Cause, account: str,
    evidence: Evidence | None, by: Person, at: datetime,
) -> Contest:  # fmt: skip
    """Say that one was there longer than was measured; the organisers are told."""
    activity = enrolment.activity
    had = select(Completion.id).where(Completion.enrolment_id == enrolment.id)
    before = select(Contest.id).where(Contest.enrolment_id == enrolment.id)
    Refusal.unless_none(
        obstacles(
            enrolment,
            attendance.settlement(session, activity),
            completed=session.scalars(had).first() is not None,
            contested=session.scalars(before).first() is not None,
            at=at,
        )
    )
    measured = attendance.measured(session, enrolment)
    made = Contest(
        enrolment=enrolment, activity=activity, at=at, cause=cause, account=account,
        evidence_digest=evidence.digest if evidence else None,
        evidence_name=evidence.name if evidence else "",
        evidence_type=evidence.type if evidence else "",
        measured=measured.seconds, of_seconds=measured.of_seconds, ruling=None,
    )  # fmt: skip
    session.add(made)
    record(session, "presence.contested", by=by, at=at, on=made, society_id=activity.lead.id,
           activity=activity.id, cause=str(cause), measured=made.measured,
           evidence=made.evidence_digest)  # fmt: skip
    return made


def rule(
    session: Session, contest: Contest, *, granted: Interval | None, reason: str, by: Person,
    at: datetime,
) -> Ruling:  # fmt: skip
    """Decide on a contest, once; what is granted counts, and the certificate follows."""
    held = select(Contest.ruled_at).where(Contest.id == contest.id).with_for_update()
    if session.scalars(held).one() is not None:
        raise Refusal(_("Somebody has ruled on this already."))
    if contest.enrolment.person_id == by.id:
        raise Refusal(_("Nobody rules on their own presence. Please ask a colleague."))
    activity, enrolment = contest.activity, contest.enrolment
    contest.ruled_at = at
    if granted is not None:
        session.add(
            Grant(
                activity_id=activity.id, enrolment_id=enrolment.id, joined_at=granted.joined,
                left_at=granted.left, by_id=by.id, at=at, reason=reason,
            )
        )  # fmt: skip
        session.flush()
    completes = follow(session, enrolment, at=at) if granted is not None else False
    ruling = Ruling(
        contest=contest, by=by, at=at, reason=reason, completes=completes,
        seconds=attendance.measured(session, enrolment).seconds,
        joined_at=granted.joined if granted else None, left_at=granted.left if granted else None,
    )  # fmt: skip
    session.add(ruling)
    record(session, "presence.ruled", by=by, at=at, on=contest, society_id=activity.lead.id,
           activity=activity.id, granted=granted is not None, seconds=ruling.seconds,
           completes=completes, reason=reason)  # fmt: skip
    emails.tell(session, ruling, at=at)
    return ruling
