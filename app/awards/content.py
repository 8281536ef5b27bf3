"""What the officers approve: the list in canonical form (RFC 8785) and its digest."""

from __future__ import annotations

import hashlib
from typing import Any

import rfc8785

from app.awards.models import Award, AwardList
from app.schemes.models import Part, Scheme


def canonical(award_list: AwardList) -> str:
    """Everything a diploma of this list will say of the decision, in one canonical text."""
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
