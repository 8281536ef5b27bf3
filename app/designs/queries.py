"""Which design holds for a scheme or a society."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.designs import choices
from app.designs.models import Design, DesignVersion, Occasion
from app.schemes.models import Part, Scheme, SchemePart
from app.societies.models import Society


def begun(session: Session, owner: Scheme | Society) -> Design | None:
    """The design of a scheme's diplomas or a society's certificates, if somebody has begun one."""
    owned = (
        Design.scheme_id == owner.id if isinstance(owner, Scheme) else Design.society_id == owner.id
    )
    return session.scalars(_whole().where(owned)).one_or_none()


def latest(
    session: Session, *, scheme_id: int | None = None, society_id: int | None = None
) -> DesignVersion | None:
    """The version that is published last; nothing where our own design holds."""
    owner = Design.scheme_id == scheme_id if scheme_id else Design.society_id == society_id
    return session.scalars(
        select(DesignVersion)
        .join(DesignVersion.design)
        .where(owner)
        .order_by(DesignVersion.number.desc())
        .limit(1)
    ).first()


def version_of(session: Session, scheme_id: int, number: int) -> DesignVersion | None:
    """The version of this number of a scheme's design."""
    return session.scalars(
        select(DesignVersion)
        .join(DesignVersion.design)
        .where(Design.scheme_id == scheme_id, DesignVersion.number == number)
    ).one_or_none()


def in_snapshot(version: DesignVersion | None, occasion: Occasion) -> dict[str, Any]:
    """What a snapshot says of its design: the version and every choice."""
    if version is None:
        return {"version": None, "choices": choices.whole({}, occasion=str(occasion))}
    return {"version": version.number, "digest": version.digest, "choices": version.choices}


def reach(society_ids: Sequence[int]) -> Select[Scheme]:
    """The schemes that these societies award: their officers design the diplomas."""
    awarded = select(SchemePart.scheme_id).where(
        SchemePart.society_id.in_(society_ids), SchemePart.part == Part.AWARDING
    )
    return Scheme.whole().where(Scheme.id.in_(awarded)).order_by(Scheme.title)


def versions_of(society_ids: Sequence[int]) -> Select[DesignVersion]:
    """The published versions that officers of these societies may look at."""
    awarded = select(SchemePart.scheme_id).where(
        SchemePart.society_id.in_(society_ids), SchemePart.part == Part.AWARDING
    )
    within = or_(Design.scheme_id.in_(awarded), Design.society_id.in_(society_ids))
    return (
        select(DesignVersion)
        .join(DesignVersion.design)
        .where(within)
        .options(
            joinedload(DesignVersion.published_by, innerjoin=True),
            joinedload(DesignVersion.design, innerjoin=True).options(
                joinedload(Design.society), joinedload(Design.scheme), selectinload(Design.versions)
            ),
        )
    )


def designs_of(
    session: Session, scheme_ids: Sequence[int], society_ids: Sequence[int]
) -> Sequence[Design]:
    """The designs that have been begun for these."""
    owned = or_(Design.scheme_id.in_(scheme_ids), Design.society_id.in_(society_ids))
    return session.scalars(_whole().where(owned)).all()


def _whole() -> Select[Design]:
    return select(Design).options(
        selectinload(Design.versions).joinedload(DesignVersion.published_by, innerjoin=True)
    )
