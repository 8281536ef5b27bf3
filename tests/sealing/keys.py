"""Signing keys for everybody who awards in a scheme."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.schemes.models import Scheme
from app.signing_keys import making
from app.signing_keys.models import Purpose, SigningKey
from app.signing_keys.queries import ever
from app.societies.models import Society
from tests.cast import NOON, keys_for


def give_keys(session: Session, *but: Society) -> None:
    """Keys for the societies of every scheme but these, and the joint ones."""
    for scheme in session.scalars(select(Scheme)).unique():
        for society in scheme.awarding:
            if society not in but and not ever(session, Purpose.SEAL, society_id=society.id):
                keys_for(session, society)
        if not ever(session, Purpose.PROOF, scheme_id=scheme.id):
            making.make_local(session, purpose=Purpose.PROOF, scheme=scheme, by=None, at=NOON)
    session.commit()


def seal_key(session: Session, society: Society) -> SigningKey:
    return ever(session, Purpose.SEAL, society_id=society.id)[-1]
