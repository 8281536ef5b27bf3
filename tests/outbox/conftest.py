"""A platform with a mail server, and letters to send through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app import mail
from app.clock import now
from app.outbox.models import Message
from tests.servers import PostOffice


@pytest.fixture
def posted(stage: Flask, smtp: PostOffice) -> Iterator[PostOffice]:
    """The mail server, set as this platform's."""
    settings = stage.config["SETTINGS"]
    stage.config["SETTINGS"] = replace(settings, smtp_url=smtp.url)
    yield smtp
    stage.config["SETTINGS"] = settings


@pytest.fixture
def write(session: Session) -> Callable[..., Message]:
    """A letter in the outbox, as an act would leave it."""

    def one(to: str = "ana@clinic.example", **facts: object) -> Message:
        facts = {
            "url": "http://127.0.0.1:8000/password/" + "k" * 43,
            "subject": "A letter",
            **facts,
        }
        message = mail.write(session, "accounts/reset", to=to, at=now(), **facts)  # type: ignore[arg-type]
        session.commit()
        return message

    return one
