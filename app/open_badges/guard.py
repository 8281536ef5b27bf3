"""Before anything is signed: every word of a document must be covered by the signature.

A JSON-LD processor drops a term that no context defines, so it would stay unsigned although it
stands in the document. Some verifiers refuse such a document; we refuse to sign it.
"""

from __future__ import annotations

import json
import re
from typing import Any

from app.open_badges import pinned

BASE = "http://relative.invalid/"
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Unsignable(Exception):
    """A document that a signature would not cover in full."""


def check(document: dict[str, Any]) -> None:
    """Raise `Unsignable` unless every leaf and address of a document survives its expansion."""
    body = {name: value for name, value in document.items() if name != "proof"}
    check_texts(body)
    expanded = pinned.expand(body, base=BASE)
    if relative := sorted(set(re.findall(re.escape(BASE) + r'[^"]*', json.dumps(expanded)))):
        raise Unsignable(f"without a meaning: {', '.join(r[len(BASE) :] for r in relative)}")
    before = _leaves(body, ("@context", "id", "type"), "@value")
    after = _leaves(expanded, ("@id", "@type"), "@value")
    if before != after:
        raise Unsignable(f"only {after} of {before} statements would be signed")


def check_texts(part: Any) -> None:
    """Raise `Unsignable` for a character that implementations of N-Quads write differently."""
    if odd := sorted(_odd(part)):
        raise Unsignable(f"control characters in {', '.join(odd)}")


def _leaves(part: Any, skipped: tuple[str, ...], literal: str) -> int:
    if isinstance(part, dict):
        if literal in part:
            return 1
        return sum(_leaves(v, skipped, literal) for k, v in part.items() if k not in skipped) or 1
    if isinstance(part, list):
        return sum(_leaves(value, skipped, literal) for value in part)
    return 1


def _odd(part: Any, name: str = "the document") -> set[str]:
    """Where a text holds what implementations write differently, or what is no text at all."""
    if isinstance(part, str):
        return {name} if CONTROL.search(part) else set()
    if isinstance(part, dict):
        return set().union(*(_odd(value, key) for key, value in part.items()))
    if isinstance(part, list):
        return set().union(*(_odd(value, name) for value in part))
    return set()
