"""The credentials that strangers ask about: a diploma with its seals, proofs and time stamp."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from app.credentials.models import Credential
from app.files import files
from app.open_badges.models import OpenBadge
from app.sealing.jobs import typeset
from app.signing_keys import making
from app.signing_keys.models import Purpose
from app.verification.reading.sort import read
from tests.credentials.conftest import (
    anas_attendance,
    anas_certificate,
    anas_diploma,
    make_award,
    make_completion,
)
from tests.sealing.conftest import configure

__all__ = ["anas_attendance", "anas_certificate", "anas_diploma", "configure", "make_award",
           "make_completion"]  # fmt: skip

KEYS_MADE = datetime(2026, 9, 1, tzinfo=UTC)


def give_keys(session: Session, societies, scheme) -> None:
    """Keys for every society, for the scheme and for the platform."""
    for society in (societies.eusomii, societies.siim, societies.efrs):
        making.make_with_proof(session, society, by=None, at=KEYS_MADE)
    making.make_local(session, purpose=Purpose.PROOF, scheme=scheme, by=None, at=KEYS_MADE)
    making.make_local(session, purpose=Purpose.LOG, by=None, at=KEYS_MADE)


def finish(session: Session, credential: Credential) -> bytes:
    """Prove, set, seal and write down a diploma as the workers do; answer its file."""
    session.commit()
    typeset(credential.id)
    session.expire_all()
    digest = credential.file_digest
    assert digest, credential.last_error or credential.held_for
    session.commit()
    return files.read(digest)


def without_last_seal(content: bytes) -> bytes:
    """The document as it was before its last seal: a whole and valid file."""
    count = len(read(content).seals)
    ends = [match.end() for match in re.finditer(rb"%%EOF\r?\n?", content)]
    return next(
        part for part in (content[:end] for end in reversed(ends)) if len(read(part).seals) < count
    )


@pytest.fixture
def scheme(session, societies, anas_diploma):
    """The scheme of Ana's diploma, in which everybody has keys."""
    scheme = anas_diploma.award.award_list.edition.scheme
    give_keys(session, societies, scheme)
    session.commit()
    return scheme


@pytest.fixture
def sealed_pdf(session, scheme, anas_diploma) -> bytes:
    """Ana's diploma, sealed by EuSoMII and SIIM."""
    return finish(session, anas_diploma)


@pytest.fixture
def document(session, sealed_pdf, anas_diploma) -> dict:
    """Her credential, as it is attached to the diploma."""
    return json.loads(session.get_one(OpenBadge, anas_diploma.id).document)
