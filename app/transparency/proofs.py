"""Checking a proof without the platform: the standard library, and the keys one trusts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
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
        path = [bytes.fromhex(step) for step in leaf["path"]]
        digest = tree.leaf_hash(leaf["content"].encode())
        if not tree.includes(digest, int(leaf["position"]), head.size, path, head.root):
            yield _("Leaf %(position)s is not in the log that was signed.",
                    position=leaf["position"])  # fmt: skip
        if content["serial"] != named:
            yield _("Leaf %(position)s is about another document.", position=leaf["position"])
        if content["act"] in FILES:
            files |= {content["file"], content.get("badge")} - {None}
    if file_digest is not None and file_digest not in files:
        yield _("The log names another file than this one.")
    yield from against_countersignatures(proof["countersignatures"], head, society_keys)


def against_countersignatures(
    told: Any, head: Checkpoint, society_keys: Mapping[str, Keys] | None
) -> Iterator[str]:
    """The countersignatures that a head is said to have and that do not hold."""
    for one in told:
        code = str(one["society"])
        brought = _each(one["public_key"]) if society_keys is None else society_keys.get(code, ())
        if not any(countersigned_at(head, one["signer"], key) for key in _each(brought)):
            yield _("The countersignature of %(society)s does not hold.", society=one["name"])


def _each(keys: Keys) -> Sequence[str]:
    return [keys] if isinstance(keys, str) else keys


def _holds(key: str, message: bytes, signature: bytes) -> bool:
    return is_signed(load_pem_public_key(key.encode()), message, signature)
