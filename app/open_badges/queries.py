"""What is known about joint credentials."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.awards.models import Award, AwardList
from app.credentials.models import Credential
from app.open_badges.models import OpenBadge, StatusList
from app.open_badges.picture import Badge
from app.schemes.models import Edition, Endorsement, Nature, Part, Scheme, SchemePart
from app.signing_keys.models import Purpose, SigningKey
from app.signing_keys.queries import signs
from app.societies.models import Society


def schemes_without_compact_key(session: Session, *, at: datetime) -> Sequence[Scheme]:
    """Schemes that have issued credentials and no key for their compact form."""
    having = select(SigningKey.scheme_id).where(
        SigningKey.scheme_id.is_not(None), SigningKey.purpose == Purpose.COMPACT, signs(at=at)
    )
    issuing = select(StatusList.scheme_id)
    found = Scheme.whole().where(Scheme.id.in_(issuing), Scheme.id.not_in(having))
    return session.scalars(found.order_by(Scheme.id)).unique().all()


def unendorsed(society_ids: Sequence[int], *, on: date, most: int) -> Select[Society, Edition]:
    """Editions that can still be applied for, with each of these societies that they name as
    endorsing and that has not said so in its own words."""
    said = exists().where(
        Endorsement.edition_id == Edition.id,
        Endorsement.society_id == Society.id,
        Endorsement.withdrawn_at.is_(None),
    )
    return (
        select(Society, Edition)
        .join(SchemePart, SchemePart.society_id == Society.id)
        .join(Edition, Edition.scheme_id == SchemePart.scheme_id)
        .where(
            Society.id.in_(society_ids),
            SchemePart.part == Part.ENDORSING,
            or_(Edition.closes_on.is_(None), Edition.closes_on >= on),
            ~said,
        )
        .order_by(Edition.id, Society.short)
        .limit(most)
        .options(joinedload(Edition.scheme))
    )


def published(serial: str) -> Select[OpenBadge]:
    """The joint credential of a diploma whose document is finished."""
    return (
        select(OpenBadge)
        .join(OpenBadge.credential)
        .where(Credential.serial == serial, Credential.file_digest.is_not(None))
        .options(
            contains_eager(OpenBadge.credential)
            .joinedload(Credential.award)
            .joinedload(Award.award_list)
            .joinedload(AwardList.edition)
            .joinedload(Edition.scheme)
            .selectinload(Scheme.parts)
            .joinedload(SchemePart.society)
        )
    )


def scheme_of(badge: OpenBadge) -> Scheme:
    return _scheme_of(badge.credential)


def _scheme_of(credential: Credential) -> Scheme:
    award = credential.award
    assert award is not None
    return award.award_list.edition.scheme


def badge_for(badge: OpenBadge) -> Badge:
    """The picture of a holder's badge, with the names and colours of the day of issue."""
    return badge_of_diploma(badge.credential)


def badge_of_diploma(credential: Credential) -> Badge:
    snapshot = credential.snapshot
    return _badge(
        _scheme_of(credential).code, snapshot["title"], snapshot["nature"], snapshot["edition"],
        [(society["short"], society["colour"]) for society in snapshot["awarding"]],
    )  # fmt: skip


def badge_of(scheme: Scheme) -> Badge:
    """The picture of a scheme's badge as it is issued now."""
    latest = max(scheme.editions, key=lambda edition: (edition.opens_on, edition.id), default=None)
    return _badge(
        scheme.code, scheme.title, scheme.nature, latest.name if latest else "",
        [(society.short, society.colour) for society in scheme.awarding],
    )  # fmt: skip


def _badge(
    code: str, title: str, nature: str, edition: str, societies: Sequence[tuple[str, str]]
) -> Badge:
    is_certification = nature == Nature.CERTIFICATION
    return Badge(
        code=code,
        title=title,
        over="Certification" if is_certification else "Certificate",
        edition=edition,
        shorts=tuple(short for short, _colour in societies),
        colours=tuple(colour for _short, colour in societies),
    )


def endorsable(society_ids: Sequence[int]) -> Select[Scheme]:
    """The schemes that these societies endorse, with their editions."""
    parts = select(SchemePart.scheme_id).where(
        SchemePart.society_id.in_(society_ids), SchemePart.part == Part.ENDORSING
    )
    return Scheme.whole().where(Scheme.id.in_(parts)).order_by(Scheme.title)


def endorsements(session: Session, editions: Sequence[int]) -> dict[tuple[int, int], Endorsement]:
    """What stands for these editions, by edition and society."""
    found = select(Endorsement).where(
        Endorsement.edition_id.in_(editions), Endorsement.withdrawn_at.is_(None)
    )
    whole: Any = found.options(joinedload(Endorsement.society), joinedload(Endorsement.by))
    return {(one.edition_id, one.society_id): one for one in session.scalars(whole)}
