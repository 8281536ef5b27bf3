"""Checking a proof without the platform: the standard library, and the keys one trusts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.serialization import load_pem_public_key

from app.signing_keys.signing import is_signed
from app.texts import gettext as _
from app.transparency import notes, tree
from app.transparency.leaves import name_of
from app.transparency.notes import COSIGNED, ED25519, Checkpoint

FILES = ("issued", "timestamped")
MOST_LEAVES = 1000
MOST_HEADS = 100
Keys = str | Sequence[str]
"""A public key, or several of which one will do: SubjectPublicKeyInfo in PEM."""


def check(
    proof: Any, *, log_key: Keys, file_digest: str | None,
    society_keys: Mapping[str, Keys] | None = None,
) -> list[str]:  # fmt: skip
    """Every reason against this proof; none means that the log holds what it says.

    With a digest, the file, or the joint credential, must be one that the log names. With keys of
    societies by their codes, countersignatures must be by these; without, by the keys that the
    proof itself brings.
    """
    try:
        return list(_against(proof, log_key, file_digest, society_keys))
    except (
        notes.Unreadable, KeyError, TypeError, ValueError, OverflowError, OSError, RecursionError
    ):  # fmt: skip
        return [_("This is not a proof of inclusion as this platform writes them.")]


def acts(proof: Any) -> list[dict[str, Any]]:
    """What the leaves of a proof tell, in order; to be believed when nothing speaks against it."""
    return [json.loads(leaf["content"]) for leaf in proof["leaves"]]


@dataclass(frozen=True)
class Word:
    """A society's countersignature in a proof, which holds."""

    code: str
    name: str
    """As the proof gives it; whose key it is, is another question."""
    size: int
    at: datetime


def countersigned(proof: Any, *, society_keys: Mapping[str, Keys] | None = None) -> list[Word]:
    """Who countersigned the heads of a proof that holds, each society once, by its first word.

    Without anybody the log is one by the platform's word alone: it could have shown another one to
    others.
    """
    found: dict[str, Word] = {}
    for told in (proof, *_further(proof)):
        head = notes.read(told["head"])
        for one in told["countersignatures"]:
            at, code = _signed_at(one, head, society_keys), str(one["society"])
            if at is not None and (code not in found or at < found[code].at):
                found[code] = Word(code, str(one["name"]), head.size, at)
    return sorted(found.values(), key=lambda word: (word.at, word.code))


def log_signed(head: Checkpoint, log_key: Keys) -> bool:
    """Whether the log's own signature on a head holds under one of these keys."""
    for key in _each(log_key):
        id = notes.key_id(head.origin, ED25519, key)
        for name, told in head.signatures:
            if name == head.origin and told[:4] == id:
                return _holds(key, head.text.encode(), told[4:])
    return False


def countersigned_at(head: Checkpoint, name: str, key: str) -> datetime | None:
    """When somebody countersigned a head, if the signature under this name and key holds."""
    id = notes.key_id(name, COSIGNED, key)
    for signer, told in head.signatures:
        if signer == name and told[:4] == id:
            at = datetime.fromtimestamp(int.from_bytes(told[4:12], "big"), UTC)
            return at if _holds(key, notes.to_countersign(head.text, at), told[12:]) else None
    return None


def _against(
    proof: Any, log_key: Keys, file_digest: str | None, society_keys: Mapping[str, Keys] | None
) -> Iterator[str]:
    head = notes.read(proof["head"])
    if not log_signed(head, log_key):
        yield _("The head of the log is not signed with the key of the log.")
    told = proof["leaves"]
    if not told or len(told) > MOST_LEAVES:
        yield _("The proof holds no leaf.")
    named = name_of(str(proof["serial"]))
    files = set()
    for leaf in told:
        content = json.loads(leaf["content"])
        if not _is_in(head, leaf, leaf["path"]):
            yield _("Leaf %(position)s is not in the log that was signed.",
                    position=leaf["position"])  # fmt: skip
        if content["serial"] != named:
            yield _("Leaf %(position)s is about another document.", position=leaf["position"])
        if content["act"] in FILES:
            files |= {content["file"], content.get("badge")} - {None}
    if file_digest is not None and file_digest not in files:
        yield _("The log names another file than this one.")
    yield from against_countersignatures(proof["countersignatures"], head, society_keys)
    for one in _further(proof):
        yield from _against_further(one, told, head, log_key, society_keys)


def _against_further(
    one: Any, leaves: Sequence[Any], main: Checkpoint, log_key: Keys,
    society_keys: Mapping[str, Keys] | None,
) -> Iterator[str]:  # fmt: skip
    """Another head of the same log, which must hold the same leaves."""
    head = notes.read(one["head"])
    if head.origin != main.origin or not log_signed(head, log_key):
        yield _("The head of the log is not signed with the key of the log.")
    for leaf, path in zip(leaves, one["paths"], strict=True):
        if not _is_in(head, leaf, path):
            yield _("Leaf %(position)s is not in the log that was signed.",
                    position=leaf["position"])  # fmt: skip
    yield from against_countersignatures(one["countersignatures"], head, society_keys)


def _further(proof: Any) -> Sequence[Any]:
    """Heads besides the first one; older proofs have none."""
    found = list(proof.get("further_heads", []))
    if len(found) > MOST_HEADS:
        raise ValueError("too many heads")
    return found


def _is_in(head: Checkpoint, leaf: Any, path: Sequence[str]) -> bool:
    digest, steps = tree.leaf_hash(leaf["content"].encode()), [bytes.fromhex(one) for one in path]
    return tree.includes(digest, int(leaf["position"]), head.size, steps, head.root)


def against_countersignatures(
    told: Any, head: Checkpoint, society_keys: Mapping[str, Keys] | None
) -> Iterator[str]:
    """The countersignatures that a head is said to have and that do not hold."""
    for one in told:
        if _signed_at(one, head, society_keys) is None:
            yield _("The countersignature of %(society)s does not hold.", society=one["name"])


def _signed_at(
    one: Any, head: Checkpoint, society_keys: Mapping[str, Keys] | None
) -> datetime | None:
    code = str(one["society"])
    brought = _each(one["public_key"]) if society_keys is None else society_keys.get(code, ())
    found = (countersigned_at(head, one["signer"], key) for key in _each(brought))
    return next((at for at in found if at is not None), None)


def _each(keys: Keys) -> Sequence[str]:
    return [keys] if isinstance(keys, str) else keys


def _holds(key: str, message: bytes, signature: bytes) -> bool:
    return is_signed(load_pem_public_key(key.encode()), message, signature)
