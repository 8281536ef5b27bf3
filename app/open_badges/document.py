"""The joint credential as a document: what is the same for all of a design, and what is one's own.

It names its holder by salted hashes alone. Issuer is the scheme under its did:web, for a verifiable
credential has one issuer; the awarding societies stand in it as its parts, and each adds a proof.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.open_badges import pinned

CONTEXTS = [pinned.VC, pinned.OB, pinned.EXTENSIONS]
SCHEMA = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)
ANNEX = {
    "workload_hours": "Workload in hours",
    "assessment": "Assessment",
    "participation": "Form of participation",
    "quality": "Quality assurance",
    "prerequisites": "Prerequisites",
    "identity": "Supervision and identity verification",
    "grade": "Grade",
    "stacking": "Stacking towards other credentials",
    "further": "Further information",
}
"""What a micro-credential tells in words (Council Recommendation 2022/C 243/02, Annex I)."""


@dataclass(frozen=True)
class Party:
    """A society with a part in the scheme."""

    did: str
    short: str
    name: str


@dataclass(frozen=True)
class Level:
    """A level of a framework that the scheme is accredited for."""

    name: str
    url: str
    framework: str


@dataclass(frozen=True)
class Endorsed:
    """An endorsement that was given before the credential was issued, by its address and hash."""

    url: str
    sri: str


@dataclass(frozen=True)
class Common:
    """What the credentials of one edition share, as long as nothing about it changes."""

    issuer: str
    """The joint DID."""
    scheme_url: str
    picture: str
    """The address of the badge's picture."""
    achievement: str
    title: str
    edition: str
    is_certification: bool
    body: str
    awarding: tuple[Party, ...]
    criteria: str
    """What was asked of whoever earned it, as Markdown."""
    language: str
    lists: tuple[tuple[str, str], ...]
    """Each purpose of a status list, and the list's address."""
    credits: int | float | None = None
    level: Level | None = None
    results: tuple[str, ...] = ()
    """What was assessed, in per cent; the holder's values are `result_0`, `result_1`, …"""
    endorsements: tuple[Endorsed, ...] = ()
    has_end: bool = False
    has_address: bool = True
    is_sample: bool = False


def slots(common: Common) -> list[str]:
    """The names of what is the holder's own."""
    names = ["serial", "url", "subject", "salt", "name_hash", "valid_from", "awarded"]
    names += [f"index_{purpose}" for purpose, _url in common.lists]
    names += ["email_hash"] if common.has_address else []
    names += ["valid_until"] if common.has_end else []
    return names + [f"result_{n}" for n in range(len(common.results))]


def build(common: Common, own: Mapping[str, str]) -> dict[str, Any]:
    """The credential without its proofs."""
    document = {
        "@context": CONTEXTS,
        "id": f"{own['url']}/credential.json",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": _issuer(common),
        "validFrom": own["valid_from"],
        "awardedDate": own["awarded"],
        "name": common.title,
        "credentialSubject": _subject(common, own),
        "evidence": [
            {
                "id": own["url"],
                "type": ["Evidence"],
                "name": "The state of this document, at any time",
                "genre": "verification page",
            }
        ],
        "credentialStatus": [
            status(url, purpose, own[f"index_{purpose}"]) for purpose, url in common.lists
        ],
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
    }
    if common.has_end:
        document["validUntil"] = own["valid_until"]
    if common.endorsements:
        document["relatedResource"] = [
            {"id": one.url, "digestSRI": one.sri, "mediaType": "application/vc"}
            for one in common.endorsements
        ]
    return document


def status(url: str, purpose: str, index: str) -> dict[str, str]:
    """Where in a status list a credential's bit is."""
    return {
        "id": f"{url}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": index,
        "statusListCredential": url,
    }


def profile(did: str, name: str) -> dict[str, Any]:
    return {"id": did, "type": ["Profile"], "name": name}


def _issuer(common: Common) -> dict[str, Any]:
    names = [party.short for party in common.awarding]
    return {
        **profile(common.issuer, listed(names)),
        "url": common.scheme_url,
        "description": "Issued jointly by: " + "; ".join(p.name for p in common.awarding) + ".",
        "otherIdentifier": [
            {"type": "IdentifierEntry", "identifier": party.did, "identifierType": "identifier"}
            for party in common.awarding
        ],
    }


def _subject(common: Common, own: Mapping[str, str]) -> dict[str, Any]:
    identity = [("name", own["name_hash"])]
    if common.has_address:
        identity.append(("emailAddress", own["email_hash"]))
    subject: dict[str, Any] = {
        "id": own["subject"],
        "type": ["AchievementSubject"],
        "licenseNumber": own["serial"],
        "identifier": [
            {
                "type": "IdentityObject",
                "identityType": kind,
                "hashed": True,
                "identityHash": digest,
                "salt": own["salt"],
            }
            for kind, digest in identity
        ],
        "achievement": _achievement(common),
    }
    if common.credits is not None:
        subject["creditsEarned"] = common.credits
    if common.results:
        subject["result"] = [
            {
                "type": ["Result"],
                "resultDescription": f"{common.achievement}-result-{n + 1}",
                "value": own[f"result_{n}"],
            }
            for n in range(len(common.results))
        ]
    return subject


def _achievement(common: Common) -> dict[str, Any]:
    achievement: dict[str, Any] = {
        "id": common.achievement,
        "type": ["Achievement"],
        "achievementType": "Certification" if common.is_certification else "Certificate",
        "name": common.title,
        "version": common.edition,
        "inLanguage": common.language,
        "description": _description(common),
        "image": {"id": common.picture, "type": "Image", "caption": common.title},
        "criteria": {"id": f"{common.achievement}-criteria", "narrative": common.criteria},
        "creator": {"id": common.issuer, "type": ["Profile"]},
        "otherIdentifier": [
            {"type": "IdentifierEntry", "identifier": party.name, "identifierType": "name"}
            for party in common.awarding
        ],
    }
    if common.credits is not None:
        achievement["creditsAvailable"] = common.credits
    if common.level is not None:
        achievement["alignment"] = [
            {
                "type": ["Alignment"],
                "targetName": common.level.name,
                "targetUrl": common.level.url,
                "targetFramework": common.level.framework,
            }
        ]
    if common.results:
        achievement["resultDescription"] = [
            {
                "id": f"{common.achievement}-result-{n + 1}",
                "type": ["ResultDescription"],
                "name": name,
                "resultType": "Percent",
                "valueMin": "0",
                "valueMax": "100",
            }
            for n, name in enumerate(common.results)
        ]
    return achievement


def _description(common: Common) -> str:
    told = f"{common.title}, edition {common.edition}, decided on by {common.body}."
    told += " It replaces no national qualification and is no licence to practise."
    return f"SAMPLE, without effect. {told}" if common.is_sample else told


def criteria(requirements: Sequence[str], annex: Mapping[str, Any]) -> str:
    """What was asked, and what the annex of a micro-credential says about it, as Markdown."""
    told = [f"- {one}" for one in requirements] or ["- As published."]
    if outcomes := annex.get("outcomes"):
        told += ["", "Learning outcomes:", "", *(f"- {one}" for one in outcomes)]
    for name, words in ANNEX.items():
        if annex.get(name):
            told += ["", f"{words}: {annex[name]}"]
    return "\n".join(told)


def listed(names: list[str]) -> str:
    """Names as a sentence lists them."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
