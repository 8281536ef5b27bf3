"""Turning a society's key; the last one releases the list."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app import jobs
from app.accounts.models import Person
from app.awards.drawing_up import lock
from app.awards.emails import await_keys
from app.awards.models import Approval, AwardList, Release
from app.awards.queries import case, key_holders
from app.awards.quorum import Case, Party, Turn, against_approving, against_release, quorum
from app.errors import Refusal
from app.journal.models import record
from app.societies.models import Mandate, Society


def approve(
    session: Session,
    award_list: AwardList,
    society: Society,
    *,
    seen: str,
    by: Person,
    at: datetime,
) -> Release | None:
    """Turn a society's key for the digest that its officer saw; answer the release, if it was last.

    Everything is weighed anew under the list's lock. Who turns the same key twice does it once.
    """
    lock(session, award_list)
    on = at.date()
    mandate = key_holders(session, [society.id], on=on).get((by.id, society.id))
    now = case(session, award_list, on=on)
    turn = Turn(by.id, Party(society.id, society.short), seen, mandate is not None)
    Refusal.unless_none(against_approving(now, turn))
    assert mandate is not None
    if all(a.by_id != by.id for a in award_list.standing_approvals):
        _turn(session, award_list, society, mandate, at=at)
        now = case(session, award_list, on=on)
        if len(award_list.standing_approvals) == 1:
            missing = {party.id for party in quorum(now).missing}
            others = [s for s in award_list.scheme.awarding if s.id in missing]
            await_keys(session, award_list, others, at=at, approved=society)
    return None if against_release(now) else _release(session, award_list, now, by=by, at=at)


def _turn(
    session: Session, award_list: AwardList, society: Society, mandate: Mandate, *, at: datetime
) -> None:
    assert award_list.digest is not None
    approval = Approval(
        society=society, mandate=mandate, by=mandate.person, at=at, digest=award_list.digest
    )
    award_list.approvals.append(approval)
    session.flush()  # of two at once the second is refused here, before anything rests on its key
    record(
        session,
        "award_list.approved",
        by=mandate.person,
        at=at,
        on=award_list,
        societies=[society, *award_list.scheme.deciding],
        digest=award_list.digest,
        mandate=mandate.id,
    )


def _release(
    session: Session, award_list: AwardList, now: Case, *, by: Person, at: datetime
) -> Release:
    assert now.digest is not None
    release = Release(award_list=award_list, at=at, on=at.date(), digest=now.digest)
    session.add(release)
    session.flush()
    record(
        session,
        "award_list.released",
        by=by,
        at=at,
        on=award_list,
        societies=award_list.scheme.deciding,
        digest=now.digest,
        awarding=[p.short for p in now.awarding],
        holders=len(now.holders),
    )
    jobs.nudge(session)
    return release
