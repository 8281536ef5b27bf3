"""Asking for a time stamp: of the authorities that are set, the first that answers well.

While none does, a diploma waits and is tried again; it is never finished without its stamp.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from cryptography import x509

from app.calls import CallFailed, call
from app.clock import now
from app.sealing import authority, revision
from app.sealing.tokens import BadToken, Request, Stamp, check
from config import Settings

log = logging.getLogger("confer.sealing")
LOCAL = "local"
FIRST_ROOM, LOCAL_ROOM = 10 * 1024, 1280
"""Bytes kept free for the token of an authority whose tokens have not been seen yet."""
ROUND = 256


class NoTimestamp(Exception):
    """No authority stamped; the message says why, for administrators."""


@dataclass
class Authorities:
    """The authorities of a deployment, in the order in which they are asked."""

    addresses: Sequence[str]
    folder: Path
    roots: Sequence[x509.Certificate] = ()
    anywhere: bool = False
    longest: dict[str, int] = field(default_factory=dict)
    """The longest token each of them has sent to this process."""

    def stamp(self, document: bytes, name: str) -> tuple[bytes, Stamp]:
        """The document with a time stamp in this field, and the stamp."""
        faults = []
        for address in self.addresses:
            try:
                return self._stamped_by(address, document, name)
            except (CallFailed, BadToken) as wrong:
                log.warning("time stamps of %s: %s", address, wrong)
                faults.append(f"{address}: {wrong}")
        raise NoTimestamp("; ".join(faults) or "no authority is set")

    def _stamped_by(self, address: str, document: bytes, name: str) -> tuple[bytes, Stamp]:
        while True:
            room = self._room(address)
            prepared = revision.timestamp(document, name, room=room)
            asked = Request(prepared.digest, secrets.randbits(63))
            stamp = check(self._ask(address, asked.encoded()), asked, roots=self._roots(address))
            known = self.longest.get(address, 0)
            self.longest[address] = max(known, len(stamp.token))
            if len(stamp.token) <= room:
                return prepared.filled(stamp.token), stamp

    def _room(self, address: str) -> int:
        """Tokens of one authority differ by a few bytes; the next multiple holds them all."""
        seen = self.longest.get(address)
        if not seen:
            return LOCAL_ROOM if address == LOCAL else FIRST_ROOM
        return (seen // ROUND + 1) * ROUND

    def _ask(self, address: str, request: bytes) -> bytes:
        if address == LOCAL:
            return authority.local(self.folder, now).answer(request)
        answer = call(
            "POST",
            address,
            content=request,
            headers={"Content-Type": "application/timestamp-query"},
            anywhere=self.anywhere,
            openly=bool(self.roots),
        )
        if not answer.is_good:
            raise CallFailed(f"it answers {answer.status}")
        return answer.body

    def _roots(self, address: str) -> Sequence[x509.Certificate]:
        return () if address == LOCAL else self.roots


@lru_cache(maxsize=8)
def authorities(settings: Settings) -> Authorities:
    """Those of the settings; kept, for they learn how long their tokens are."""
    roots: list[x509.Certificate] = []
    if settings.timestamp_roots:
        roots = x509.load_pem_x509_certificates(settings.timestamp_roots.read_bytes())
    return Authorities(settings.timestamp_urls, settings.var, tuple(roots), settings.calls_anywhere)
