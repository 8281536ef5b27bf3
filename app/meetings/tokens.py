"""Access tokens of platforms that sign us in: fetched when needed, kept until they expire."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.calls import Answer, CallFailed, call
from app.clock import now
from app.texts import gettext as _

EARLY = timedelta(seconds=60)
"""A token is renewed so long before it expires: it must not expire on its way."""


@dataclass(frozen=True)
class Token:
    text: str
    until: datetime

    def __repr__(self) -> str:
        return f"Token(until {self.until})"


class Tokens:
    """Tokens of this process, each under a digest of the credentials it was given for."""

    def __init__(self) -> None:
        self._kept: dict[str, Token] = {}
        self._lock = threading.Lock()

    def of(self, *credentials: str, fetch: Callable[[], Answer]) -> str:
        """The token for these credentials; it is fetched when there is none that still holds."""
        key, at = _key(credentials), now()
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None and at < kept.until:
            return kept.text
        token = _read(fetch(), at)
        with self._lock:
            self._kept[key] = token
        return token.text

    def call(
        self, credentials: tuple[str, ...], method: str, url: str, *,
        fetch: Callable[[], Answer], **told: Any,
    ) -> Answer:  # fmt: skip
        """Call as the account; a token that was taken back is replaced once."""
        for _try in range(2):
            bearer = {"Authorization": f"Bearer {self.of(*credentials, fetch=fetch)}"}
            answer = call(method, url, headers=bearer, **told)
            if answer.status != 401:
                break
            self.forget(*credentials)
        return answer

    def clear(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._kept.clear()

    def forget(self, *credentials: str) -> None:
        """The platform does not accept it any longer."""
        with self._lock:
            self._kept.pop(_key(credentials), None)


tokens = Tokens()


def _key(credentials: tuple[str, ...]) -> str:
    return hashlib.sha256("\x1f".join(credentials).encode()).hexdigest()


def _read(answer: Answer, at: datetime) -> Token:
    found = answer.json
    text, seconds = found.get("access_token"), found.get("expires_in")
    if not answer.is_good or not isinstance(text, str) or not text:
        told = _("The platform does not accept these credentials. Enter them anew.")
        raise CallFailed(told, is_lasting=400 <= answer.status < 500)
    lasts = timedelta(seconds=seconds if isinstance(seconds, int) else 600)
    return Token(text, at + max(lasts - EARLY, timedelta(0)))
