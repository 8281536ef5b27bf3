"""A diploma of two societies that seal here, as the tests of credentials award it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.credentials.issuing import issue_diploma
from app.credentials.models import Credential
from app.files import files
from app.schemes.models import Scheme
from app.sealing.models import Seal
from app.signing_keys import certificates
from app.signing_keys.life import retire
from app.signing_keys.making import take_in
from app.signing_keys.models import Purpose, SigningKey
from app.signing_keys.queries import in_force
from app.societies.models import Society
from tests.credentials.conftest import (
    ISSUED,
    address,
    anas_attendance,
    anas_certificate,
    anas_diploma,
    make_award,
    make_completion,
)
from tests.sealing.keys import give_keys
from tests.sealing.pki import Authority, TestSigner

__all__ = ["anas_attendance", "anas_certificate", "anas_diploma", "make_award", "make_completion"]


@pytest.fixture
def keys(session: Session, anas_diploma: Credential) -> None:
    """Everybody who awards Ana's diploma seals it here."""
    give_keys(session)


@pytest.fixture
def bens_diploma(session: Session, ben, make_award) -> Credential:
    credential = issue_diploma(session, make_award(ben), at=ISSUED, address=address)
    session.commit()
    return credential


@pytest.fixture
def signs_elsewhere(
    session: Session, keys: None
) -> Callable[[Society], tuple[SigningKey, TestSigner]]:
    """Let a society keep its key itself, under an authority of its own."""

    def take(society: Society, algorithm: str = "ecdsa-p256") -> tuple[SigningKey, TestSigner]:
        authority = Authority()
        signer = authority.signer(society.name, algorithm)
        found = [*certificates.read(_pem(signer.certificates[0])),
                 *certificates.read(authority.pem)]  # fmt: skip
        if former := in_force(session, Purpose.SEAL, at=now(), society_id=society.id):
            retire(session, former, by=None, at=now(), reason="It signs itself.")
        key = take_in(session, society, found, by=None, at=now())
        session.commit()
        return key, signer

    return take


def _pem(der: bytes) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)


@pytest.fixture
def configure(stage: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Other settings for the length of a test."""

    def change(**facts: object) -> None:
        from dataclasses import replace

        monkeypatch.setitem(stage.config, "SETTINGS", replace(stage.config["SETTINGS"], **facts))  # type: ignore[arg-type]

    return change


def document(credential: Credential) -> bytes:
    assert credential.file_digest is not None
    return files.read(credential.file_digest)


def roots(session: Session) -> list[bytes]:
    """The last certificate of every seal key: whom others have to trust."""
    keys = session.scalars(select(SigningKey).where(SigningKey.purpose == Purpose.SEAL)).unique()
    return [certificates.der(key.certificates)[-1] for key in keys]


def seals(session: Session, credential: Credential) -> list[tuple[int, str]]:
    found = session.scalars(
        select(Seal).where(Seal.credential_id == credential.id).order_by(Seal.position)
    )
    return [(one.position, one.society.code) for one in found]


def scheme_of(credential: Credential) -> Scheme:
    assert credential.award is not None
    return credential.award.award_list.edition.scheme
