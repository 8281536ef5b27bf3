"""How far a candidate's award is: what the candidate sees of the list they stand on."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from app.awards.models import Approval, Award, AwardList
from app.schemes.models import Candidacy
from app.societies.models import Society


@dataclass(frozen=True)
class Place:
    """A candidate's place on a list, and which societies have approved it as it stands."""

    award: Award
    approved: tuple[Approval, ...]
    missing: tuple[Society, ...]

    @property
    def award_list(self) -> AwardList:
        return self.award.award_list


def followed(session: Session, candidacy: Candidacy) -> Place | None:
    """The latest list a candidate stands on, or nothing."""
    award = session.scalars(
        select(Award)
        .join(Award.award_list)
        .where(Award.candidacy_id == candidacy.id, Award.struck_at.is_(None))
        .order_by(Award.id.desc())
        .limit(1)
        .options(
            contains_eager(Award.award_list)
            .selectinload(AwardList.approvals)
            .joinedload(Approval.society, innerjoin=True),
            contains_eager(Award.award_list).joinedload(AwardList.release),
        )
    ).first()
    if award is None:
        return None
    approved = tuple(award.award_list.standing_approvals)
    ids = {a.society_id for a in approved}
    missing = tuple(s for s in candidacy.edition.scheme.awarding if s.id not in ids)
    return Place(award, approved, missing)
