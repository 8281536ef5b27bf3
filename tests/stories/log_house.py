"""The log with a head for each side, and something that a recheck has found."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from app.clock import now
from app.rechecks import rounds
from app.rechecks.models import Finding
from app.transparency import gathering, heads


def log_of_side(session: Session, side: str) -> dict[str, int]:
    """Nouns for every page about the log and about rechecks."""
    session.flush()
    later = timedelta(minutes=10 if side == "theirs" else 0)
    gathering.take_in(session, at=now())
    head = heads.sign(session, origin="127.0.0.1:8000/log", at=now() + later)
    assert head is not None
    one = rounds.begin(session, at=now())
    session.flush()
    one.ended_at = now()
    finding = Finding(round_id=one.id, part="file", subject=side, reason="the file is missing",
                      found_at=now(), last_seen_at=now(), told_at=now())  # fmt: skip
    session.add(finding)
    session.flush()
    return {"head": head.size, "finding": finding.id}
