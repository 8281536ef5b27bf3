"""What is known about joint credentials."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.open_badges.models import StatusList
from app.schemes.models import Scheme
from app.signing_keys.models import Purpose, SigningKey
from app.signing_keys.queries import signs


def schemes_without_compact_key(session: Session, *, at: datetime) -> Sequence[Scheme]:
    """Schemes that have issued credentials and no key for their compact form."""
    having = select(SigningKey.scheme_id).where(
        SigningKey.scheme_id.is_not(None), SigningKey.purpose == Purpose.COMPACT, signs(at=at)
    )
    issuing = select(StatusList.scheme_id)
    found = Scheme.whole().where(Scheme.id.in_(issuing), Scheme.id.not_in(having))
    return session.scalars(found.order_by(Scheme.id)).unique().all()
