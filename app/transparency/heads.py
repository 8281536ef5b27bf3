"""Signing the head of the log, and countersigning it."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from cryptography.exceptions import UnsupportedAlgorithm
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.errors import Refusal
from app.journal.models import record
from app.signing_keys.models import Purpose, SigningKey
from app.signing_keys.queries import in_force
from app.signing_keys.signing import signer, verify
from app.societies.models import Society
from app.texts import gettext as _
from app.transparency import notes, queries, tree
from app.transparency.models import Countersignature, Head

log = logging.getLogger("confer.transparency")
EVERY = timedelta(minutes=5)
"""So long a head stands at least before the next."""


class NotTheirs(Refusal):
    """What was handed in is no signature of the society over the text of the head."""


def sign(session: Session, *, origin: str, at: datetime) -> Head | None:
    """Sign the log as it is, when it has grown and the last head has stood for a while.

    A head is only signed when the log provably continues the one before; otherwise nothing more is
    signed until somebody has looked into it.
    """
    size, last = queries.size_of(session), queries.latest(session)
    if size == 0 or (last is not None and (size <= last.size or at - last.at < EVERY)):
        return None
    key = in_force(session, Purpose.LOG, at=at)
    if key is None:
        return None
    root = queries.root(session, size)
    if last is not None and not _continues(session, last, size, root):
        log.critical(
            "the log does not continue the head of %s leaves; nothing is signed", last.size
        )
        return None
    head = Head(size=size, root=root, at=at.replace(microsecond=0), origin=origin, key=key)
    head.signature = signer(key).sign(notes.text_of(head).encode())
    head.countersignatures = []
    session.add(head)
    record(session, "log.signed", by=None, at=at, on=head, size=size, root=root.hex())
    return head


def against(session: Session, head: Head, society: Society) -> list[str]:
    """Every reason why a society must not countersign a head; none means it holds.

    The head must be the log's own, and continue the one that the society countersigned before,
    which must still be what it signed then.
    """
    found = []
    if not verify(head.key, notes.text_of(head).encode(), head.signature):
        found.append(_("The head does not carry the signature of the log."))
    if not _is_own(session, head):
        found.append(_("The log does not have the root that this head names."))
    before = queries.last_countersigned(session, society.id)
    if before is None or before.head_size >= head.size:
        return found
    earlier = before.head
    if not holds(earlier, before):
        found.append(
            _("What %(society)s countersigned before, at %(size)s entries, is not what is kept "
              "now.",
              society=society.short, size=earlier.size)
        )  # fmt: skip
    if not _continues(session, earlier, head.size, head.root):
        found.append(
            _("The log does not continue the one of %(size)s entries that %(society)s "
              "countersigned before: something in it was altered or taken away.",
              society=society.short, size=earlier.size)
        )  # fmt: skip
    return found


def countersign(
    session: Session, head: Head, society: Society, *, by: Person, at: datetime
) -> Countersignature:
    """Sign a head with the society's own key, once nothing speaks against it."""
    key = in_force(session, Purpose.PROOF, society_id=society.id, at=at)
    if key is None:
        raise Refusal(_("%(society)s has no key in force to sign with.", society=society.short))
    whole = at.replace(microsecond=0)
    signature = signer(key).sign(notes.to_countersign(notes.text_of(head), whole))
    return _enter(session, head, society, key, signature, by=by, at=at, signed_at=whole)


def take_in(
    session: Session, head: Head, society: Society, signature: bytes, *, by: Person, at: datetime
) -> Countersignature:
    """Enter a signature that a society made elsewhere over the text it was given."""
    message = to_sign_elsewhere(head)
    keys = [in_force(session, purpose, society_id=society.id, at=at)
            for purpose in (Purpose.SEAL, Purpose.PROOF)]  # fmt: skip
    key = next((k for k in keys if k is not None and _is_by(k, message, signature)), None)
    if key is None:
        raise NotTheirs(
            _("This is not a signature by a key of %(society)s over the text of this head.",
              society=society.short)
        )  # fmt: skip
    return _enter(session, head, society, key, signature, by=by, at=at, signed_at=head.at)


def to_sign_elsewhere(head: Head) -> bytes:
    """What a society that keeps its key signs: it names the moment of the head."""
    return notes.to_countersign(notes.text_of(head), head.at)


def holds(head: Head, one: Countersignature) -> bool:
    """Whether a countersignature is still the society's word on what is kept as this head."""
    message = notes.to_countersign(notes.text_of(head), one.signed_at)
    return _is_by(one.key, message, one.signature)


def _enter(
    session: Session, head: Head, society: Society, key: SigningKey, signature: bytes, *,
    by: Person, at: datetime, signed_at: datetime,
) -> Countersignature:  # fmt: skip
    last = queries.last_countersigned(session, society.id)
    if last is not None and last.head_size > head.size:
        raise Refusal(_("%(society)s has countersigned a later head already. Please look at the "
                        "page again.", society=society.short))  # fmt: skip
    Refusal.unless_none(against(session, head, society))
    if any(one.society_id == society.id for one in head.countersignatures):
        raise Refusal(_("%(society)s has countersigned this head already.", society=society.short))
    one = Countersignature(
        society=society, key=key, by=by, at=at, signed_at=signed_at, signature=signature
    )
    head.countersignatures.append(one)
    record(
        session, "log.countersigned", by=by, at=at, on=head, society_id=society.id,
        size=head.size, root=head.root.hex(), key=key.name,
    )  # fmt: skip
    return one


def _is_own(session: Session, head: Head) -> bool:
    try:
        return head.size <= queries.size_of(session) and (
            queries.root(session, head.size) == head.root
        )
    except KeyError:
        return False


def _continues(session: Session, old: Head, size: int, root: bytes) -> bool:
    try:
        proof = queries.consistency(session, old.size, size)
    except (KeyError, ValueError):
        return False
    return tree.continues(old.size, old.root, size, root, proof)


def _is_by(key: SigningKey, message: bytes, signature: bytes) -> bool:
    try:
        return verify(key, message, signature)
    except (ValueError, UnsupportedAlgorithm):
        return False
