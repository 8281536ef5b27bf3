"""A society with keys, an authority above it, and a token to keep one in."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy.orm import Session

from app.signing_keys import asking, making, queries, throwaway
from app.signing_keys.models import Purpose, SigningKey
from app.signing_keys.throwaway import Authority
from tests.cast import NOON, Societies
from tests.schemes.stage import edition, past_webinar, rules, scheme

__all__ = ["edition", "past_webinar", "rules", "scheme"]


@pytest.fixture
def seal(session: Session, societies: Societies) -> SigningKey:
    """The seal of EFRS, in force since noon of the first of September."""
    key = making.make_with_proof(session, societies.efrs, by=None, at=NOON)
    session.commit()
    return key


@pytest.fixture
def proof(session: Session, seal: SigningKey) -> SigningKey:
    """The key for credentials that came with it."""
    key = queries.in_force(session, Purpose.PROOF, society_id=seal.society_id, at=NOON)
    assert key is not None
    return key


@pytest.fixture(scope="session")
def authority() -> Authority:
    return throwaway.authority("Trust Services of the Netherlands", at=NOON)


def chain_for(session: Session, key: SigningKey, authority: Authority) -> list[x509.Certificate]:
    """What the authority sends for the key's request."""
    asking.request(session, key, by=None, at=NOON)
    asked = x509.load_pem_x509_csr(key.request.encode())
    return [authority.certify(asked, at=NOON), authority.certificate]


def as_pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(one.public_bytes(Encoding.PEM) for one in certificates)
