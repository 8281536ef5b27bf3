"""Sending what waits in the outbox."""

import smtplib

from flask import current_app

from app import db, mail
from app.clock import now
from app.jobs import job
from app.outbox.models import Message, claim, due, oldest


@job("outbox.deliver", due=lambda s, at, n: due(s, at, n) if _server() else [], oldest=oldest)
def deliver(message_id: int) -> None:
    """Send one message outside any transaction, then write down that it went."""
    server = _server()
    if server is None:
        return
    with db.writing() as session:
        if not claim(session, message_id, at=now()):
            return
    with db.reading() as session:
        message = session.get_one(Message, message_id)
    try:
        mail.send(message, server)
        error = ""
    except (smtplib.SMTPException, OSError, ValueError) as failure:
        error = f"{type(failure).__name__}: {failure}"
    with db.writing() as session:
        message = session.get_one(Message, message_id)
        if error:
            message.postpone(error, at=now())
        elif message.delivery is None:
            message.deliver(at=now())


def _server() -> str | None:
    return current_app.config["SETTINGS"].smtp_url
