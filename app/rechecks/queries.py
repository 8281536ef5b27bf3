"""How rechecking stands, for the desk and the doctor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from app.awards.models import AwardList
from app.credentials.models import Credential
from app.rechecks.found import FILE
from app.rechecks.models import Finding, Round
from app.rechecks.rounds import stopped

RESTS_ON = ("award list", "award", "completion")
"""Parts whose findings are named by the key of a row that documents rest on."""
MOST = 500


@dataclass(frozen=True)
class Standing:
    """The last round that was gone through, what is open, and why it stopped, if it did."""

    ended_at: datetime | None
    checked: int
    open: int
    stopped: str


def serials(session: Session, findings: Iterable[Finding]) -> dict[str, str]:
    """The serials of the documents whose files these findings name by their digest."""
    digests = [one.subject for one in findings if one.part == FILE]
    named = select(Credential.file_digest, Credential.serial)
    found = session.execute(named.where(Credential.file_digest.in_(digests))) if digests else ()
    return {digest: serial for digest, serial in found if digest}


@dataclass(frozen=True)
class InDoubt:
    """What is in doubt of what some societies issued: the first documents, how many there are, and
    the award lists."""

    documents: Sequence[Credential]
    number: int
    lists: Sequence[AwardList]


def is_any_open() -> ColumnElement[bool]:
    """Whether a finding is open, as a condition."""
    return exists().where(Finding.settled_at.is_(None))


def in_doubt(
    session: Session, reach: Select[Credential], awarding: Sequence[int], *, most: int
) -> InDoubt:
    """What rechecks have found about documents of a reach, by their serials, their files or what
    they rest on, and about the award lists of these societies."""
    open_ones = select(Finding.part, Finding.subject).where(Finding.settled_at.is_(None))
    subjects = open_ones.with_only_columns(Finding.subject)
    rest = session.execute(open_ones.where(Finding.part.in_(RESTS_ON)).limit(MOST)).all()
    keys = {part: [int(one.subject) for one in rest if one.part == part] for part in RESTS_ON}
    named = or_(
        Credential.serial.in_(subjects),
        Credential.file_digest.in_(subjects),
        Credential.award_id.in_(keys["award"]),
        Credential.completion_id.in_(keys["completion"]),
    )
    found = session.scalars(reach.where(named).order_by(Credential.id).limit(most)).unique().all()
    number = len(found)
    if number == most:
        ids = reach.where(named).with_only_columns(Credential.id).subquery()
        number = session.scalar(select(func.count()).select_from(ids)) or 0
    return InDoubt(found, number, _lists(session, awarding, keys["award list"], most))


def _lists(
    session: Session, awarding: Sequence[int], ids: Sequence[int], most: int
) -> Sequence[AwardList]:
    if not ids:
        return ()
    theirs = AwardList.awarded_by(awarding).where(AwardList.id.in_(ids))
    return session.scalars(theirs.order_by(AwardList.id).limit(most)).unique().all()


def standing(session: Session, *, at: datetime) -> Standing:
    last = session.scalars(
        select(Round).where(Round.ended_at.is_not(None)).order_by(Round.id.desc()).limit(1)
    ).first()
    open_ones = select(func.count()).select_from(Finding).where(Finding.settled_at.is_(None))
    return Standing(
        ended_at=last.ended_at if last else None,
        checked=last.checked if last else 0,
        open=session.scalar(open_ones) or 0,
        stopped=stopped(session, at=at),
    )
