"""Which keys an owner has, and which of them signs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from app.schemes.models import Part, Scheme, SchemePart
from app.signing_keys.models import KeyCompromise, KeyRetirement, Purpose, SigningKey
from app.societies.models import Society


def whole() -> Select[SigningKey]:
    """Keys with whatever ended them, the society and the scheme."""
    return select(SigningKey).options(
        joinedload(SigningKey.society),
        joinedload(SigningKey.scheme),
        joinedload(SigningKey.retirement),
        joinedload(SigningKey.compromise),
    )


def signs(*, at: datetime) -> ColumnElement[bool]:
    """SQL of `SigningKey.is_in_force`."""
    retired = select(KeyRetirement.key_id).where(KeyRetirement.at <= at)
    in_doubt = select(KeyCompromise.key_id).where(KeyCompromise.since <= at)
    return and_(
        SigningKey.in_force_at <= at,
        or_(SigningKey.expires_at.is_(None), SigningKey.expires_at > at),
        SigningKey.id.not_in(retired),
        SigningKey.id.not_in(in_doubt),
    )


def in_force(
    session: Session, purpose: Purpose, *, at: datetime, society_id: int | None = None,
    scheme_id: int | None = None,
) -> SigningKey | None:  # fmt: skip
    """The key that signs for a society or a scheme; with neither, for the platform."""
    found = whole().where(owned_by(society_id, scheme_id), SigningKey.purpose == purpose)
    latest = found.where(signs(at=at)).order_by(SigningKey.in_force_at.desc(), SigningKey.id.desc())
    return session.scalars(latest).unique().first()


def in_force_of(
    session: Session, purpose: Purpose, society_ids: Iterable[int], *, at: datetime
) -> dict[int, SigningKey]:
    """The keys that sign for these societies, as far as they have one, in one statement."""
    found = whole().where(
        SigningKey.society_id.in_(list(society_ids)), SigningKey.purpose == purpose, signs(at=at)
    )
    ordered = found.order_by(SigningKey.in_force_at, SigningKey.id)
    return {key.society_id: key for key in session.scalars(ordered).unique() if key.society_id}


def ever(
    session: Session, purpose: Purpose | None = None, *, society_id: int | None = None,
    scheme_id: int | None = None,
) -> list[SigningKey]:  # fmt: skip
    """All keys that a society or a scheme (or the platform) ever had, oldest first."""
    found = whole().where(owned_by(society_id, scheme_id)).order_by(SigningKey.id)
    if purpose is not None:
        found = found.where(SigningKey.purpose == purpose)
    return list(session.scalars(found).unique())


def unended(session: Session, key: SigningKey) -> list[SigningKey]:
    """Other keys of the same owner and purpose that were not ended."""
    same = ever(session, key.purpose, society_id=key.society_id, scheme_id=key.scheme_id)
    return [one for one in same if one is not key and not one.has_ended]


def schemes_without_key(*, at: datetime) -> Select[Scheme]:
    """Schemes for whose societies together no key signs."""
    having = select(SigningKey.scheme_id).where(
        SigningKey.scheme_id.is_not(None), SigningKey.purpose == Purpose.PROOF, signs(at=at)
    )
    return Scheme.whole().where(Scheme.id.not_in(having)).order_by(Scheme.id)


def owned_by(society_id: int | None, scheme_id: int | None) -> ColumnElement[bool]:
    return and_(
        SigningKey.society_id.is_(None)
        if society_id is None
        else SigningKey.society_id == society_id,
        SigningKey.scheme_id.is_(None) if scheme_id is None else SigningKey.scheme_id == scheme_id,
    )


def is_any_missing(session: Session, *, at: datetime) -> bool:
    """Whether a scheme or the platform has no key of its own."""
    if in_force(session, Purpose.LOG, at=at) is None:
        return True
    lacking = schemes_without_key(at=at).with_only_columns(Scheme.id).order_by(None).limit(1)
    return session.scalars(lacking).first() is not None


def without_seal(
    session: Session, society_ids: Iterable[int], *, at: datetime
) -> list[tuple[Society, bool]]:
    """Of these societies those that award and lack a key; whether the seal itself is missing."""
    awarding = select(SchemePart.society_id).where(SchemePart.part == Part.AWARDING)
    having = {
        purpose: select(SigningKey.society_id).where(
            SigningKey.purpose == purpose, SigningKey.society_id.is_not(None), signs(at=at)
        )
        for purpose in (Purpose.SEAL, Purpose.PROOF)
    }
    lacks_seal = Society.id.not_in(having[Purpose.SEAL])
    found = select(Society, lacks_seal).where(
        Society.id.in_(list(society_ids)),
        Society.id.in_(awarding),
        or_(lacks_seal, Society.id.not_in(having[Purpose.PROOF])),
    )
    return [
        (society, bool(seal)) for society, seal in session.execute(found.order_by(Society.short))
    ]


def within(society_ids: Iterable[int]) -> ColumnElement[bool]:
    """The keys that a society's officers and auditors read: its own, those of schemes it has a part
    in, and the platform's."""
    ids = list(society_ids)
    parts = select(SchemePart.scheme_id).where(SchemePart.society_id.in_(ids))
    bodies = select(Scheme.id).where(Scheme.body_id.in_(ids))
    return or_(
        SigningKey.society_id.in_(ids),
        SigningKey.scheme_id.in_(parts),
        SigningKey.scheme_id.in_(bodies),
        and_(SigningKey.society_id.is_(None), SigningKey.scheme_id.is_(None)),
    )
