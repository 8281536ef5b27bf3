"""Issuing what is due; and the press of the workers; that of pages is `app.designs.printing`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from flask import current_app
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import db
from app.addresses import external_url
from app.awards.models import Award
from app.clock import now
from app.completions.models import Completion
from app.credentials.issuing import (
    awards_due,
    completions_due,
    issue_certificate,
    issue_diploma,
)
from app.credentials.models import Credential
from app.jobs import chore
from app.pdf import Press

log = logging.getLogger("confer.credentials")
BATCH = 25
"""So many in one transaction, for others wait to write meanwhile."""


def verification_url(serial: str) -> str:
    return external_url("verification.show", serial=serial)


@chore("credentials.issue")
def issue_due() -> None:
    """Give every released award its diploma and every completion its certificate, once."""
    while _is_any_due() and issue_batch():
        pass


def _is_any_due() -> bool:
    """Looked at without queueing as a writer: at nearly every sweep the answer is no."""
    with db.reading() as session:
        due = session.scalars(awards_due(1)).first() or session.scalars(completions_due(1)).first()
        return due is not None


def issue_batch() -> int:
    """Issue some of what is due; answer how many were."""
    with db.writing() as session:
        awards = session.scalars(awards_due(BATCH)).unique().all()
        completions = session.scalars(completions_due(BATCH)).unique().all()
        issued = [_issue(session, issue_diploma, award) for award in awards]
        issued += [_issue(session, issue_certificate, completion) for completion in completions]
        return sum(issued)


def _issue(session: Session, issue: Callable[..., Credential], source: Award | Completion) -> bool:
    """Issue one; what stands in the way of one stands in the way of no other.

    When another worker has issued the same, a unique key says so.
    """
    promised = list(session.info.get("after_commit", []))
    try:
        with session.begin_nested():
            issue(session, source, at=now(), address=verification_url)
            session.flush()
        return True
    except IntegrityError:
        log.info("%s %s is issued already", type(source).__name__, source.id)
    except Exception:
        log.exception("%s %s cannot be issued", type(source).__name__, source.id)
    session.info["after_commit"] = promised
    return False


def press() -> Press:
    """This process's press, with one child for each job thread."""
    settings = current_app.config["SETTINGS"]
    return press_in(settings.var / "press", settings.job_threads)


@lru_cache(maxsize=1)
def press_in(scratch: Path, workers: int) -> Press:
    """Another application in this process, with another folder, gets another press."""
    return Press(scratch, workers=workers)
