"""The credentials that strangers ask about: a diploma with its seals, proofs and time stamp."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from app.clock import now
from app.credentials.models import Credential
from app.designs import sheet
from app.files import files
from app.open_badges.issuing import badge
from app.open_badges.models import OpenBadge
from app.pdf import Attachment, SealField
from app.sealing.models import Seal
from app.signing_keys import making, signing
from app.signing_keys.models import Purpose
from app.signing_keys.queries import in_force_of
from app.verification.keys import Party
from tests.credentials.conftest import (
    anas_attendance,
    anas_certificate,
    anas_diploma,
    make_award,
    make_completion,
)
from tests.verification.sealed import Sealer, sealed, typesetter

__all__ = ["anas_attendance", "anas_certificate", "anas_diploma", "make_award", "make_completion"]

KEYS_MADE = datetime(2026, 9, 1, tzinfo=UTC)


def give_keys(session: Session, societies, scheme) -> None:
    """Keys for every society, for the scheme and for the platform."""
    for society in (societies.eusomii, societies.siim, societies.efrs):
        making.make_with_proof(session, society, by=None, at=KEYS_MADE)
    making.make_local(session, purpose=Purpose.PROOF, scheme=scheme, by=None, at=KEYS_MADE)
    making.make_local(session, purpose=Purpose.LOG, by=None, at=KEYS_MADE)


def finish(session: Session, credential: Credential, *, at: datetime | None = None) -> bytes:
    """Prove, set and seal a diploma; answer its file."""
    at = at or now()
    societies = credential.award.award_list.scheme.awarding
    attached = badge(session, credential, at=at).document.encode()
    content = typesetter().typeset(
        sheet.page(credential.snapshot),
        attachments=[Attachment("credential.json", attached, "Credential")],
        seal_fields=[SealField(one.code, f"Seal of {one.name}") for one in societies],
    )
    keys = in_force_of(session, Purpose.SEAL, [one.id for one in societies], at=at)
    sealers = [
        Sealer(Party(one.code, one.short, one.name), signing.signer(keys[one.id]))
        for one in societies
    ]
    content = sealed(content, sealers)
    for position, one in enumerate(societies, 1):
        session.add(
            Seal(credential=credential, position=position, society=one, key=keys[one.id], at=at)
        )
    credential.file_digest, credential.file_size = files.keep(content), len(content)
    credential.typeset_at = at
    session.commit()
    return content


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
