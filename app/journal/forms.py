"""Filters of the journal."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, or_
from wtforms import Form, IntegerField, SearchField
from wtforms.validators import Optional

from app.db import LARGEST_KEY
from app.forms import tidy
from app.journal.models import Entry


class JournalFilter(Form):
    """What is asked for. Whatever is no number or too long asks for nothing."""

    act = SearchField(_l("What was done"), filters=[tidy])
    person = SearchField(_l("By whom, or on what"), filters=[tidy])
    before = IntegerField(_l("Before"), [Optional()])

    def narrow(self, entries: Select[Entry]) -> Select[Entry]:
        """The entries asked for, newest first."""
        if act := _text(self.act.data):
            words = act.lower().replace(" ", "")
            entries = entries.where(Entry.act.icontains(words, autoescape=True))
        if person := _text(self.person.data):
            entries = entries.where(
                or_(
                    Entry.actor_name.icontains(person, autoescape=True),
                    Entry.subject_name.icontains(person, autoescape=True),
                )
            )
        if self.before.data and 0 < self.before.data <= LARGEST_KEY:
            entries = entries.where(Entry.id < self.before.data)
        return entries.order_by(Entry.id.desc())


def _text(value: str | None) -> str:
    return (value or "").replace("\x00", "")[:100]
