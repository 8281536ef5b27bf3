"""Issuing what is due, and setting the sheets."""

from __future__ import annotations

import logging
from functools import lru_cache

from flask import current_app
from sqlalchemy.exc import IntegrityError

from app import db
from app.clock import now
from app.credentials import emails, sheet, typesetting
from app.credentials.issuing import (
    awards_due,
    completions_due,
    issue_certificate,
    issue_diploma,
)
from app.credentials.models import Credential
from app.files import files
from app.jobs import chore, job
from app.pdf import Press, Unprintable
from app.web import external_url

log = logging.getLogger("confer.credentials")
BATCH = 25
"""So many in one transaction, for others wait to write meanwhile."""


def verification_url(serial: str) -> str:
    return external_url("verification.show", serial=serial)


@chore("credentials.issue")
def issue_due() -> None:
    """Give every released award its diploma and every completion its certificate, once.

    When another worker issues the same at the same moment, the unique keys let one of them through;
    the other finds it done at its next round.
    """
    try:
        while issue_batch():
            pass
    except IntegrityError:
        log.info("another worker is issuing")


def issue_batch() -> int:
    with db.writing() as session:
        awards = session.scalars(awards_due(BATCH)).unique().all()
        completions = session.scalars(completions_due(BATCH)).unique().all()
        for award in awards:
            issue_diploma(session, award, at=now(), address=verification_url)
        for completion in completions:
            issue_certificate(session, completion, at=now(), address=verification_url)
        return len(awards) + len(completions)


@job("credentials.typeset", due=typesetting.due, oldest=typesetting.oldest)
def typeset(key: int) -> None:
    """Set one sheet outside any transaction; the one who finishes first counts."""
    with db.writing() as session:
        if not typesetting.claim(session, key, at=now()):
            return
    with db.reading() as session:
        credential = session.get_one(Credential, key)
    try:
        content = press().typeset(sheet.page(credential.snapshot))
    except Unprintable as reason:
        with db.writing() as session:
            typesetting.fail(session, key, str(reason), at=now())
        return
    digest = files.keep(content)
    with db.writing() as session:
        if typesetting.finish(session, key, digest=digest, size=len(content), at=now()):
            emails.ready(session, session.get_one(Credential, key), at=now())


@lru_cache(maxsize=1)
def press() -> Press:
    """This process's press, with one child for each job thread."""
    settings = current_app.config["SETTINGS"]
    return Press(settings.var / "press", workers=settings.job_threads)
