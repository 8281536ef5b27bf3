"""The shape of a letter."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, StringField
from wtforms.validators import InputRequired, ValidationError

from app.forms import Form, MarkdownField, at_most, one_line
from app.letters import filling, words
from app.letters.models import Group


def openings_exist(form: Form, field: Field) -> None:
    """Only what can be filled in stands in braces."""
    if unknown := filling.unknown(field.data or ""):
        known = ", ".join(f"{{{name}}}" for name in filling.OPENINGS)
        raise ValidationError(
            _("There is no {%(name)s}. Known are %(known)s.", name=unknown[0], known=known)
        )


class LetterForm(Form):
    to_whom = RadioField(_l("To whom"), [InputRequired(_l("Please say to whom it goes."))])
    subject = StringField(
        _l("Subject"),
        [InputRequired(_l("Please give it a subject.")), at_most(150), one_line, openings_exist],
    )
    body = MarkdownField(
        _l("Text"),
        [InputRequired(_l("Please write the letter.")), at_most(20_000), openings_exist],
        description=_l(
            "{name}, {title}, {when} and {link} are filled in for each reader: their name, the "
            "webinar, its start on their own clock, the page of their enrolment. Markdown: "
            "**strong**, - list, [text](https://…)."
        ),
    )

    def offer(self, sizes: Mapping[Group, int], *, settled: bool) -> LetterForm:
        """The groups that there are now, each with how many it has."""
        self.to_whom.choices = [
            (str(group), _("%(who)s: %(count)d", who=who, count=sizes[group]))
            for group, who in words.groups().items()
            if settled or not group.needs_settlement
        ]
        return self

    @property
    def letter(self) -> dict[str, str | Group]:
        return {
            "to_whom": Group(self.to_whom.data),
            "subject": self.subject.data or "",
            "body": self.body.data or "",
        }
