"""Sending what waits in the outbox."""

from flask import current_app

from app import db, mail
from app.clock import now
from app.jobs import job
from app.outbox.models import MAX_ATTEMPTS, Message, claim, due, oldest


@job("outbox.deliver", due=lambda s, at, n: due(s, at, n) if _server() else [], oldest=oldest)
def deliver(message_id: int) -> None:
    """Send one message outside any transaction, then write down that it went."""
    server = _server()
    if server is None:
        return
    with db.writing() as session:
        if not claim(session, message_id, at=now()):
            return
        message = session.get_one(Message, message_id)
        if message.attempts > MAX_ATTEMPTS:
            message.postpone("the worker ended every time it was tried", at=now())
            return
    try:
        mail.send(message, server)
        error = ""
    except Exception as failure:  # whatever a letter does to the mail library, it fails in words
        error = f"{type(failure).__name__}: {failure}"
    with db.writing() as session:
        message = session.get_one(Message, message_id)
        if error:
            message.postpone(error, at=now())
        elif message.delivery is None:
            message.deliver(at=now())


def _server() -> str | None:
    return current_app.config["SETTINGS"].smtp_url
