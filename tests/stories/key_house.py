"""The keys of each side: a seal in force, one that waits, one for credentials, those shared."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy.orm import Session

from app.clock import now
from app.schemes.models import Scheme
from app.signing_keys import asking, making, queries, throwaway
from app.signing_keys.models import Purpose, SigningKey
from app.societies.models import Society
from tests.cast import NOON, keys_for
from tests.stories.file import File


def keys_of_side(session: Session, lead: Society, others: list[Society], scheme: Scheme) -> dict:
    """Nouns for every page about keys."""
    keys_for(session, lead, *others)
    seal = queries.in_force(session, Purpose.SEAL, society_id=lead.id, at=now())
    proof = queries.in_force(session, Purpose.PROOF, society_id=lead.id, at=now())
    waiting = making.make_local(session, purpose=Purpose.SEAL, society=lead, by=None, at=NOON,
                                waits=True)  # fmt: skip
    making.make_missing(session, NOON)
    joint = queries.in_force(session, Purpose.PROOF, scheme_id=scheme.id, at=now())
    log = queries.in_force(session, Purpose.LOG, at=now())
    assert seal and proof and joint and log
    session.flush()
    return {
        "seal": seal.id,
        "proof": proof.id,
        "waiting seal": waiting.id,
        "joint key": joint.id,
        "log key": log.id,
        "chain": _chain(session, waiting),
        "own chain": _own_chain(lead),
    }


def _chain(session: Session, key: SigningKey) -> File:
    """What an authority sends for the request of a key."""
    asking.request(session, key, by=None, at=NOON)
    above = throwaway.authority()
    asked = x509.load_pem_x509_csr(key.request.encode())
    return _file(above.certify(asked), above.certificate)


def _own_chain(society: Society) -> File:
    """Certificates of a seal that the society keeps itself."""
    made = throwaway.signer(society.short, under=throwaway.authority())
    return _file(*(x509.load_der_x509_certificate(one) for one in made.certificates))


def _file(*certificates: x509.Certificate) -> File:
    return File(b"".join(one.public_bytes(Encoding.PEM) for one in certificates), "chain.pem")
