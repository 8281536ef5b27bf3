"""What the transparency log tells of a document, held against the rows of the register.

A row can be rewritten by whoever has the database; the log changes nothing unseen. What happened a
moment ago has no entry yet: then the register is ahead, and nothing differs.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.credentials.models import Credential
from app.open_badges.models import OpenBadge
from app.sealing.models import DocumentTimestamp
from app.transparency import records
from app.transparency.models import Leaf
from app.transparency.verifying import against_leaf

COLUMNS = tuple(getattr(Credential, name) for name in (*records.CREDENTIAL, "file_digest"))
"""What must be loaded of a credential to hold it against its entry."""
STAMPED = "timestamped/"


def entries(session: Session, ids: Sequence[int]) -> defaultdict[int, list[Leaf]]:
    """The entries about credentials, in order."""
    found: defaultdict[int, list[Leaf]] = defaultdict(list)
    about = select(Leaf).where(Leaf.credential_id.in_(ids)).order_by(Leaf.position)
    for leaf in session.scalars(about) if ids else ():
        assert leaf.credential_id is not None
        found[leaf.credential_id].append(leaf)
    return found


def files(leaves: Sequence[Leaf]) -> dict[str, str | None]:
    """The files that entries name, by what they tell of."""
    return {leaf.source: json.loads(leaf.content).get("file") for leaf in leaves}


def names_another_file(
    credential: Credential, leaves: Sequence[Leaf], stamps: Iterable[DocumentTimestamp] = ()
) -> bool:
    """Whether the register names a file that the log does not, nor a stamp that is yet to enter."""
    told = files(leaves)
    late = (one.file_digest for one in stamps if f"{STAMPED}{one.id}" not in told)
    is_entered = f"issued/{credential.id}" in told
    return is_entered and credential.file_digest not in {*told.values(), *late}


def differs(credential: Credential, leaves: Sequence[Leaf], badge: OpenBadge | None = None) -> bool:
    """Whether an entry is not what was entered, or tells something else of a credential, or of what
    became of it, than the register does. Of its file, `names_another_file` says so."""
    rows = dict(_rows(credential))
    for leaf in leaves:
        if against_leaf(leaf):
            return True
        if leaf.source.startswith(STAMPED):
            continue
        if leaf.source not in rows:
            return True
        told, (name, record) = json.loads(leaf.content), rows[leaf.source]
        if told["records"][name] != records.commitment(leaf.salt, record):
            return True
        if badge is not None and told.get("badge") and told["badge"] != _digest(badge):
            return True
    return False


def _rows(credential: Credential) -> Iterator[tuple[str, tuple[str, dict[str, Any]]]]:
    """What the register says: by the names of entries, the record that each has vouched for."""
    yield f"issued/{credential.id}", ("credential", records.of_credential(credential))
    if credential.revocation is not None:
        act = records.of_row(credential.revocation, records.ACT)
        yield f"withdrawn/{credential.id}", ("act", act)
    if credential.supersession is not None:
        act = records.of_row(credential.supersession, records.SUPERSESSION)
        yield f"superseded/{credential.id}", ("act", act)
    for one in credential.suspensions:
        yield f"suspended/{one.id}", ("act", records.of_row(one, records.ACT))
        if one.reinstatement is not None:
            act = records.of_row(one.reinstatement, records.REINSTATEMENT)
            yield f"reinstated/{one.id}", ("act", act)


def _digest(badge: OpenBadge) -> str:
    return sha256(badge.document.encode()).hexdigest()
