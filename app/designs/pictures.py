"""The pictures that a sheet shows, read from the store by their digests."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from app.designs.framing import digests
from app.files import files


def of(snapshot: Mapping[str, Any]) -> dict[str, bytes]:
    """The marks that a snapshot names by their digests, for `sheet.page`."""
    return {digest: _read(digest) for digest in digests(snapshot)}


@lru_cache(maxsize=32)
def _read(digest: str) -> bytes:
    return files.read(digest)
