"""Issuing the joint credential of a diploma: built, guarded, and proven by all who award it."""

from __future__ import annotations

import hashlib
import json
import secrets
import unicodedata
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import site
from app.credentials.models import Credential
from app.db import hold
from app.errors import Refusal
from app.open_badges import did, endorsing, guard, lists, pinned, proofs
from app.open_badges.document import Common, Endorsed, Level, Party, build, criteria, slots
from app.open_badges.models import OpenBadge
from app.open_badges.mould import Ambiguous, Mould, slot
from app.schemes.models import Edition, Nature, Scheme
from app.signing_keys.models import Purpose, SigningKey
from app.signing_keys.queries import in_force, in_force_of
from app.signing_keys.signing import signer
from app.societies.models import Society
from app.texts import gettext as _

EQF = "http://data.europa.eu/snb/eqf"


class NoKey(Refusal):
    """A society that awards has no key in force: its credentials wait for one."""

    def __init__(self, society: Society | None) -> None:
        who = society.short if society else _("the societies together")
        super().__init__(_("No signing key for credentials is in force for %(who)s.", who=who))
        self.society = society
        """Whose key is missing; nobody for the joint one."""


def badge(session: Session, credential: Credential, *, at: datetime) -> OpenBadge:
    """The joint credential of a diploma: the one there is, or else made now; see `Batch.badge`."""
    made = Batch(session, [credential], at=at).badge(credential)
    session.flush()
    return made


class Batch:
    """The joint credentials of several diplomas: what they share is looked up once.

    What was made before is given out again; whoever else makes one of them waits.
    """

    def __init__(
        self, session: Session, credentials: Sequence[Credential], *, at: datetime
    ) -> None:
        self.session, self.at = session, at
        self.editions = {one.id: _edition(one) for one in credentials}
        self.made = self._made() if self.editions else {}
        lacking = {key: e.scheme for key, e in self.editions.items() if key not in self.made}
        self.places = lists.reserve(session, lacking, at=at) if lacking else {}
        self.pens: dict[tuple[int, ...], list[Pen]] = {}
        self.endorsements: dict[tuple[int, ...], tuple[Endorsed, ...]] = {}

    def _made(self) -> dict[int, OpenBadge]:
        """Those that there are, looked up when nobody else makes any of them."""
        hold(self.session, select(Credential.id).where(Credential.id.in_(self.editions)))
        found = select(OpenBadge).where(OpenBadge.credential_id.in_(self.editions))
        return {one.credential_id: one for one in self.session.scalars(found)}

    def badge(self, credential: Credential) -> OpenBadge:
        """Raises `NoKey` when a society has no key in force, and `guard.Unsignable` when a
        signature would not cover every word."""
        if found := self.made.get(credential.id):
            return found
        document = self._proven(credential, self.editions[credential.id])
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        made = OpenBadge(
            credential_id=credential.id,
            document=text,
            digest=hashlib.sha256(text.encode()).hexdigest(),
            made_at=self.at,
        )
        self.session.add(made)
        self.made[credential.id] = made
        return made

    def _proven(self, credential: Credential, edition: Edition) -> dict[str, Any]:
        joint, *societies = self._pens(credential, edition.scheme)
        places = self.places[credential.id]
        common = _common(credential, edition, places, self._endorsed(credential))
        document, quads = written(common, _own(credential, places))
        signed = {"contexts": document["@context"], "created": proofs.moment(self.at)}
        issued: list[Any] = [proofs.rdfc(quads, method=joint.method, sign=joint.sign, **signed)]
        digest = proofs.digest_of(document)
        issued += [
            proofs.jcs(digest, method=pen.method, sign=pen.sign, **signed) for pen in societies
        ]
        return {**document, "proof": issued}

    def _pens(self, credential: Credential, scheme: Scheme) -> list[Pen]:
        """The joint key's, then every awarding society's, in the order of the diploma."""
        awarding = awarding_of(credential, scheme)
        who = (scheme.id, *(society.id for society in awarding))
        if who not in self.pens:
            issuer = did.joint_id(scheme)
            self.pens[who] = [
                Pen(did.method(issuer, key), signer(key).sign)
                for key in signing_keys(self.session, scheme, awarding, at=self.at)
            ]
        return self.pens[who]

    def _endorsed(self, credential: Credential) -> tuple[Endorsed, ...]:
        """What its face names, so that the two say the same."""
        which = endorsing.ids_in(credential.snapshot)
        if which not in self.endorsements:
            self.endorsements[which] = endorsing.named(self.session, which)
        return self.endorsements[which]


@dataclass(frozen=True)
class Pen:
    """What signs, and how its proofs name it."""

    method: str
    sign: Callable[[bytes], bytes]


def _edition(credential: Credential) -> Edition:
    if credential.award is None:
        raise Refusal(_("Only diplomas are issued as joint credentials."))
    return credential.award.award_list.edition


def awarding_of(credential: Credential, scheme: Scheme) -> list[Society]:
    """The societies that award it, in the order in which it names them."""
    by_code = {society.code: society for society in scheme.concerned}
    return [by_code[one["code"]] for one in credential.snapshot["awarding"]]


def signing_keys(
    session: Session, scheme: Scheme, awarding: Sequence[Society], *, at: datetime
) -> list[SigningKey]:
    """The joint key, then every awarding society's in order; `NoKey` when one is missing."""
    joint = in_force(session, Purpose.PROOF, at=at, scheme_id=scheme.id)
    if joint is None:
        raise NoKey(None)
    own = in_force_of(session, Purpose.PROOF, [one.id for one in awarding], at=at)
    for society in awarding:
        if society.id not in own:
            raise NoKey(society)
    return [joint, *(own[society.id] for society in awarding)]


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
    credential: Credential, edition: Edition, places: lists.Places, endorsed: tuple[Endorsed, ...]
) -> Common:
    scheme, snapshot = edition.scheme, credential.snapshot
    scheme_url, annex = f"{site.address()}/certificates/{scheme.code}", _annex(snapshot)
    return Common(
        issuer=did.joint_id(scheme),
        scheme_url=scheme_url,
        picture=f"{site.address()}/schemes/{scheme.code}/badge.png",
        achievement=endorsing.achievement_id(edition),
        title=snapshot["title"],
        edition=snapshot["edition"],
        is_certification=snapshot["nature"] == Nature.CERTIFICATION,
        body=snapshot["certification_body"],
        awarding=tuple(
            Party(did.of_society(one["code"]), one["short"], one["name"])
            for one in snapshot["awarding"]
        ),
        criteria=criteria(snapshot["requirements"], annex),
        language=snapshot["language"],
        lists=tuple((str(purpose), place.url) for purpose, place in places.items()),
        credits=_credits(annex),
        level=_level(annex),
        results=tuple(results(snapshot)),
        endorsements=endorsed,
        has_end=snapshot["valid_until"] is not None,
        is_sample=snapshot["sample"],
    )


def _annex(snapshot: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (snapshot.get("supplement") or {}).get("annex") or {}
    return found


def _credits(annex: Mapping[str, Any]) -> int | float | None:
    """The amount as JSON writes it: whole when it is, for then every canonical form agrees."""
    if not annex.get("credits"):
        return None
    amount = Decimal(annex["credits"]["amount"])
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _level(annex: Mapping[str, Any]) -> Level | None:
    """Only a level that the scheme is accredited for; a level in words aligns with no framework."""
    level = (annex.get("level") or {}).get("eqf")
    if level is None:
        return None
    return Level(f"EQF level {level}", f"{EQF}/{level}", "European Qualifications Framework")


def results(snapshot: Mapping[str, Any]) -> dict[str, str]:
    """The holder's result in each requirement that was tested, in per cent."""
    modules = (snapshot.get("supplement") or {}).get("modules") or []
    found: dict[str, list[str]] = {}
    for module in modules:
        if module["score"] is not None:
            found.setdefault(module["requirement"], []).append(str(module["score"]))
    return {requirement: ", ".join(scores) for requirement, scores in found.items()}


def _own(credential: Credential, places: lists.Places) -> dict[str, str]:
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
    own |= {f"result_{n}": value for n, value in enumerate(results(snapshot).values())}
    return own | {f"index_{purpose}": str(one.position) for purpose, one in places.items()}


def hashed(text: str, salt: str) -> str:
    """An identity as Open Badges hides it: the hash of the text with the salt behind it."""
    content = unicodedata.normalize("NFC", text) + salt
    return "sha256$" + hashlib.sha256(content.encode()).hexdigest()


def _end_of(day: date) -> str:
    return f"{datetime.combine(day, time(23, 59, 59)).isoformat()}Z"
