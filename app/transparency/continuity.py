"""Whether a log only grew between two heads that somebody kept: no database, no platform."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.texts import gettext as _
from app.transparency import notes, proofs, tree
from app.transparency.notes import Checkpoint

MOST_STEPS = 200
"""A proof has at most two steps for each doubling of the log."""


@dataclass(frozen=True)
class Kept:
    """A head as somebody kept it: the signed text alone, or as /log/head answers."""

    head: Checkpoint
    key: str | None
    """The key of the log that it names itself; the text alone names none."""
    countersignatures: Any = ()


class NotKept(Exception):
    """This is neither a head nor a statement of this platform; its message says which."""


def head_of(told: Any) -> Kept:
    """A head from its signed text, or from an object that holds it."""
    try:
        if isinstance(told, str):
            return Kept(notes.read(told), None)
        return Kept(
            notes.read(told["head"]), str(told["key"]["public_key"]), told["countersignatures"]
        )
    except (notes.Unreadable, KeyError, TypeError, AttributeError):
        raise NotKept(_("This is not a head of the log as this platform writes them.")) from None


def path_of(told: Any) -> list[bytes]:
    """The steps of a proof of consistency, alone or within a statement."""
    try:
        steps = [bytes.fromhex(step) for step in told["path"]]
    except (KeyError, TypeError, ValueError):
        raise NotKept(
            _("This is not a proof of consistency as this platform writes them.")
        ) from None
    if len(steps) > MOST_STEPS:
        raise NotKept(_("The proof of consistency is longer than any can be."))
    return steps


def read(text: str) -> Any:
    """What a kept file holds: an object, or the text of a head."""
    if text.lstrip().startswith(("{", "[")):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise NotKept(_("This is not JSON that can be read.")) from None
    return text


def check(old: Kept, new: Kept, path: list[bytes], *, log_key: proofs.Keys) -> list[str]:
    """Every reason against it that the newer head continues the older; none means that it does."""
    try:
        return list(_against(old, new, path, log_key))
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return [_("The signatures of these heads cannot be read.")]


def _against(old: Kept, new: Kept, path: list[bytes], log_key: proofs.Keys) -> Iterator[str]:
    for one in (old, new):
        if not proofs.log_signed(one.head, log_key):
            yield _("The head of %(size)s entries is not signed with the key of the log.",
                    size=one.head.size)  # fmt: skip
        yield from proofs.against_countersignatures(one.countersignatures, one.head, None)
    older, newer = old.head, new.head
    if older.origin != newer.origin:
        yield _("The two heads are of different logs.")
    if older.size > newer.size:
        yield _("The first head is of the larger log: name the older one first.")
    elif not tree.continues(older.size, older.root, newer.size, newer.root, path):
        yield _("It is not proved that the log of %(new)s entries continues the one of %(old)s: "
                "the proof is of other heads, or something in the log was altered or taken away.",
                new=newer.size, old=older.size)  # fmt: skip
