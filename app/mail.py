"""Composing messages and handing them to a mail server."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from flask import current_app
from flask_babel import get_locale
from sqlalchemy.orm import Session

from app.outbox.models import Message, post

TIMEOUT = 20


def write(
    session: Session,
    template: str,
    *,
    to: str,
    subject: str,
    at: datetime,
    person_id: int | None = None,
    attachments: Sequence[dict[str, str]] = (),
    **facts: Any,
) -> Message:
    """Compose a message from `templates/emails/<template>.txt` and `.html`, into the outbox.

    `template` is "<room>/<name>"; facts are plain; an attachment is {"name", "type", "text"}.
    """
    subject = " ".join(subject.split())
    message = Message(
        kind=template,
        to=to,
        person_id=person_id,
        subject=subject,
        plain=_letter(f"{template}.txt", subject=subject, **facts).strip() + "\n",
        html=_letter(f"{template}.html", subject=subject, **facts),
        attachments=list(attachments),
        message_id=f"<{uuid4()}@{_host()}>",
        written_at=at,
        next_at=at,
    )
    return post(session, message)


def _letter(template: str, **facts: Any) -> str:
    """The text of a letter: it knows its facts and nothing of the page on which it is caused."""
    letter = current_app.jinja_env.get_template(f"emails/{template}")
    return letter.render(locale=get_locale(), **facts)


def mime(message: Message) -> EmailMessage:
    """The message as it travels; the same row always makes the same Message-ID."""
    mail = EmailMessage(policy=SMTP)
    mail["Message-ID"] = message.message_id
    mail["Date"] = format_datetime(message.written_at)
    mail["From"] = f"Confer <{current_app.config['SETTINGS'].mail_from}>"
    mail["To"] = Address(addr_spec=message.to)  # one address, whatever it says
    mail["Subject"] = message.subject
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.plain)
    mail.add_alternative(message.html, subtype="html")
    for part in message.attachments:
        main, sub = part["type"].split(";")[0].split("/")
        mail.add_attachment(
            part["text"].encode(),
            maintype=main,
            subtype=sub,
            filename=part["name"],
            params={"method": "PUBLISH"} if sub == "calendar" else None,
        )
    return mail


def send(message: Message, smtp_url: str) -> None:
    """Hand a message to the mail server; raises smtplib or OS errors."""
    parts = urlsplit(smtp_url)
    host, port = parts.hostname or "localhost", parts.port
    known = ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT, context=known)
    else:
        server = smtplib.SMTP(host, port or 25, timeout=TIMEOUT)
    with server:
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            # Without a password it is a relay nearby, often with a certificate of its own making.
            server.starttls(context=known if parts.username else None)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(mime(message))


def _host() -> str:
    return urlsplit(current_app.config["SETTINGS"].public_url).hostname or "localhost"
