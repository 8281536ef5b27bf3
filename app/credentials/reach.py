"""Which credentials the staff of societies may see and act on."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, or_, select

from app.agenda.models import Organiser
from app.awards.models import Award, AwardList
from app.completions.models import Completion
from app.credentials.models import Credential
from app.schemes.models import Edition, Part, SchemePart
from app.societies.models import Society


def within(*, organising: Sequence[int], awarding: Sequence[int]) -> Select[Credential]:
    """Certificates of activities these societies organise; diplomas that these societies award."""
    organised = select(Completion.id).where(
        Completion.activity_id.in_(
            select(Organiser.activity_id).where(Organiser.society_id.in_(organising))
        )
    )
    awarded = (
        select(Award.id)
        .join(AwardList)
        .join(Edition)
        .join(SchemePart, SchemePart.scheme_id == Edition.scheme_id)
        .where(SchemePart.society_id.in_(awarding), SchemePart.part == Part.AWARDING)
    )
    return Credential.whole().where(
        or_(Credential.completion_id.in_(organised), Credential.award_id.in_(awarded))
    )


def issuers(credentials: Select[int]) -> Select[int]:
    """The societies that issued these: of diplomas the awarding ones, else the organisers."""
    issued = select(Credential.award_id, Credential.completion_id).where(
        Credential.id.in_(credentials)
    )
    completions = select(issued.subquery().c.completion_id)
    awards = select(issued.subquery().c.award_id)
    organising = (
        select(Organiser.society_id)
        .join(Completion, Completion.activity_id == Organiser.activity_id)
        .where(Completion.id.in_(completions))
    )
    awarding = (
        select(SchemePart.society_id)
        .join(Edition, Edition.scheme_id == SchemePart.scheme_id)
        .join(AwardList)
        .join(Award)
        .where(Award.id.in_(awards), SchemePart.part == Part.AWARDING)
    )
    return select(Society.id).where(or_(Society.id.in_(organising), Society.id.in_(awarding)))
