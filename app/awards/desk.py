"""What an officer sees: whose turn it is on each list, and what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session, defer, joinedload

from app.accounts.models import Person
from app.awards.models import Award, AwardList
from app.awards.queries import case, key_holders, keys_given, unlisted
from app.awards.quorum import (
    Case,
    Obstacle,
    Party,
    Quorum,
    Turn,
    against_approving,
    against_freezing,
    quorum,
)
from app.schemes.models import Candidacy, Edition, Scheme
from app.schemes.queries import awarded_editions
from app.societies.models import Society

RECENT = 100
RELEASED = 50


@dataclass(frozen=True)
class Line:
    """A list on the desk: how many it holds, who has approved, and whether it is my turn."""

    award_list: AwardList
    holders: int
    approved: tuple[Society, ...]
    missing: tuple[Society, ...]
    is_my_turn: bool


@dataclass(frozen=True)
class Open:
    """An edition under which candidates wait to be put on a list."""

    edition: Edition
    candidates: int


@dataclass(frozen=True)
class Step:
    """A list to freeze, or an edition with so many candidates on no list."""

    kind: str  # "freeze" | "list"
    id: int
    title: str
    candidates: int


@dataclass(frozen=True)
class Desk:
    turns: list[Line]
    under_way: list[Line]
    released: list[Line]
    more: int | None
    """From where the next page of released lists reads on."""
    editions: list[Open]


@dataclass(frozen=True)
class Counsel:
    """Everything that the page of a list says about what may happen next."""

    quorum: Quorum
    lapsed: frozenset[int]
    """Approvals of what the list holds now whose officer has left the office."""
    against_freezing: list[Obstacle]
    mine: list[Society]
    """Awarding societies whose key this person may turn now."""
    asked: list[Society]
    """Awaited societies with an officer in office, who have been written to."""
    unmanned: list[Society]
    """Awaited societies for which nobody holds an office who could approve."""
    against_mine: list[Obstacle]
    """Why this person cannot turn the key of their own society."""


def desk(
    session: Session,
    person: Person,
    societies: Sequence[int],
    *,
    on: date,
    before: int | None = None,
) -> Desk:
    """An officer's lists, their turn first, and the candidates who wait.

    All that are open stand on the first page; released ones are read page by page.
    """
    reach = AwardList.awarded_by(societies).options(defer(AwardList.content))
    newest = reach.order_by(AwardList.id.desc())
    past = newest.where(AwardList.release.has())
    if before is not None:
        past = past.where(AwardList.id < before)
    released = session.scalars(past.limit(RELEASED + 1)).unique().all()
    more = released[RELEASED - 1].id if len(released) > RELEASED else None
    under_way = newest.where(~AwardList.release.has())
    rows = [*released[:RELEASED]]
    if before is None:
        rows = [*session.scalars(under_way).unique(), *rows]
    counts = _counts(session, rows)
    current = _in_office(session, rows, on=on)
    lines = [_line(r, counts.get(r.id, 0), current, person, societies) for r in rows]
    open_lines = [one for one in lines if not one.award_list.is_released]
    return Desk(
        turns=[one for one in open_lines if one.is_my_turn],
        under_way=[one for one in open_lines if not one.is_my_turn],
        released=[one for one in lines if one.award_list.is_released],
        more=more,
        editions=_editions(session, societies) if before is None else [],
    )


def awaited(
    session: Session, person: Person, societies: Sequence[int], *, on: date, most: int
) -> list[tuple[AwardList, Society]]:
    """The lists that await a key of this person, longest frozen first, and whose key it is."""
    frozen = (
        AwardList.awarded_by(societies)
        .options(defer(AwardList.content))
        .where(AwardList.digest.is_not(None), ~AwardList.release.has())
        .order_by(AwardList.frozen_at, AwardList.id)
        .limit(RECENT)
    )
    rows = session.scalars(frozen).unique().all()
    if not rows:
        return []
    current = _in_office(session, rows, on=on)
    return [(r, s) for r in rows for s in _mine(r, current, person, societies)][:most]


def before_the_keys(session: Session, societies: Sequence[int]) -> list[Step]:
    """What an officer has to do before keys are asked for, in one statement: lists to freeze that
    hold somebody, then editions with candidates on no list."""
    holds_somebody = select(Award.list_id).where(Award.struck_at.is_(None))
    within = awarded_editions(societies).with_only_columns(Edition.id).order_by(None)
    lists = select(literal("freeze"), AwardList.id, AwardList.title, literal(0)).where(
        AwardList.edition_id.in_(within), AwardList.digest.is_(None),
        AwardList.id.in_(holds_somebody),
    )  # fmt: skip
    candidates = (
        select(literal("list"), Edition.id, Scheme.title, func.count())
        .join(Candidacy, Candidacy.edition_id == Edition.id)
        .join(Scheme, Scheme.id == Edition.scheme_id)
        .where(Candidacy.id.in_(unlisted(within).with_only_columns(Candidacy.id).order_by(None)))
        .group_by(Edition.id, Scheme.title)
    )
    found = [Step(*row) for row in session.execute(union_all(lists, candidates))]
    return sorted(found, key=lambda step: (step.kind, step.id))


def counsel(
    session: Session, award_list: AwardList, person: Person, societies: Sequence[int], *, on: date
) -> Counsel:
    """What may happen next with a list, and what this officer of these societies may do."""
    awarding = award_list.scheme.awarding
    in_office = key_holders(session, [s.id for s in awarding], on=on)
    now = case(session, award_list, on=on, in_office=in_office)
    keys = quorum(now)
    turned = {p.id for p in keys.turned}
    own = [s for s in awarding if s.id in societies]
    awaited = [s for s in own if s.id not in turned or keys.is_complete]
    against = {s.id: _against(now, person, s) for s in awaited}
    missing = {p.id for p in keys.missing}
    due = [s for s in awarding if s.id in missing]
    holders = {award.candidacy.person_id for award in award_list.standing_awards}
    manned = {society for person, society in in_office if person not in holders}
    pairs = zip(award_list.approvals, now.keys, strict=True)
    return Counsel(
        quorum=keys,
        lapsed=frozenset(a.id for a, key in pairs if not key.is_current),
        against_freezing=against_freezing(now),
        asked=[s for s in due if s.id in manned],
        unmanned=[s for s in due if s.id not in manned],
        mine=[s for s in awaited if not against[s.id]],
        against_mine=list(dict.fromkeys(o for s in awaited for o in against[s.id])),
    )


def _against(now: Case, person: Person, society: Society) -> list[Obstacle]:
    party = Party(society.id, society.short)
    return against_approving(now, Turn(person.id, party, now.digest or "", holds_office=True))


def _line(
    award_list: AwardList,
    holders: int,
    current: Set[tuple[int, int]],
    person: Person,
    societies: Sequence[int],
) -> Line:
    keys = _keys(award_list, current)
    turned = {party.id for party in keys.turned}
    awarding = award_list.scheme.awarding
    return Line(
        award_list=award_list,
        holders=holders,
        approved=tuple(s for s in awarding if s.id in turned),
        missing=tuple(s for s in awarding if s.id not in turned),
        is_my_turn=bool(_mine(award_list, current, person, societies)),
    )


def _mine(
    award_list: AwardList, current: Set[tuple[int, int]], person: Person, societies: Sequence[int]
) -> list[Society]:
    """The societies whose key this list awaits from this person."""
    if not award_list.is_frozen or award_list.is_released:
        return []
    given = {(a.by_id, a.society_id) for a in award_list.standing_approvals}
    if any(by == person.id for by, _society in given & current):
        return []
    missing = {party.id for party in _keys(award_list, current).missing}
    return [s for s in award_list.scheme.awarding if s.id in missing and s.id in societies]


def _keys(award_list: AwardList, current: Set[tuple[int, int]]) -> Quorum:
    """Whose key counts, as far as that is seen without weighing the holders."""
    return quorum(
        Case(
            awarding=tuple(Party(s.id, s.short) for s in award_list.scheme.awarding),
            holders=(),
            keys=keys_given(award_list, current),
            digest=award_list.digest,
        )
    )


def _in_office(session: Session, rows: Sequence[AwardList], *, on: date) -> set[tuple[int, int]]:
    awarding = {s.id for r in rows for s in r.scheme.awarding}
    return set(key_holders(session, sorted(awarding), on=on))


def _counts(session: Session, rows: Sequence[AwardList]) -> dict[int, int]:
    counted = session.execute(
        select(Award.list_id, func.count())
        .where(Award.list_id.in_([r.id for r in rows]), Award.struck_at.is_(None))
        .group_by(Award.list_id)
    )
    return {list_id: count for list_id, count in counted}


def _editions(session: Session, societies: Sequence[int]) -> list[Open]:
    """Editions with candidates on no list; how many meet everything is seen on drawing up."""
    within = awarded_editions(societies).with_only_columns(Edition.id).order_by(None)
    counted = session.execute(
        select(Candidacy.edition_id, func.count())
        .where(Candidacy.id.in_(unlisted(within).with_only_columns(Candidacy.id).order_by(None)))
        .group_by(Candidacy.edition_id)
    )
    counts = {edition: count for edition, count in counted}
    editions = session.scalars(
        select(Edition)
        .where(Edition.id.in_(counts))
        .order_by(Edition.id.desc())
        .options(joinedload(Edition.scheme, innerjoin=True))
    )
    return [Open(e, counts[e.id]) for e in editions]
