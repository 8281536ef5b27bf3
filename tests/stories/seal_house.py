"""A document on each side that waits for the signature of its leading society."""

from __future__ import annotations

from datetime import timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy.orm import Session

from app.clock import now
from app.credentials.models import Credential
from app.files import files
from app.sealing.models import SigningRequest
from app.signing_keys import certificates
from app.signing_keys.models import Algorithm, Keeping, Purpose, SigningKey
from app.societies.models import Society
from tests.cast import NOON
from tests.stories.file import File

TO_SIGN = b"the digest of a diploma"


def seals_of_side(session: Session, lead: Society, credential: Credential) -> dict:
    """Nouns for the pages about what waits for seals."""
    private = ec.generate_private_key(ec.SECP256R1())
    key = SigningKey(
        society=lead, purpose=Purpose.SEAL, name=f"{lead.code}-elsewhere", made_at=NOON,
        in_force_at=NOON - timedelta(days=1),
        algorithm=Algorithm.ECDSA_P256, keeping=Keeping.DEFERRED, certificates="", request="",
        public_key=certificates.public_pem(private.public_key()), retirement=None,
        compromise=None,
    )  # fmt: skip
    asked = SigningRequest(
        credential=credential, purpose=Purpose.SEAL, society=lead, key=key, position=1,
        sealed_by=[], file_digest=files.keep(b"%PDF-1.7 unfinished " + lead.code.encode()),
        to_sign=TO_SIGN, asked_at=now(),
    )  # fmt: skip
    credential.held_for = lead
    session.add_all([key, asked])
    session.flush()
    signature = private.sign(TO_SIGN, ec.ECDSA(hashes.SHA256()))
    return {
        "awaiting": credential.serial,
        "signature": File(signature, f"{credential.serial}.sig"),
    }
