"""Secrets at rest: what others entrusted to us is kept sealed, and opened only where it is used.

A sealed text is `s1.<key id>.<nonce and ciphertext>`: AES-256-GCM under a key that HKDF derives
from `CONFER_SEAL_KEY`, or from `CONFER_SECRET_KEY` when none is set. The id says which key sealed
it, so keys can be replaced: the newest stands first and seals, older ones still open. Every text
is bound to a purpose; sealed for one thing, it does not open for another.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app
from sqlalchemy.orm import Session

from config import Settings

FORM = "s1"
NONCE_BYTES = 12


class CannotOpen(Exception):
    """A sealed text that no key of this deployment opens for this purpose."""


@dataclass(frozen=True)
class Key:
    """One key and the id under which sealed texts name it."""

    id: str
    secret: bytes

    def __repr__(self) -> str:
        return f"Key({self.id})"


KEPT: list[Callable[[Session], Iterable[tuple[str, str]]]] = []
"""Rooms that keep sealed texts add here how to list them, as (text, purpose)."""

ANEW: dict[str, Callable[[Session], tuple[int, int]]] = {}
"""Rooms with few of them add here what they are called, and how to seal them anew: how many were,
how many stay shut."""


def seal(text: str, purpose: str) -> str:
    """Close a text so that only this deployment opens it, and only for this purpose."""
    key = keys()[0]
    nonce = os.urandom(NONCE_BYTES)
    closed = AESGCM(key.secret).encrypt(nonce, text.encode(), purpose.encode())
    return f"{FORM}.{key.id}.{base64.urlsafe_b64encode(nonce + closed).decode()}"


def unseal(text: str, purpose: str) -> str:
    """What was sealed for this purpose; `CannotOpen` never says what was tried."""
    form, _dot, rest = text.partition(".")
    named, _dot, closed = rest.partition(".")
    key = next((key for key in keys() if key.id == named), None)
    if form != FORM or key is None:
        raise CannotOpen("this was sealed with a key that is not set")
    try:
        raw = base64.urlsafe_b64decode(closed)
        opened = AESGCM(key.secret).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], purpose.encode())
    except (InvalidTag, ValueError, binascii.Error):
        raise CannotOpen("this was sealed for something else, or was changed") from None
    return opened.decode()


def is_sealed_anew(text: str) -> bool:
    """Whether the key that seals today sealed this text."""
    return text.startswith(f"{FORM}.{keys()[0].id}.")


def keys() -> list[Key]:
    """The keys of this deployment, the one that seals first."""
    return derived(current_app.config["SETTINGS"])


def derived(settings: Settings) -> list[Key]:
    """Keys of their own first; the one from the secret key still opens what it sealed before."""
    return [_derive(text) for text in (*settings.seal_keys, settings.secret_key)]


def _derive(text: str) -> Key:
    secret = HKDF(SHA256(), length=32, salt=None, info=b"confer: sealed at rest").derive(
        text.encode()
    )
    return Key(hashlib.sha256(b"id of a key" + secret).hexdigest()[:8], secret)


def count(session: Session) -> tuple[int, int]:
    """How many sealed texts there are, and how many of them no key opens."""
    total = shut = 0
    for kept in KEPT:
        for text, purpose in kept(session):
            total += 1
            try:
                unseal(text, purpose)
            except CannotOpen:
                shut += 1
    return total, shut
