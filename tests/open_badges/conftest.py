"""What the tests of credentials stand on: a diploma of two societies, and keys for all of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy.orm import Session

from app.credentials.models import Credential
from app.open_badges.issuing import badge
from app.open_badges.models import OpenBadge
from app.open_badges.multibase import from_multikey
from app.schemes.models import Scheme
from app.signing_keys.making import make_local
from app.signing_keys.models import Purpose
from app.signing_keys.queries import ever
from app.signing_keys.signing import new_private
from tests.credentials.conftest import (
    ISSUED,
    anas_diploma,
    make_award,
)

__all__ = ["anas_diploma", "make_award"]

MADE = datetime(2026, 1, 5, 9, tzinfo=UTC)
PROVEN = datetime(2026, 10, 16, 9, 5, tzinfo=UTC)
assert MADE < ISSUED < PROVEN


def published_keys(document: dict[str, Any]) -> dict[str, Ed25519PublicKey]:
    """The keys in a DID document by their methods, as a stranger reads them."""
    return {
        method["id"]: from_multikey(method["publicKeyMultibase"])
        for method in document["verificationMethod"]
        if method["type"] == "Multikey"
    }


def give_keys(session: Session, scheme: Scheme) -> None:
    """A key for credentials to every society with a part in the scheme, and the joint ones."""
    for society in scheme.concerned:
        if not ever(session, Purpose.PROOF, society_id=society.id):
            make_local(session, purpose=Purpose.PROOF, society=society, by=None, at=MADE)
    make_local(session, purpose=Purpose.PROOF, scheme=scheme, by=None, at=MADE)
    make_local(session, purpose=Purpose.COMPACT, scheme=scheme, by=None, at=MADE, made=RSA_KEY)


RSA_KEY = new_private("rsa-3072")  # type: ignore[arg-type]


@pytest.fixture
def scheme(session, anas_diploma) -> Scheme:
    """The scheme of Ana's diploma, whose societies all have keys."""
    scheme = anas_diploma.award.award_list.edition.scheme
    give_keys(session, scheme)
    session.commit()
    return scheme


@pytest.fixture
def anas_badge(session, scheme, anas_diploma: Credential) -> OpenBadge:
    made = badge(session, anas_diploma, at=PROVEN)
    session.commit()
    return made
