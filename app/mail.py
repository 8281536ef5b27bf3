"""Composing messages and handing them to a mail server."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from ipaddress import ip_address
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
    message = compose(
        template, to=to, subject=subject, at=at, person_id=person_id, attachments=attachments,
        **facts,
    )  # fmt: skip
    return post(session, message)


def compose(
    template: str,
    *,
    to: str,
    subject: str,
    at: datetime,
    person_id: int | None = None,
    attachments: Sequence[dict[str, str]] = (),
    headers: Mapping[str, str] | None = None,
    **facts: Any,
) -> Message:
    """A message as `write` makes it, for who puts it, or many, into the outbox themselves.

    `headers` are further ones, such as Reply-To.
    """
    subject = " ".join(subject.split())
    return Message(
        kind=template,
        to=to,
        person_id=person_id,
        subject=subject,
        plain=_letter(f"{template}.txt", subject=subject, **facts).strip() + "\n",
        html=_letter(f"{template}.html", subject=subject, **facts),
        attachments=list(attachments),
        headers={name: _one_line(value) for name, value in (headers or {}).items()},
        message_id=f"<{uuid4()}@{_host()}>",
        written_at=at,
        next_at=at,
    )


def _letter(template: str, **facts: Any) -> str:
    """The text of a letter: it knows its facts and nothing of the page on which it is caused."""
    letter = current_app.jinja_env.get_template(f"emails/{template}")
    return letter.render(locale=get_locale(), **facts)


def mime(message: Message) -> EmailMessage:
    """The message as it travels; the same row always makes the same Message-ID."""
    mail = EmailMessage(policy=LETTER)
    mail["Message-ID"] = message.message_id
    mail["Date"] = format_datetime(message.written_at)
    mail["From"] = f"Confer <{sender()}>"
    mail["To"] = Address(addr_spec=message.to)  # one address, whatever it says
    mail["Subject"] = message.subject
    mail["Auto-Submitted"] = "auto-generated"
    for name, value in message.headers.items():
        mail[name] = value
    mail.set_content(message.plain)
    mail.add_alternative(message.html, subtype="html")
    for part in message.attachments:
        main, sub = part["type"].split(";")[0].split("/")
        mail.add_attachment(
            part["text"].encode(),
            maintype=main,
            subtype=sub,
            filename=part["name"],
            params={"method": _method(part["type"])} if sub == "calendar" else None,
        )
    _part_at(mail, message.message_id)
    return mail


def _part_at(mail: EmailMessage, message_id: str) -> None:
    """Part it at marks of its own, so that sent again it is the same to the letter."""
    mark = re.sub("[^0-9a-z-]", "", message_id.partition("@")[0])
    for number, part in enumerate(mail.walk()):
        if part.is_multipart():
            part.set_boundary(f"={mark}={number}=")


def _method(type: str) -> str:
    """What a calendar is asked to do: "text/calendar; method=CANCEL", or to take it over."""
    return type.partition("method=")[2] or "PUBLISH"


class Line(str):
    """A header that travels as it is, on one line: an address broken in two leads nowhere."""

    name: str

    @classmethod
    def of(cls, name: str, value: str) -> Line:
        header = cls(_one_line(value))
        header.name = name
        return header

    def fold(self, *, policy: Policy[Any]) -> str:
        return f"{self.name}: {self}{policy.linesep}"


class Headers(HeaderRegistry):
    """How headers are read and written. Reading one costs more than sending it, so that those
    that are one short line of ASCII, and name neither people nor files, are written as they are."""

    AS_THEY_ARE = frozenset(
        ("message-id", "date", "from", "subject", "auto-submitted", "mime-version", "content-type",
         "content-transfer-encoding", "list-unsubscribe", "list-unsubscribe-post")
    )  # fmt: skip
    LONGEST = 900

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, type[BaseHeader]] = {}

    def __getitem__(self, name: str) -> type[BaseHeader]:
        found = self.known.get(name.lower())
        if found is None:
            found = self.known[name.lower()] = super().__getitem__(name)
        return found

    def __call__(self, name: str, value: Any) -> Any:
        if (
            name.lower() in self.AS_THEY_ARE
            and isinstance(value, str)
            and value.isascii()
            and value.isprintable()
            and 0 < len(value) <= self.LONGEST
        ):
            return Line.of(name, value)
        return super().__call__(name, value)


LETTER = SMTP.clone(header_factory=Headers())


def _one_line(value: str) -> str:
    """The value of a header, which ends where its line does."""
    if len(value.splitlines()) > 1 or value != value.strip():
        raise ValueError("a header has one line")
    return value


def connect(smtp_url: str, *, timeout: float = TIMEOUT) -> smtplib.SMTP:
    """A connection to the mail server, encrypted where it can be, signed in where it has to be."""
    parts = urlsplit(smtp_url)
    host, port = parts.hostname or "localhost", parts.port
    known = ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=timeout, context=known)
    else:
        server = smtplib.SMTP(host, port or 25, timeout=timeout)
    try:
        server.ehlo_or_helo_if_needed()  # only then does it say what it can do
        encrypts = parts.scheme == "smtps"
        if not encrypts and server.has_extn("starttls"):
            # Without a password it is a relay nearby, often with a certificate of its own making.
            server.starttls(context=known if parts.username else None)
            encrypts = True
        if parts.username:
            assert server.sock is not None
            if not encrypts and not is_loopback(server.sock.getpeername()[0]):
                raise smtplib.SMTPNotSupportedError("it offers no encryption for the password")
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except Exception:
        server.close()
        raise
    return server


def is_loopback(address: str) -> bool:
    """Whether what is sent there stays on this machine."""
    return ip_address(address.partition("%")[0]).is_loopback


def send(message: Message, smtp_url: str) -> None:
    """Hand a message to the mail server; raises smtplib or OS errors."""
    with Wire(smtp_url) as wire:
        wire.send(message)


class Wire:
    """A connection to the mail server for many messages, one after the other."""

    def __init__(self, smtp_url: str) -> None:
        self.smtp_url = smtp_url
        self.server: smtplib.SMTP | None = None

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_error: object) -> None:
        self.hang_up()

    def send(self, message: Message) -> None:
        """Hand over one message; a server that has had enough of this connection gets another."""
        letter = mime(message)
        was_used = self.server is not None
        try:
            self._hand(letter, message.to)
        except smtplib.SMTPException as failure:
            if not was_used or not _is_over(failure):
                raise
            self.hang_up()
            self._hand(letter, message.to)

    def _hand(self, letter: EmailMessage, to: str) -> None:
        if self.server is None:
            try:
                self.server = connect(self.smtp_url)
            except (smtplib.SMTPException, OSError) as failure:
                raise OutOfReach(failure) from failure
        try:
            sender = current_app.config["SETTINGS"].mail_from
            if (sender + to).isascii():
                self.server.sendmail(sender, [to], letter.as_bytes())
            else:  # only a server that knows such addresses takes it
                self.server.send_message(letter)
        except OSError as failure:
            if not isinstance(failure, smtplib.SMTPException) or _is_over(failure):
                self.hang_up()
            raise

    def hang_up(self) -> None:
        if self.server is not None:
            with suppress(smtplib.SMTPException, OSError):
                self.server.quit()
            self.server.close()
            self.server = None


class OutOfReach(Exception):
    """No connection to the mail server: whatever else waits need not be tried now."""

    def __init__(self, failure: Exception) -> None:
        super().__init__(f"{type(failure).__name__}: {failure}")


def _is_over(failure: smtplib.SMTPException) -> bool:
    """Whether the server has ended the connection."""
    code = getattr(failure, "smtp_code", None)
    return isinstance(failure, smtplib.SMTPServerDisconnected) or code == 421


def sender() -> str:
    """The address from which Confer writes."""
    return str(current_app.config["SETTINGS"].mail_from)


def _host() -> str:
    return urlsplit(current_app.config["SETTINGS"].public_url).hostname or "localhost"
