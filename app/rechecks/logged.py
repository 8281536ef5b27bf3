"""What the log told of rows when it took them in, as far as its own entries hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.transparency.models import Leaf
from app.transparency.records import commitment
from app.transparency.verifying import against_leaf


@dataclass(frozen=True)
class Logged:
    """Entries by the rows they tell of."""

    leaves: Mapping[str, Leaf]
    read: dict[str, dict[str, Any] | None] = field(default_factory=dict)

    def __contains__(self, source: str) -> bool:
        return source in self.leaves

    def content(self, source: str) -> dict[str, Any] | None:
        """What an entry tells, unless there is none or it does not hold itself."""
        if source not in self.read:
            self.read[source] = _content(self.leaves.get(source))
        return self.read[source]

    def vouches(self, source: str, name: str, record: Any) -> bool:
        """Whether an entry's commitment is to this record; where there is none, nothing denies."""
        content = self.content(source)
        if content is None:
            return True
        told: bool = content["records"][name] == commitment(self.leaves[source].salt, record)
        return told


def _content(leaf: Leaf | None) -> dict[str, Any] | None:
    if leaf is None or against_leaf(leaf):
        return None
    content: dict[str, Any] = json.loads(leaf.content)
    content.pop("own")
    return content


def logged(session: Session, sources: Iterable[str]) -> Logged:
    found = session.scalars(select(Leaf).where(Leaf.source.in_(list(sources))))
    return Logged({leaf.source: leaf for leaf in found})


def about(session: Session, credential_ids: Iterable[int]) -> Logged:
    """Every entry about these credentials, also one that lost its own name."""
    found = session.scalars(select(Leaf).where(Leaf.credential_id.in_(list(credential_ids))))
    return Logged({leaf.source: leaf for leaf in found})
