"""What waits for a society's signature, and what else waits for a seal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from app.awards.models import Award, AwardList
from app.credentials import typesetting
from app.credentials.models import Credential
from app.schemes.models import Edition, Part, SchemePart
from app.sealing.models import SigningRequest
from app.signing_keys.models import SigningKey
from app.signing_keys.queries import signs
from app.societies.models import Society


def awaited(society_ids: Sequence[int], *, at: datetime) -> Select[SigningRequest]:
    """What these societies are asked to sign with keys in force, the oldest first: one request
    for each diploma."""
    return (
        select(SigningRequest)
        .join(Credential)
        .join(SigningKey, SigningKey.id == SigningRequest.key_id)
        .where(
            SigningRequest.society_id.in_(society_ids),
            SigningRequest.signature.is_(None),
            Credential.held_for_id == SigningRequest.society_id,
            typesetting.held(),
            signs(at=at),
        )
        .order_by(SigningRequest.asked_at, SigningRequest.id)
        .options(
            joinedload(SigningRequest.credential),
            joinedload(SigningRequest.society),
            joinedload(SigningRequest.key).joinedload(SigningKey.retirement),
            joinedload(SigningRequest.key).joinedload(SigningKey.compromise),
        )
    )


def to_sign_alone() -> ORMOption:
    """Without the snapshots: who signs thousands at once needs their serials only."""
    return joinedload(SigningRequest.credential).defer(Credential.snapshot)


def numbers(
    session: Session, society_ids: Sequence[int], *, at: datetime
) -> list[tuple[Society, int]]:
    """How many diplomas wait for the signature of each of these societies that is awaited."""
    waiting = awaited(society_ids, at=at).order_by(None)
    counted = (
        waiting.with_only_columns(SigningRequest.society_id, func.count().label("number"))
        .group_by(SigningRequest.society_id)
        .subquery()
    )
    found = (
        select(Society, counted.c.number)
        .join(counted, counted.c.society_id == Society.id)
        .order_by(Society.short)
    )
    return [(society, number) for society, number in session.execute(found)]


def held(society_ids: Sequence[int]) -> Select[Credential]:
    """Diplomas that these societies award and that wait for a seal, whoever's it is."""
    awarded = (
        select(Award.id)
        .join(AwardList)
        .join(Edition)
        .join(SchemePart, SchemePart.scheme_id == Edition.scheme_id)
        .where(SchemePart.society_id.in_(society_ids), SchemePart.part == Part.AWARDING)
    )
    return (
        select(Credential)
        .where(
            typesetting.held(),
            Credential.award_id.in_(awarded),
        )
        .order_by(Credential.id)
        .options(joinedload(Credential.held_for))
    )


def waiting_for_others(
    session: Session, society_ids: Sequence[int], *, after: int, most: int, at: datetime
) -> tuple[Sequence[Credential], int | None]:
    """A page of what these societies cannot sign now, and from where the next one reads on."""
    mine = awaited(society_ids, at=at).order_by(None)
    asked = mine.with_only_columns(SigningRequest.credential_id)
    found = session.scalars(
        held(society_ids).where(Credential.id > after, Credential.id.not_in(asked)).limit(most + 1)
    ).all()
    return found[:most], found[most - 1].id if len(found) > most else None
