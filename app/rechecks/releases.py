"""Released award lists: whether every awarding society had approved just this.

The rule is written here once more, from the rows alone and without the module that decides at the
act: a fault in one of the two shows in the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.awards.models import Approval, Award, AwardList, Release
from app.rechecks.found import Found
from app.rechecks.logged import Logged, logged
from app.societies.models import OFFICERS
from app.transparency import records


def keys(session: Session, after: int, limit: int) -> Sequence[int]:
    released = select(Release.list_id).where(Release.list_id > after)
    return session.scalars(released.order_by(Release.list_id).limit(limit)).all()


def look(session: Session, ids: Sequence[int], at: datetime) -> Iterator[Found]:
    known = logged(session, [f"released/{id}" for id in ids])
    for one in session.scalars(_whole().where(AwardList.id.in_(ids))).unique():
        reason = against(one, known)
        if reason:
            yield Found("award list", str(one.id), reason)
            continue
        for award in one.standing_awards:
            if reason := against_award(award):
                yield Found("award", str(award.id), reason)


def _whole() -> Any:
    return select(AwardList).options(
        selectinload(AwardList.awards).joinedload(Award.candidacy, innerjoin=True),
        selectinload(AwardList.approvals).joinedload(Approval.society, innerjoin=True),
        selectinload(AwardList.approvals).joinedload(Approval.mandate, innerjoin=True),
        joinedload(AwardList.release),
    )


def against(one: AwardList, known: Logged) -> str:
    """Why a list was not released as it stands; nothing when it was."""
    release, source = one.release, f"released/{one.id}"
    if release is None:
        return "it was released, and the release is gone" if source in known else ""
    if one.content is None or sha256(one.content.encode()).hexdigest() != one.digest:
        return "the content is not what the digest names"
    if release.digest != one.digest:
        return "another content was released"
    rows = {
        "list": records.of_row(one, records.LIST),
        "approvals": records.of_approvals(one.approvals),
        "release": records.of_row(release, records.RELEASE),
    }
    for name, record in rows.items():
        if not known.vouches(source, name, record):
            return f"the {name} on record is not what the log vouches for"
    return _against_quorum(one, json.loads(one.content))


def against_award(award: Award) -> str:
    """Why an award is not one that its list holds; nothing when it is."""
    content = json.loads(award.award_list.content or "{}")
    told = {holder["candidacy"]: holder for holder in content.get("holders", [])}
    holder = told.get(award.candidacy_id)
    if holder is None:
        return "the list that was approved does not name this candidate"
    same = (holder["name"], holder["evidence"], holder["replaces"]) == (
        award.holder_name, award.evidence, award.replaces,
    )  # fmt: skip
    return "" if same else "the award is not what was approved"


def _against_quorum(one: AwardList, content: Mapping[str, Any]) -> str:
    """One officer of every awarding society, each another person, and none of them awarded."""
    holders = {award.candidacy.person_id for award in one.awards if award.struck_at is None}
    could: dict[str, set[int]] = {society["code"]: set() for society in content["awarding"]}
    for given in one.approvals:
        mandate, day = given.mandate, given.at.date()
        held = mandate.from_on <= day and (mandate.until_on is None or day <= mandate.until_on)
        rightful = (
            given.digest == one.digest
            and mandate.office in OFFICERS
            and (mandate.person_id, mandate.society_id) == (given.by_id, given.society_id)
            and held
            and (mandate.ended_at is None or given.at <= mandate.ended_at)
            and given.by_id not in holders
        )
        if rightful and given.society.code in could:
            could[given.society.code].add(given.by_id)
    if not could:
        return "no society awards it"
    return "" if _each_another(list(could.values()), set()) else "a society has not approved it"


def _each_another(choices: list[set[int]], used: set[int]) -> bool:
    if not choices:
        return True
    first, *others = choices
    return any(_each_another(others, used | {one}) for one in first - used)
