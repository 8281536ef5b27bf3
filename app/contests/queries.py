"""What pages show of contests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.agenda.models import Activity
from app.attendance.models import Settlement
from app.completions.models import Completion
from app.contests.contesting import Obstacle, obstacles
from app.contests.models import WINDOW, Contest, Ruling
from app.db import db
from app.enrolments.models import Enrolment

PAGE = 50


@dataclass(frozen=True)
class Standing:
    """Where somebody's presence stands, as far as contesting goes."""

    settlement: Settlement | None
    completion: Completion | None
    contest: Contest | None
    obstacles: Sequence[Obstacle]

    @property
    def may_contest(self) -> bool:
        return not self.obstacles

    @property
    def until(self) -> datetime | None:
        return self.settlement.at + WINDOW if self.settlement else None


def standing(enrolment: Enrolment, *, at: datetime, session: Session | None = None) -> Standing:
    """Settled or not, contested or not, and whether it still may be."""
    session = session or db.session
    settlement, completion, contest = session.execute(
        select(Settlement, Completion, Contest)
        .select_from(Enrolment)
        .outerjoin(Settlement, Settlement.activity_id == Enrolment.activity_id)
        .outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
        .outerjoin(Contest, Contest.enrolment_id == Enrolment.id)
        .where(Enrolment.id == enrolment.id)
        .options(joinedload(Contest.ruling).joinedload(Ruling.by))
    ).one()
    against = obstacles(
        enrolment, settlement,
        completed=completion is not None, contested=contest is not None, at=at,
    )  # fmt: skip
    return Standing(settlement, completion, contest, against)


@dataclass(frozen=True)
class Listing:
    rows: Sequence[Contest]
    after: int | None


def contests(session: Session, activity: Activity, *, after: int = 0) -> Listing:
    """Those of a webinar, in the order in which they came."""
    found = session.scalars(
        Contest.whole()
        .where(Contest.activity_id == activity.id, Contest.id > after)
        .order_by(Contest.id)
        .limit(PAGE + 1)
    ).all()
    return Listing(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


def open_ones(session: Session, activity: Activity) -> int:
    """How many wait for a ruling."""
    waiting = select(func.count(Contest.id)).where(
        Contest.activity_id == activity.id, Contest.ruled_at.is_(None)
    )
    return session.scalar(waiting) or 0
