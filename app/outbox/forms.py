"""Filters of the outbox."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select
from wtforms import Form, IntegerField, SearchField, SelectField
from wtforms.validators import Optional

from app.db import LARGEST_KEY
from app.forms import offered, tidy
from app.outbox.models import Delivery, Message


class Which(StrEnum):
    EVERY = ""
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class OutboxFilter(Form):
    """What is asked for. Whatever is no number or too long asks for nothing."""

    which = SelectField(
        _l("Which"),
        choices=offered([
            ("", _l("All letters")),
            ("waiting", _l("Not sent yet")),
            ("sent", _l("Sent")),
            ("failed", _l("Failed")),
        ]),
    )  # fmt: skip
    to = SearchField(_l("To whom, or about what"), filters=[tidy])
    before = IntegerField(_l("Before"), [Optional()])

    def narrow(self, messages: Select[Message]) -> Select[Message]:
        messages = messages.outerjoin(Delivery)
        if self.which.data == Which.WAITING:
            messages = messages.where(Message.waits)
        elif self.which.data == Which.SENT:
            messages = messages.where(Delivery.message_id.is_not(None))
        elif self.which.data == Which.FAILED:
            messages = messages.where(Delivery.message_id.is_(None), ~Message.waits)
        if text := (self.to.data or "").replace("\x00", "")[:100]:
            messages = messages.where(
                Message.to.icontains(text, autoescape=True)
                | Message.subject.icontains(text, autoescape=True)
            )
        if self.before.data and 0 < self.before.data <= LARGEST_KEY:
            messages = messages.where(Message.id < self.before.data)
        return messages
