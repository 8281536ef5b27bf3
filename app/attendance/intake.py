"""Taking in a report: read and matched outside any transaction, written in one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, contains_eager

from app.accounts.models import EmailAddress, Person
from app.agenda.models import Activity, Organiser
from app.attendance.deciding import unsettled
from app.attendance.mapping import Found
from app.attendance.matching import Candidate, Match
from app.attendance.models import Participant, Presence, PresenceReport, Recognition
from app.attendance.plausibility import Doubt, plausibility
from app.attendance.presence import Interval
from app.attendance.reading import NO_PLANS, Plans, Unmapped, read
from app.attendance.report import Provider, Report, Role
from app.attendance.told import link_id
from app.attendance.unreadable import Problem, Unreadable
from app.enrolments.models import Enrolment
from app.errors import Refusal
from app.journal.models import record
from app.texts import gettext as _


@dataclass(frozen=True)
class Examined:
    """What a file turned out to be: a report with the doubts about it, or a problem."""

    report: Report | None = None
    doubts: Sequence[Doubt] = ()
    problem: Problem | None = None
    unmapped: Found | None = None
    """The table in it of which somebody has to say what its columns are."""


def session_of(activity: Activity) -> Interval:
    """From the first start to the last end."""
    assert activity.starts_at is not None
    assert activity.ends_at is not None
    return Interval(activity.starts_at, activity.ends_at)


def examine(
    content: bytes, zone: str, windows: Sequence[Interval] | Interval, title: str, *,
    plans: Plans = NO_PLANS, ask: bool = False,
) -> Examined:  # fmt: skip
    """Read a file as an attendance report. Slow for a large one, so no transaction is open."""
    try:
        report = read(content, zone=ZoneInfo(zone), plans=plans, ask=ask)
    except Unmapped as unmapped:
        return Examined(problem=unmapped.problem, unmapped=unmapped.found)
    except Unreadable as unreadable:
        return Examined(problem=unreadable.problem)
    sessions = [windows] if isinstance(windows, Interval) else [*windows]
    return Examined(report, plausibility(report, _nearest(report, sessions), title))


def _nearest(report: Report, windows: Sequence[Interval]) -> Interval:
    """The session that a report is about: the one with most of its rows, else the closest."""

    def rating(window: Interval) -> tuple[int, float]:
        inside = sum(row.interval.overlaps(window) for row in report.rows)
        start = report.started_at or min((row.joined for row in report.rows), default=window.joined)
        return inside, -abs((start - window.joined).total_seconds())

    return max(windows, key=rating)


def candidates(session: Session, activity_id: int) -> list[Candidate]:
    """Everybody enrolled, with a place or waiting, under every address that is proven theirs."""
    rows = session.execute(
        select(Enrolment.id, Person.name, EmailAddress.address, EmailAddress.is_first)
        .join(Person, Person.id == Enrolment.person_id)
        .join(EmailAddress, EmailAddress.person_id == Person.id)
        .where(
            Enrolment.activity_id == activity_id,
            Enrolment.ended_at.is_(None),
            EmailAddress.confirmed_at.is_not(None),
        )
        .order_by(Enrolment.id, EmailAddress.is_first.desc(), EmailAddress.id)
    )
    found: dict[int, tuple[str, list[str]]] = {}
    for id, name, address, _first in rows:
        found.setdefault(id, (name, []))[1].append(address)
    known = _recognised(session, activity_id)
    return [
        Candidate(id, name, addresses[0], frozenset(addresses[1:]),
                  frozenset({link_id(id)}), frozenset(known[id]))
        for id, (name, addresses) in found.items()
    ]  # fmt: skip


def _recognised(session: Session, activity_id: int) -> defaultdict[int, set[tuple[str, str]]]:
    """What the societies that hold the webinar know of those enrolled, from earlier decisions."""
    rows = session.execute(
        select(Enrolment.id, Recognition.provider, Recognition.identity)
        .join(Recognition, Recognition.person_id == Enrolment.person_id)
        .join(Organiser, Organiser.society_id == Recognition.society_id)
        .where(
            Enrolment.activity_id == activity_id, Enrolment.ended_at.is_(None),
            Organiser.activity_id == activity_id, Recognition.ended_at.is_(None),
        )
    )  # fmt: skip
    found: defaultdict[int, set[tuple[str, str]]] = defaultdict(set)
    for id, provider, identity in rows:
        found[id].add((provider, identity))
    return found


def take_in(
    session: Session, activity: Activity, report: Report, matches: Sequence[Match], *,
    digest: str, file_name: str, zone: str, by: Person, at: datetime,
) -> tuple[PresenceReport, bool]:  # fmt: skip
    """Write a report down; answer it and whether it is new.

    The same file a second time is the report that is there already.
    """
    unsettled(session, activity.id)
    same = PresenceReport.of(activity).where(PresenceReport.file_digest == digest)
    if existing := session.scalars(same).one_or_none():
        return existing, False
    taken = PresenceReport(
        activity=activity, provider=report.provider, topic=report.topic[:300], zone=zone,
        file_name=file_name[:200], file_digest=digest, by=by, at=at,
        ignored=[[one.line, str(one.reason)] for one in report.ignored],
        notes=[str(note) for note in report.notes],
    )  # fmt: skip
    session.add(taken)
    session.flush()
    _write(session, taken, matches)
    if report.provider is Provider.TOLD:
        _replace(session, taken, at=at)
    record(session, "presence.reported", by=by, at=at, on=taken, societies=activity.societies,
           activity=activity.id, file=digest, zone=zone, participants=len(matches))  # fmt: skip
    return taken, True


def _replace(session: Session, taken: PresenceReport, *, at: datetime) -> None:
    """What the platform told before is part of what it tells now, or was put right by it."""
    earlier = PresenceReport.of(taken.activity).where(
        PresenceReport.provider == Provider.TOLD, PresenceReport.id != taken.id
    )
    for one in session.scalars(earlier).all():
        one.ended_at = at


def take_out(session: Session, report: PresenceReport, *, by: Person, at: datetime) -> None:
    """Let a report count no more, because it was the wrong one or read in the wrong zone."""
    unsettled(session, report.activity_id)
    if report.ended_at is not None:
        raise Refusal(_("This report was taken out already."))
    report.ended_at = at
    record(session, "presence.report withdrawn", by=by, at=at, on=report,
           societies=report.activity.societies, activity=report.activity_id)  # fmt: skip


def _write(session: Session, report: PresenceReport, matches: Sequence[Match]) -> None:
    if not matches:
        return
    decided = _decided(session, report)
    ids = session.scalars(
        insert(Participant).returning(Participant.id, sort_by_parameter_order=True),
        [_participant(report, one) | decided.get(_who(report, one), {}) for one in matches],
    ).all()
    session.execute(
        insert(Presence),
        [
            {
                "participant_id": id,
                "joined_at": row.joined,
                "left_at": row.left,
                "total_seconds": row.total,
            }
            for id, one in zip(ids, matches, strict=True)
            for row in one.participant.rows
        ],
    )


def _who(report: PresenceReport, one: Match) -> tuple[str, str]:
    """Who is the same in two reports: an address everywhere, a name on the same platform."""
    return one.participant.identity, "" if one.participant.address else report.provider


def _decided(session: Session, report: PresenceReport) -> dict[tuple[str, str], dict[str, object]]:
    """What was decided by hand about people of earlier reports: it holds for this one too."""
    earlier = session.scalars(
        Participant.of(report.activity)
        .where(Participant.decided_by_id.is_not(None))
        .options(contains_eager(Participant.report))
        .order_by(Participant.id)
    )
    return {
        (one.key, "" if one.address else one.report.provider): {
            "enrolment_id": one.enrolment_id, "reason": one.reason,
            "decided_by_id": one.decided_by_id, "decided_at": one.decided_at,
        }
        for one in earlier.unique()
    }  # fmt: skip


def _participant(report: PresenceReport, one: Match) -> dict[str, object]:
    person = one.participant
    on_the_panel = person.role is not Role.ATTENDEE
    return {
        "report_id": report.id,
        "activity_id": report.activity_id,
        "key": person.identity,
        "name": person.name,
        "address": person.address or "",
        "role": str(person.role),
        "how": str(one.how or one.why_not),
        "enrolment_id": one.enrolment_id,
        "external_id": person.external_id,
        "suggestion_id": one.suggestions[0].enrolment_id if one.suggestions else None,
        "likeness": one.suggestions[0].likeness if one.suggestions else None,
        "decided_at": report.at if on_the_panel else None,
        "reason": "",
        "decided_by_id": None,
    }
