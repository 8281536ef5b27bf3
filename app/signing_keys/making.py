"""Making a key: here, in a token, or by taking in the certificate of one that is kept elsewhere."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509 import Certificate
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import hardware, sealed
from app.accounts.models import Person
from app.db import hold
from app.errors import Refusal
from app.journal.models import record
from app.schemes.models import Scheme
from app.signing_keys import certificates, queries
from app.signing_keys.life import certify, concerned, put_in_force
from app.signing_keys.models import (
    Algorithm,
    Keeping,
    Purpose,
    SigningKey,
    secret_purpose,
)
from app.signing_keys.signing import Private, new_private, private
from app.societies.models import Society
from app.texts import gettext as _

PLATFORM = "confer"


@dataclass(frozen=True)
class InToken:
    """A key pair in a token at "token/key", with the certificate in which it vouches for itself."""

    place: str
    public: PublicKeyTypes
    certificate: Certificate


def make_local(
    session: Session, *, purpose: Purpose, society: Society | None = None,
    scheme: Scheme | None = None, by: Person | None, at: datetime,
    algorithm: Algorithm | None = None, made: Private | None = None, waits: bool = False,
) -> SigningKey:  # fmt: skip
    """Make a key whose private part is kept here, sealed; it signs from now on, unless it waits.

    A seal key vouches for itself at first. `made` is a private key made before the transaction.
    """
    algorithm = algorithm or _usual(purpose)
    made = made or new_private(algorithm)
    name = _next_name(session, purpose, society, scheme)
    pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    key = _enter(
        session, name, made.public_key(), purpose=purpose, society=society, scheme=scheme,
        keeping=Keeping.LOCAL, secret=sealed.seal(pem, secret_purpose(purpose, name)), by=by, at=at,
    )  # fmt: skip
    _vouch_for_itself(session, key, by=by, at=at)
    if not waits:
        put_in_force(session, key, by=by, at=at)
    return key


def make_with_proof(
    session: Session, society: Society, *, by: Person | None, at: datetime,
    algorithm: Algorithm | None = None, made: Private | None = None, waits: bool = False,
) -> SigningKey:  # fmt: skip
    """Make a seal key and, when the society has none, the key for its credentials along with it."""
    key = make_local(session, purpose=Purpose.SEAL, society=society, by=by, at=at,
                     algorithm=algorithm, made=made, waits=waits)  # fmt: skip
    make_proof(session, society, by=by, at=at)
    return key


def make_proof(session: Session, society: Society, *, by: Person | None, at: datetime) -> None:
    """Make the society's key for credentials, unless one is in force."""
    if queries.in_force(session, Purpose.PROOF, society_id=society.id, at=at) is None:
        make_local(session, purpose=Purpose.PROOF, society=society, by=by, at=at)


def make_in_token(
    session: Session, society: Society, made: InToken, *,
    by: Person | None, at: datetime, waits: bool = False,
) -> SigningKey:  # fmt: skip
    """Enter a seal key that was made in a token; it signs now, unless it waits."""
    key = _enter(
        session, _next_name(session, Purpose.SEAL, society, None), made.public,
        purpose=Purpose.SEAL, society=society, scheme=None, keeping=Keeping.TOKEN,
        token=made.place, by=by, at=at,
    )  # fmt: skip
    certify(session, key, [made.certificate], by=by, at=at)
    if not waits:
        put_in_force(session, key, by=by, at=at)
    make_proof(session, society, by=by, at=at)
    return key


def take_in(
    session: Session, society: Society, found: Sequence[Certificate], *,
    by: Person | None, at: datetime, is_qualified: bool = False,
) -> SigningKey:  # fmt: skip
    """Enter a seal key that the society keeps itself, by its certificates; it signs from now on."""
    chain = certificates.chain(found, None, at=at)
    public = chain[0].public_key()
    if certificates.algorithm(public) in {None, "ed25519"}:
        raise Refusal(_("Seals are made with ECDSA on the curve P-256, or with RSA of 3072 or "
                        "4096 bits. This certificate is for another kind of key."))  # fmt: skip
    key = _enter(
        session, _next_name(session, Purpose.SEAL, society, None), public, purpose=Purpose.SEAL,
        society=society, scheme=None, keeping=Keeping.DEFERRED, by=by, at=at,
    )  # fmt: skip
    certify(session, key, chain, by=by, at=at, is_qualified=is_qualified)
    put_in_force(session, key, by=by, at=at)
    make_proof(session, society, by=by, at=at)
    return key


def make_successor(
    session: Session, key: SigningKey, *, by: Person | None, at: datetime,
    made: Private | None = None,
) -> SigningKey:  # fmt: skip
    """Make the next key for proofs or for the log; the one in force is retired by it."""
    if key.purpose is Purpose.SEAL:
        raise Refusal(_("A new seal is made on the page of the society's keys."))
    return make_local(session, purpose=key.purpose, society=key.society, scheme=key.scheme,
                      by=by, at=at, made=made)  # fmt: skip


def make_missing(session: Session, at: datetime) -> int:
    """Make the joint keys of schemes and the platform's own where there are none; how many."""
    made = 0
    for scheme in session.scalars(queries.schemes_without_key(at=at)).unique():
        hold(session, select(Scheme.id).where(Scheme.id == scheme.id))
        if queries.in_force(session, Purpose.PROOF, scheme_id=scheme.id, at=at) is None:
            make_local(session, purpose=Purpose.PROOF, scheme=scheme, by=None, at=at)
            made += 1
    if queries.in_force(session, Purpose.LOG, at=at) is None:
        make_local(session, purpose=Purpose.LOG, by=None, at=at)
        made += 1
    return made


def named(key: SigningKey) -> certificates.Named:
    """Whom a certificate for this key is made out to."""
    assert key.society is not None
    return named_for(key.society)


def named_for(society: Society) -> certificates.Named:
    """Whom a certificate for a seal of this society is made out to."""
    return certificates.Named(society.name, society.country, f"{society.short} diploma seal")


def _enter(
    session: Session, name: str, public: PublicKeyTypes, *, purpose: Purpose,
    society: Society | None, scheme: Scheme | None, by: Person | None, at: datetime,
    **kept: object,
) -> SigningKey:  # fmt: skip
    owners = {
        Purpose.SEAL: society,
        Purpose.PROOF: society or scheme,
        Purpose.COMPACT: scheme,
        Purpose.LOG: None,
    }
    if owners[purpose] is not (society or scheme):
        raise ValueError(f"a key for {purpose} has another kind of owner")
    text = certificates.public_pem(public)
    if session.scalars(select(SigningKey.name).where(SigningKey.public_key == text)).first():
        raise Refusal(_("This key is known already. Make a new one for a new certificate."))
    key = SigningKey(
        name=name, purpose=purpose, society=society, scheme=scheme, public_key=text,
        algorithm=Algorithm(str(certificates.algorithm(public))), made_at=at, made_by=by,
        certificates="", request="", retirement=None, compromise=None, **kept,
    )  # fmt: skip
    session.add(key)
    record(session, "signing_key.made", by=by, at=at, on=key, societies=concerned(key),
           purpose=str(purpose), algorithm=str(key.algorithm), keeping=str(key.keeping),
           fingerprint=key.fingerprint)  # fmt: skip
    return key


def _vouch_for_itself(
    session: Session, key: SigningKey, *, by: Person | None, at: datetime
) -> None:
    if key.purpose is Purpose.SEAL:
        holder = private(key)
        assert isinstance(holder, certificates.Private)
        own = certificates.self_signed(holder, named(key), at=at)
        certify(session, key, [own], by=by, at=at)


def _usual(purpose: Purpose) -> Algorithm:
    usual = {Purpose.SEAL: Algorithm.ECDSA_P256, Purpose.COMPACT: Algorithm.RSA_3072}
    return usual.get(purpose, Algorithm.ED25519)


def _next_name(
    session: Session, purpose: Purpose, society: Society | None, scheme: Scheme | None
) -> str:
    """The owner's code and the first number that no key of this purpose bears."""
    owner = society or scheme
    if society is not None:  # two officers at once make two keys, one after the other
        hold(session, select(Society.id).where(Society.id == society.id))
    code = owner.code if owner else PLATFORM
    taken = set(
        session.scalars(
            select(SigningKey.name).where(
                SigningKey.purpose == purpose, SigningKey.name.startswith(f"{code}-")
            )
        )
    )
    return next(n for i in range(1, len(taken) + 2) if (n := f"{code}-{i}") not in taken)


def place_in_token(
    label: str, algorithm: Algorithm, *, code: str, named: certificates.Named, at: datetime
) -> InToken:
    """Make a pair in a token, and let it vouch for itself, before a transaction is open."""
    name = f"confer-{code}-{at:%Y%m%d}-{secrets.token_hex(4)}"
    place, public = f"{label}/{name}", hardware.generate(label, name, str(algorithm))
    own = certificates.self_signed(hardware.private(place, public), named, at=at)
    return InToken(place, public, own)
