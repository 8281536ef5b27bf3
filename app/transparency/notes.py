"""A head as a short text that can be mailed, printed, archived and checked by other programs.

It is a checkpoint of C2SP (tlog-checkpoint, signed-note): the name of the log, its size, its root,
the moment, a blank line, and signatures. The log signs the text; a society signs it with the time
before it (tlog-cosignature), so that its word says when it was given.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from app.signing_keys.models import SigningKey
from app.transparency.models import Countersignature, Head

DASH = "— "
ED25519, COSIGNED, OTHER = b"\x01", b"\x04", b"\xff"
"""Kinds of signatures; the last is for algorithms that the standard gives no number."""
LONGEST = 100_000


class Unreadable(Exception):
    """This text is no signed head."""


@dataclass(frozen=True)
class Checkpoint:
    """A signed head as it was read."""

    text: str
    origin: str
    size: int
    root: bytes
    at: datetime
    signatures: tuple[tuple[str, bytes], ...]
    """Each signer's name, with what stands after it."""


class Signed(Protocol):
    """What a head says."""

    @property
    def origin(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def root(self) -> bytes: ...
    @property
    def at(self) -> datetime: ...


def text_of(head: Signed) -> str:
    """What the log signs."""
    at = head.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"{head.origin}\n{head.size}\n{b64encode(head.root).decode()}\nat {at}\n"


def to_countersign(text: str, at: datetime) -> bytes:
    """What a society signs: the text of a head, under the moment."""
    return f"cosignature/v1\ntime {int(at.timestamp())}\n{text}".encode()


def note_of(head: Head) -> str:
    """The head with every signature so far."""
    lines = [_line(head.origin, key_id(head.origin, ED25519, head.key.public_key), head.signature)]
    lines += [_countersigned(head, one) for one in head.countersignatures]
    return f"{text_of(head)}\n{''.join(lines)}"


def signer_of(origin: str, society: str, key: str) -> str:
    """The name under which a society's key signs heads of a log."""
    return f"{origin.partition('/')[0]}/societies/{society}/{key}"


def key_id(name: str, kind: bytes, public_key: str) -> bytes:
    """The four bytes by which a signature says whose it is."""
    key = load_pem_public_key(public_key.encode())
    if isinstance(key, Ed25519PublicKey):
        material = kind + key.public_bytes_raw()
    else:
        der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        material = OTHER + b"cosignature/v1 by X.509 key" + der
    return sha256(name.encode() + b"\n" + material).digest()[:4]


def verifier_key(name: str, public_key: str) -> str:
    """The log's key in the form in which other programs of signed notes take it."""
    key = load_pem_public_key(public_key.encode())
    assert isinstance(key, Ed25519PublicKey)
    told = b64encode(ED25519 + key.public_bytes_raw()).decode()
    return f"{name}+{key_id(name, ED25519, public_key).hex()}+{told}"


def read(note: str) -> Checkpoint:
    """Read a signed head; what the signatures are worth is another question."""
    if len(note) > LONGEST:
        raise Unreadable("it is too long")
    text, gap, signatures = note.partition("\n\n")
    lines = text.split("\n")
    if not gap or len(lines) != 4 or not lines[3].startswith("at "):
        raise Unreadable("it has not the lines of a head")
    try:
        return Checkpoint(
            text=f"{text}\n",
            origin=lines[0],
            size=_whole(lines[1]),
            root=b64decode(lines[2], validate=True),
            at=datetime.strptime(lines[3], "at %Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC),
            signatures=tuple(_signatures(signatures.splitlines())),
        )
    except ValueError as error:
        raise Unreadable(str(error)) from None


def public_key_of(key: SigningKey) -> str:
    return key.public_key.strip() + "\n"


def _countersigned(head: Head, one: Countersignature) -> str:
    name = signer_of(head.origin, one.society.code, one.key.name)
    time = int(one.signed_at.timestamp()).to_bytes(8, "big")
    return _line(name, key_id(name, COSIGNED, one.key.public_key), time + one.signature)


def _line(name: str, id: bytes, signature: bytes) -> str:
    return f"{DASH}{name} {b64encode(id + signature).decode()}\n"


def _signatures(lines: Iterable[str]) -> Iterable[tuple[str, bytes]]:
    for line in lines:
        name, space, signature = line.removeprefix(DASH).partition(" ")
        if not line.startswith(DASH) or not space or not name:
            raise ValueError("a signature is not as it should be")
        yield name, b64decode(signature, validate=True)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 15 or text != str(int(text)):
        raise ValueError("the size is no number")
    return int(text)
