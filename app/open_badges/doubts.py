"""What a key for proofs has signed, for those who doubt the key."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.credentials.models import Credential
from app.open_badges.models import OpenBadge
from app.signing_keys.doubts import Signed
from app.signing_keys.models import Purpose, SigningKey


def proved_with(session: Session, key: SigningKey) -> list[Signed]:
    """Credentials that bear a proof of it: each proof names the key by its fragment.

    A credential by itself bears no time of an independent authority.
    """
    if key.purpose is not Purpose.PROOF:
        return []
    credential = joinedload(OpenBadge.credential, innerjoin=True)
    badges = (
        select(OpenBadge)
        .options(credential.load_only(Credential.serial, Credential.snapshot),
                 credential.joinedload(Credential.revocation),
                 credential.joinedload(Credential.supersession))
        .where(OpenBadge.document.contains(f'#{key.name}"', autoescape=True))
    )  # fmt: skip
    return [
        Signed(badge.credential.serial, badge.credential.title, badge.made_at,
               is_over=badge.credential.is_over)
        for badge in session.scalars(badges)
    ]  # fmt: skip
