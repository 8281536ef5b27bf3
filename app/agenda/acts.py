"""The acts on a plan: its terms, consent to it, moving it and cancelling it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session, object_session

from app.accounts.models import Person
from app.agenda.changes import Cancellation, Consent, Rescheduling
from app.agenda.entry import Invitation, OpenToMembers, Terms
from app.agenda.models import Activity, against
from app.agenda.obstacles import Obstacle
from app.agenda.planning import Hour
from app.agenda.sessions import WebinarSession
from app.errors import Refusal
from app.journal.models import record
from app.societies.models import Society
from app.texts import gettext as _

AGAINST_CANCELLING: list[Callable[[Activity, datetime], list[object]]] = []
"""What other rooms hold against a cancellation, in words."""


@dataclass(frozen=True)
class ClosesBeforeItOpens:
    """Registration would end before it begins."""

    field = "registration_until"

    def __str__(self) -> str:
        return _("Registration would close before it opens.")


@dataclass(frozen=True)
class NobodyNamed:
    """Only members or only a list may enrol, and none is named."""

    field: str

    def __str__(self) -> str:
        if self.field == "members_of":
            return _("Whose members? Tick at least one society.")
        return _("Who? Enter at least one address.")


def against_terms(terms: Terms) -> list[ClosesBeforeItOpens | NobodyNamed]:
    found: list[ClosesBeforeItOpens | NobodyNamed] = []
    opens, closes = terms.registration_from, terms.registration_until
    if opens and closes and closes <= opens:
        found.append(ClosesBeforeItOpens())
    if terms.entry == "members" and not terms.members_of:
        found.append(NobodyNamed("members_of"))
    if terms.entry == "listed" and not terms.invited:
        found.append(NobodyNamed("invited"))
    return found


def set_terms(activity: Activity, terms: Terms, *, by: Person, at: datetime) -> None:
    """Say who may enrol and when. Credits, evaluation and proofs stand once it is announced."""
    session = activity.held()
    Refusal.unless_none(against_terms(terms))
    if not activity.is_announced and terms != activity.terms:
        activity.void_consents(at=at)
    activity.registration_from = terms.registration_from
    activity.registration_until = terms.registration_until
    activity.entry = terms.entry
    societies = {one.society_id: one for one in activity.open_to_members}
    activity.open_to_members = [
        societies.get(id) or OpenToMembers(society_id=id) for id in sorted(terms.members_of)
    ]
    addresses = {one.address: one for one in activity.invitations}
    activity.invitations = [
        addresses.get(one) or Invitation(address=one) for one in sorted(terms.invited)
    ]
    if not activity.is_announced:
        activity.has_credits = terms.has_credits
        activity.needs_evaluation = terms.needs_evaluation
        activity.proofs = [str(proof) for proof in terms.proofs]
    record(session, f"{activity.kind}.terms_set", by=by, at=at, on=activity,
           society_id=activity.lead.id, entry=str(terms.entry),
           opens=_iso(terms.registration_from), closes=_iso(terms.registration_until),
           members_of=sorted(terms.members_of), invited=len(terms.invited),
           credits=activity.has_credits, evaluation=activity.needs_evaluation,
           proofs=list(activity.proofs))  # fmt: skip


def consent(activity: Activity, society: Society, *, by: Person, at: datetime) -> Consent | None:
    """Say yes, for a society beside the leading one, to this plan under its name."""
    session = _session_of(activity)
    _hold(session, activity)
    if society not in activity.societies or society is activity.lead:
        raise Refusal(_("%(society)s does not hold this together with others.",
                        society=society.short))  # fmt: skip
    if activity.is_announced or society.id in activity.consenting:
        return None
    given = Consent(society=society, by=by, at=at)
    activity.consents.append(given)
    session.flush()
    record(session, f"{activity.kind}.consented", by=by, at=at, on=activity,
           society_id=society.id, society=society.code, title=activity.title)  # fmt: skip
    return given


def reschedule(
    activity: Activity, hours: Sequence[Hour], zone: str, *, reason: str, by: Person, at: datetime
) -> Rescheduling:
    """Move the sessions of an announced webinar that have not started; everyone is told why."""
    session = _session_of(activity)
    _hold(session, activity)
    hours = kept_hours(activity, hours, at)
    Refusal.unless_none(against_moving(activity, hours, zone, at=at))
    if not reason.strip():
        raise Refusal(_("Say why: those who planned with the hour are told."))
    before = written(activity.sessions)
    activity.meets(hours, zone)
    return moved(activity, before, reason=reason.strip(), by=by, at=at)


def moved(
    activity: Activity, before: list[Any], *, reason: str, by: Person | None, at: datetime
) -> Rescheduling:
    """Note that the hours have changed, so that calendars and people learn of it."""
    session = _session_of(activity)
    activity.changes += 1
    activity.changed_at = at
    moving = Rescheduling(
        activity_id=activity.id, before=before, after=written(activity.sessions),
        reason=reason, by=by, at=at,
    )  # fmt: skip
    session.add(moving)
    record(session, "webinar.rescheduled", by=by, at=at, on=activity,
           society_id=activity.lead.id, title=activity.title, before=before, after=moving.after,
           reason=reason, changes=activity.changes)  # fmt: skip
    return moving


def against_moving(
    activity: Activity, hours: Sequence[Hour], zone: str, *, at: datetime
) -> list[Obstacle | str]:
    """What stands against moving a webinar to these hours."""
    if not activity.is_webinar or not activity.is_announced:
        return [_("This is a draft: change its plan.")]
    if activity.is_cancelled:
        return [_("This is cancelled.")]
    begun = _begun(activity, at)
    if begun == len(activity.sessions):
        return [_("It has started: its hour stands.")]
    if len(hours) != len(activity.sessions):
        return [_("Moving a webinar leaves the number of its sessions as it is.")]
    if begun and zone != activity.zone:
        return [_("Its first session has started: the time zone stands.")]
    first = hours[0]
    plan = replace(activity.plan, on=first.on, start=first.start, minutes=first.minutes,
                   fold=first.fold, zone=zone, further=tuple(hours[1:]))  # fmt: skip
    found: list[Obstacle | str] = [
        *against(_session_of(activity), plan, activity.texts, activity.societies, at=at,
                 begun=begun)
    ]  # fmt: skip
    if not found and [(h.starts_at(zone), h.ends_at(zone)) for h in hours] == activity.windows:
        found.append(_("These are the hours it has already."))
    return found


def kept_hours(activity: Activity, hours: Sequence[Hour], at: datetime) -> tuple[Hour, ...]:
    """The hours wanted, with those of sessions that have started left as they are."""
    begun = _begun(activity, at)
    return (*activity.plan.hours[:begun], *hours[begun:])


def cancel(activity: Activity, *, reason: str, by: Person, at: datetime) -> Cancellation | None:
    """Call an announced activity off; everyone enrolled is told why."""
    session = _session_of(activity)
    _hold(session, activity)
    if activity.is_cancelled:
        return None
    Refusal.unless_none(against_cancelling(activity, at=at))
    if not reason.strip():
        raise Refusal(_("Say why: those who planned to come are told."))
    activity.cancelled_at = activity.changed_at = at
    activity.changes += 1
    ending = Cancellation(activity_id=activity.id, reason=reason.strip(), by=by, at=at)
    session.add(ending)
    record(session, f"{activity.kind}.cancelled", by=by, at=at, on=activity,
           society_id=activity.lead.id, title=activity.title, reason=ending.reason,
           changes=activity.changes)  # fmt: skip
    return ending


def against_cancelling(activity: Activity, *, at: datetime) -> list[object]:
    """What stands against cancelling an activity now."""
    if not activity.is_announced:
        return [_("This is a draft: nobody has been told of it.")]
    return [one for ask in AGAINST_CANCELLING for one in ask(activity, at)]


def written(sessions: Sequence[WebinarSession]) -> list[Any]:
    """Sessions as a rescheduling keeps them."""
    return [
        [one.starts_local, one.zone, one.starts_at.isoformat(), one.ends_at.isoformat()]
        for one in sessions
    ]


def _begun(activity: Activity, at: datetime) -> int:
    return sum(session.has_started(at) for session in activity.sessions)


def _hold(session: Session, activity: Activity) -> None:
    """Hold the activity until the transaction ends, and look at it afresh."""
    session.flush()
    session.refresh(activity, ["changes", "cancelled_at"], with_for_update={"key_share": True})


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _session_of(activity: Activity) -> Session:
    session = object_session(activity)
    assert session is not None, "an activity is changed within a session"
    return session
