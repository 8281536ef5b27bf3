"""Which keys an owner has, and which of them signs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from app.schemes.models import Scheme
from app.signing_keys.models import KeyCompromise, KeyRetirement, Purpose, SigningKey


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
