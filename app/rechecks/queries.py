"""How rechecking stands, for the desk and the doctor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from app.credentials.models import Credential
from app.rechecks.found import FILE
from app.rechecks.models import Finding, Round
from app.rechecks.rounds import stopped


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
    """Documents of a reach about which a finding is open: the first ones, and how many."""

    documents: Sequence[Credential] = ()
    number: int = 0


def is_any_open() -> ColumnElement[bool]:
    """Whether a finding is open, as a condition."""
    return exists().where(Finding.settled_at.is_(None))


def in_doubt(session: Session, reach: Select[Credential], *, most: int) -> InDoubt:
    """What rechecks have found about documents of a reach, by their serials or their files."""
    subjects = select(Finding.subject).where(Finding.settled_at.is_(None))
    named = or_(Credential.serial.in_(subjects), Credential.file_digest.in_(subjects))
    found = session.scalars(reach.where(named).order_by(Credential.id).limit(most)).unique().all()
    if len(found) < most:
        return InDoubt(found, len(found))
    ids = reach.where(named).with_only_columns(Credential.id).subquery()
    return InDoubt(found, session.scalar(select(func.count()).select_from(ids)) or 0)


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
