"""Issuing the joint credential of a diploma: built, guarded, and proven by all who award it."""

from __future__ import annotations

import hashlib
import json
import secrets
import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import site
from app.credentials.models import Credential
from app.errors import Refusal
from app.open_badges import did, endorsing, guard, lists, pinned, proofs
from app.open_badges.document import Common, Level, Party, build, slots
from app.open_badges.models import OpenBadge, StatusPurpose
from app.open_badges.mould import Ambiguous, Mould, slot
from app.schemes.models import Edition, Nature, Scheme
from app.signing_keys.models import Purpose, SigningKey
from app.signing_keys.queries import in_force, in_force_of
from app.signing_keys.signing import signer
from app.societies.models import Society, hold
from app.texts import gettext as _


class NoKey(Refusal):
    """A society that awards has no key in force: its credentials wait for one."""

    def __init__(self, society: Society | None) -> None:
        who = society.short if society else _("the societies together")
        super().__init__(_("No signing key for credentials is in force for %(who)s.", who=who))
        self.society = society
        """Whose key is missing; nobody for the joint one."""


def badge(session: Session, credential: Credential, *, at: datetime) -> OpenBadge:
    """The joint credential of a diploma: the one there is, or else made now.

    Raises `NoKey` when a society has no key in force, `guard.Unsignable` when a signature would
    not cover every word.
    """
    if found := session.get(OpenBadge, credential.id):
        return found
    hold(session, select(Credential.id).where(Credential.id == credential.id))
    if found := session.get(OpenBadge, credential.id):
        return found
    edition = _edition(credential)
    keys = signing_keys(session, edition.scheme, at=at)
    document = _proven(session, credential, edition, keys, at=at)
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    made = OpenBadge(credential_id=credential.id, document=text, digest=digest, made_at=at)
    session.add(made)
    session.flush()
    return made


def _edition(credential: Credential) -> Edition:
    if credential.award is None:
        raise Refusal(_("Only diplomas are issued as joint credentials."))
    return credential.award.award_list.edition


def signing_keys(session: Session, scheme: Scheme, *, at: datetime) -> list[SigningKey]:
    """The joint key, then every awarding society's in agreed order; `NoKey` when one is missing."""
    joint = in_force(session, Purpose.PROOF, at=at, scheme_id=scheme.id)
    if joint is None:
        raise NoKey(None)
    awarding = scheme.awarding
    own = in_force_of(session, Purpose.PROOF, [one.id for one in awarding], at=at)
    for society in awarding:
        if society.id not in own:
            raise NoKey(society)
    return [joint, *(own[society.id] for society in awarding)]


def _proven(
    session: Session, credential: Credential, edition: Edition, keys: Sequence[SigningKey], *,
    at: datetime,
) -> dict[str, Any]:  # fmt: skip
    entries = lists.reserve(session, credential, edition.scheme, at=at)
    common = _common(session, credential, edition, {p: lists.url(e.status_list) for p, e in
                                                    entries.items()}, at=at)  # fmt: skip
    own = _own(credential, {p: e.position for p, e in entries.items()})
    document, quads = written(common, own)
    joint, *societies = keys
    signed = {"contexts": document["@context"], "created": proofs.moment(at)}
    issued = [_signed(proofs.rdfc, quads, common.issuer, joint, signed)]
    digest = proofs.digest_of(document)
    issued += [_signed(proofs.jcs, digest, common.issuer, key, signed) for key in societies]
    return {**document, "proof": issued}


def _signed(
    proof: Any, content: bytes, issuer: str, key: SigningKey, signed: dict[str, Any]
) -> dict[str, Any]:
    done: dict[str, Any] = proof(
        content, method=did.method(issuer, key), sign=signer(key).sign, **signed
    )
    return done


def written(common: Common, own: Mapping[str, str]) -> tuple[dict[str, Any], bytes]:
    """A credential and its canonical N-Quads, after the guard has let it pass."""
    guard.check_texts(own)
    document = build(common, own)
    try:
        return document, mould(common).fill(own)
    except Ambiguous:
        return document, pinned.canonical(document).encode()


@lru_cache(maxsize=64)
def mould(common: Common) -> Mould:
    """What all credentials of an edition share, guarded and canonicalised once."""
    pattern = build(common, {name: slot(name) for name in slots(common)})
    guard.check(pattern)
    return Mould.of(pattern)


def _common(
    session: Session, credential: Credential, edition: Edition,
    addresses: Mapping[StatusPurpose, str], *, at: datetime,
) -> Common:  # fmt: skip
    scheme, snapshot = edition.scheme, credential.snapshot
    scheme_url = f"{site.address()}/certificates/{scheme.code}"
    names = {society["short"]: society["name"] for society in snapshot["awarding"]}
    annex = snapshot.get("annex") or {}
    return Common(
        issuer=did.joint_id(scheme),
        scheme_url=scheme_url,
        picture=f"{site.address()}/schemes/{scheme.code}/badge.png",
        achievement=f"{scheme_url}#edition-{edition.id}",
        title=snapshot["title"],
        edition=snapshot["edition"],
        is_certification=snapshot["nature"] == Nature.CERTIFICATION,
        body=snapshot["certification_body"],
        awarding=tuple(
            Party(did.society_id(one), one.short, names.get(one.short, one.name))
            for one in scheme.awarding
        ),
        requirements=tuple(snapshot["requirements"]),
        language=snapshot["language"],
        lists=tuple((str(purpose), address) for purpose, address in addresses.items()),
        level=_level(annex),
        endorsements=endorsing.before(session, edition, at=at),
        has_end=snapshot["valid_until"] is not None,
        is_sample=snapshot["sample"],
    )


def _level(annex: Mapping[str, Any]) -> Level | None:
    return None


def _own(credential: Credential, positions: Mapping[StatusPurpose, int]) -> dict[str, str]:
    snapshot, salt = credential.snapshot, secrets.token_hex(16)
    url = snapshot["verify_url"]
    own = {
        "serial": credential.serial,
        "url": url,
        "subject": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, url)}",
        "salt": salt,
        "name_hash": hashed(credential.holder_name, salt),
        "email_hash": hashed(credential.person.address.lower(), salt),
        "valid_from": proofs.moment(credential.issued_at),
        "awarded": f"{snapshot['decided_on']}T00:00:00Z",
    }
    if snapshot["valid_until"] is not None:
        own["valid_until"] = _end_of(date.fromisoformat(snapshot["valid_until"]))
    return own | {f"index_{purpose}": str(index) for purpose, index in positions.items()}


def hashed(text: str, salt: str) -> str:
    """An identity as Open Badges hides it: the hash of the text with the salt behind it."""
    content = unicodedata.normalize("NFC", text) + salt
    return "sha256$" + hashlib.sha256(content.encode()).hexdigest()


def _end_of(day: date) -> str:
    return f"{datetime.combine(day, time(23, 59, 59)).isoformat()}Z"
