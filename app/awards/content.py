"""What the officers approve: the list in canonical form (RFC 8785) and its digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

import rfc8785
from sqlalchemy.orm import Session, object_session

from app.awards.models import Award, AwardList
from app.designs import queries as designs
from app.schemes.models import Part, Scheme
from app.societies import marks


@dataclass(frozen=True)
class Look:
    """How the diplomas of a list shall look, and what stands beside the decision."""

    design: dict[str, Any] | None = None
    """The number and the digest of the published version; nothing for our own design."""
    marks: dict[str, str] = field(default_factory=dict)
    """The digest of each awarding society's own mark."""
    annex: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def now(cls, award_list: AwardList) -> Look:
        """As it stands in this transaction."""
        session = _session(award_list)
        scheme = award_list.edition.scheme
        version = designs.latest(session, scheme_id=scheme.id)
        given = marks.current(session, [society.id for society in scheme.awarding])
        return cls(
            {"version": version.number, "digest": version.digest} if version else None,
            {s.code: given[s.id].digest for s in scheme.awarding if s.id in given},
            award_list.edition.annex,
        )

    @classmethod
    def approved(cls, award_list: AwardList) -> Look:
        """As it was when the list was frozen: what its approvals are for."""
        return cls.now(award_list) if award_list.look is None else cls(**award_list.look)

    def facts(self) -> dict[str, Any]:
        """What is there; a list without any of it reads as it did before there were designs."""
        told = {"design": self.design, "marks": self.marks, "annex": self.annex}
        return {name: fact for name, fact in told.items() if fact}


def canonical(award_list: AwardList) -> str:
    """Everything a diploma of this list will say of the decision, in one canonical text.

    It names the societies that the scheme asks to endorse it. Whether one has done so is its own
    word, given and taken back apart from this decision: a diploma names those that stand at issue.
    """
    edition = award_list.edition
    scheme = edition.scheme
    return rfc8785.dumps(
        {
            "list": award_list.id,
            "title": award_list.title,
            "version": award_list.version,
            "scheme": scheme.code,
            "scheme_title": scheme.title,
            "edition": edition.name,
            "nature": str(scheme.nature),
            "certification_body": scheme.body.name,
            "awarding": _names(scheme, Part.AWARDING),
            "endorsing": _names(scheme, Part.ENDORSING),
            "recognising": _names(scheme, Part.RECOGNISING),
            "validity_years": edition.validity_years,
            "holders": [_holder(award) for award in award_list.standing_awards],
            **Look.now(award_list).facts(),
        }
    ).decode()


def digest(content: str) -> str:
    """SHA-256 of the canonical text, lower-case hexadecimal."""
    return hashlib.sha256(content.encode()).hexdigest()


def _names(scheme: Scheme, part: Part) -> list[dict[str, str]]:
    return [{"code": s.code, "name": s.name} for s in scheme.societies(part)]


def _holder(award: Award) -> dict[str, Any]:
    return {
        "candidacy": award.candidacy_id,
        "name": award.holder_name,
        "evidence": award.evidence,
        "replaces": award.replaces,
    }


def _session(award_list: AwardList) -> Session:
    session = object_session(award_list)
    assert session is not None
    return session
