"""The contexts that our credentials name: shipped here, checked by their hash, never fetched."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

FOLDER = Path(__file__).parent / "contexts"
VC = "https://www.w3.org/ns/credentials/v2"
OB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"

PINNED = {
    VC: (
        "credentials-v2.json",
        "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
    ),
    OB: (
        "ob-v3p0-context-3.0.3.json",
        "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
    ),
    EXTENSIONS: (
        "ob-v3p0-extensions.json",
        "87c06c81bc2317663bf288d740d94fddd2818c4342b186270ff6371dfaa63f93",
    ),
}


class NotPinned(Exception):
    """A context that is not among ours, or whose file is not what was pinned."""


@cache
def context(url: str) -> dict[str, Any]:
    """The context at an address, from its file."""
    if url not in PINNED:
        raise NotPinned(url)
    name, digest = PINNED[url]
    content = (FOLDER / name).read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise NotPinned(f"{name} is not what was pinned")
    found: dict[str, Any] = json.loads(content)
    return found


def _load(url: str, _options: object = None) -> dict[str, Any]:
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": context(url),
    }


def _json_ld() -> ModuleType:
    """Loaded when it is needed: it takes longer to load than most processes have use for."""
    from pyld import jsonld

    return jsonld


OPTIONS: dict[str, Any] = {"documentLoader": _load}


def expand(document: dict[str, Any], *, base: str = "") -> list[Any]:
    """A document of ours written out in full; relative addresses resolve against `base`."""
    expanded: list[Any] = _json_ld().expand(document, {**OPTIONS, "base": base})
    return expanded


def canonical(document: dict[str, Any]) -> str:
    """Canonical N-Quads (RDFC-1.0) of a document of ours.

    Never of a stranger's: a small graph can be made to take minutes.
    """
    how = {**OPTIONS, "algorithm": "URDNA2015", "format": "application/n-quads"}
    return str(_json_ld().normalize(document, how))
