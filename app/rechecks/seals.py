"""The seals in a document: each society's, in order, over all that came before, by its own key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.serialization import load_pem_public_key

from app.sealing import cms, der, revision
from app.sealing.structure import Unreadable
from app.signing_keys.signing import is_signed

TIMESTAMP = "timestamp"


def faults(
    document: bytes, expected: Sequence[tuple[str, str]], awarding: Sequence[str]
) -> Iterator[str]:
    """What is wrong with a document that should carry these seals and nothing else but stamps.

    `expected` are fields with the public key (PEM) that seals in it; `awarding` are the societies
    that the log names.
    """
    names = [name for name, _key in expected]
    if names != list(awarding):
        yield f"it was sealed by {', '.join(names) or 'nobody'} instead of {', '.join(awarding)}"
    try:
        found = sorted(revision.signatures(document), key=lambda one: one.covers)
    except (Unreadable, KeyError, ValueError) as wrong:
        yield f"the document cannot be read: {wrong}"
        return
    seals = [one for one in found if one.kind != TIMESTAMP]
    if [one.field for one in seals] != names or found[: len(seals)] != seals:
        yield f"it carries seals in {', '.join(one.field for one in found)}"
        return
    if found and found[-1].covers != len(document):
        yield "something follows the last seal"
    for one, (_name, key) in zip(seals, expected, strict=True):
        if reason := _against(one, key):
            yield f"the seal of {one.field} {reason}"


def _against(one: Any, key: str) -> str:
    try:
        signed = cms.read(one.container)
    except (der.Malformed, ValueError, IndexError, StopIteration):
        return "cannot be read"
    if signed.digest != one.digest:
        return "is over another document"
    if not is_signed(_public(key), signed.attributes, signed.signature):
        return "is not by the society's key"
    return ""


@lru_cache(maxsize=256)
def _public(key: str) -> object:
    return load_pem_public_key(key.encode())
