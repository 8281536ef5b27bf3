"""A society with keys, an authority above it, and a token to keep one in."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Flask
from sqlalchemy.orm import Session

from app import hardware
from app.signing_keys import asking, making, queries, throwaway
from app.signing_keys.models import Purpose, SigningKey
from app.signing_keys.throwaway import Authority
from tests.cast import NOON, Societies
from tests.schemes.stage import edition, past_webinar, rules, scheme

__all__ = ["edition", "past_webinar", "rules", "scheme"]

SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "a pin=of tests"


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


@pytest.fixture(scope="session")
def softhsm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A token of the label "office seal" in a folder of its own."""
    assert SOFTHSM.is_file(), "install softhsm2"
    folder = tmp_path_factory.mktemp("tokens")
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder}\nobjectstore.backend = file\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(settings)
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", "office seal", "--pin", PIN,
         "--so-pin", "of the office"],
        check=True, capture_output=True, timeout=30,
    )  # fmt: skip
    yield folder
    if before is None:
        del os.environ["SOFTHSM2_CONF"]


@pytest.fixture
def with_token(stage: Flask, softhsm: Path) -> Iterator[Flask]:
    """The application with the token of the office."""
    settings = stage.config["SETTINGS"]
    stage.config["SETTINGS"] = replace(
        settings, pkcs11_library=str(SOFTHSM), pkcs11_pins=(("office seal", PIN),)
    )
    yield stage
    stage.config["SETTINGS"] = settings
    hardware.close_all()
