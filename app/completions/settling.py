"""Confirming who was present at a webinar: the settlement, and the completions that follow.

Whoever was there for the threshold stamped on the webinar has completed it, whether they held a
place or waited for one: presence counts, and nobody is sent away from a room they were let into.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app import jobs
from app.accounts.models import Person
from app.agenda.kinds import Proof
from app.agenda.models import Activity
from app.attendance import queries
from app.attendance.deciding import unsettled
from app.attendance.models import Settlement
from app.attendance.standing import Standing, standing
from app.completions.awaiting import cleared, wait
from app.completions.models import Completion
from app.db import hold
from app.enrolments.models import Enrolment
from app.errors import Refusal
from app.journal.models import record
from app.texts import gettext as _
from app.texts import ngettext


@dataclass(frozen=True)
class Obstacle:
    """A reason why presence cannot be confirmed yet."""

    kind: str  # "not over" | "no report" | "open"
    count: int = 0

    def __str__(self) -> str:
        if self.kind == "open":
            return ngettext(
                "%(num)d person in the report is neither matched nor set aside.",
                "%(num)d people in the report are neither matched nor set aside.",
                self.count,
            )
        return {
            "not over": _("The session is not over yet."),
            "no report": _("No report of the session is loaded yet."),
        }[self.kind]


def obstacles(activity: Activity, *, reports: int, to_settle: int, at: datetime) -> list[Obstacle]:
    """What stands between a webinar and the confirmation of its presence; none means yes."""
    found = []
    if not activity.has_ended(at):
        found.append(Obstacle("not over"))
    if not reports and Proof.REPORT in activity.proofs:
        found.append(Obstacle("no report"))
    if to_settle:
        found.append(Obstacle("open", to_settle))
    return found


def settle(session: Session, activity: Activity, *, by: Person, at: datetime) -> Settlement:
    """Confirm the presence, once; whoever reached the threshold has a completion."""
    unsettled(session, activity.id)
    known = standing(session, activity)
    figures = queries.figures(session, activity, known)
    reports = len(queries.reports(session, activity))
    Refusal.unless_none(obstacles(activity, reports=reports, to_settle=figures.to_settle, at=at))
    assert activity.threshold is not None
    settlement = Settlement(
        activity=activity, by=by, at=at, threshold=activity.threshold,
        present=figures.reached, absent=figures.enrolled - figures.reached,
    )  # fmt: skip
    session.add(settlement)
    session.flush()
    _complete(session, activity, known, at=at)
    record(session, "presence.settled", by=by, at=at, on=activity, societies=activity.societies,
           threshold=activity.threshold, present=settlement.present,
           absent=settlement.absent)  # fmt: skip
    jobs.nudge(session)
    return settlement


def follow(session: Session, enrolment: Enrolment, *, at: datetime) -> bool:
    """Weigh one person anew after the settlement; whether they have a completion now.

    Called when something has changed for them since, such as a ruling. What they had stays.
    """
    activity = enrolment.activity
    hold(session, select(Activity.id).where(Activity.id == activity.id))
    if queries.settlement(session, activity) is None:
        return False
    had = select(Completion.id).where(Completion.enrolment_id == enrolment.id)
    if session.scalars(had).first() is not None:
        return True
    known = standing(session, activity, only=enrolment.id)
    completes = _complete(session, activity, known, at=at, only=enrolment.id)
    jobs.nudge(session)
    return completes > 0


def _complete(
    session: Session, activity: Activity, known: Standing, *, at: datetime, only: int | None = None
) -> int:
    """Complete it for everybody who was there long enough; answer for how many.

    Where an evaluation is needed, whoever has not given one waits: `follow` completes it then.

    Whoever is proved present by codes has no minutes: none were measured.
    """
    people = {
        id: person_id
        for id, person_id in session.execute(
            select(Enrolment.id, Enrolment.person_id).where(
                Enrolment.activity_id == activity.id, Enrolment.ended_at.is_(None)
            )
        )
    }
    rows, waiting, through = [], [], cleared(session, activity)
    for id in known.reached:
        if only is not None and id != only:
            continue
        if through is not None and id not in through:
            waiting.append(id)
            continue
        is_measured = known.verdict(id).by is Proof.REPORT
        rows.append({
            "enrolment_id": id, "person_id": people[id], "activity_id": activity.id, "at": at,
            "seconds": known.measured(id).seconds if is_measured else None,
            "of_seconds": known.of if is_measured else None, "threshold": activity.threshold,
        })  # fmt: skip
    if rows:
        session.execute(insert(Completion), rows)
    wait(session, activity, waiting, at=at)
    return len(rows)
