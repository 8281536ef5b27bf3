"""What the pages of the agenda ask for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import time
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    FieldList,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TimeField,
)
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from app.agenda import words
from app.agenda.models import Activity, Kind, Level
from app.agenda.obstacles import MOST_SESSIONS, AtSession, NotALink, Obstacle, Twice
from app.agenda.planning import Hour, Plan, Texts, is_link
from app.agenda.speaker_forms import SpeakerForm
from app.agenda.speakers import Named
from app.forms import Form, LanguageField, ManyField, MarkdownField, ZoneField, at_most, one_line
from app.societies.models import Society

SPARE_ROWS = 2
MOST_SPEAKERS = 40


class ZoneForm(Form):
    """Where the reader is."""

    zone = ZoneField(
        _l("Your time zone"),
        description=_l("Every time on Confer is shown in this zone, and says so."),
    )


def opens_in_a_browser(form: Form, field: StringField) -> None:
    """An http or https address of a site."""
    if field.data and not is_link(field.data):
        raise ValidationError(str(NotALink()))


def link_field() -> StringField:
    return StringField(
        _l("Link to the session"),
        [at_most(500), one_line, opens_in_a_browser],
        description=_l("Only those who have a place see it. It may follow later."),
    )


class TextsForm(Form):
    """What is said of an activity, before and after it is announced."""

    title = StringField(
        _l("Title"), [InputRequired(_l("Give it a title.")), at_most(200), one_line]
    )
    summary = StringField(
        _l("Summary"),
        [at_most(300), one_line],
        description=_l("One or two sentences, for the agenda."),
    )
    description = MarkdownField(
        _l("Description"),
        [at_most(20_000)],
        description=_l(
            "Markdown: **bold**, lists with -, headings with ##, links as [text](address)."
        ),
    )
    speakers = FieldList(FormField(SpeakerForm), _l("Who speaks"), max_entries=MOST_SPEAKERS)
    declares_later = BooleanField(_l("Put them on the programme now; they declare next"))
    language = LanguageField(_l("Language"), default="en")
    captions = StringField(
        _l("Captions"),
        [at_most(120), one_line],
        description=_l("Languages in which one can read along, such as English, German."),
    )
    outcomes = MarkdownField(
        _l("Learning outcomes"),
        [at_most(5_000)],
        description=_l("What one can do afterwards: a line with - for each."),
    )
    level = SelectField(_l("Level"), choices=words.levels, default=str(Level.INTRODUCTORY))
    audiences = ManyField(
        _l("For whom"),
        choices=lambda: list(words.professions().items()),
        description=_l("Nobody ticked means that it is for everyone."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_submitted():
            self.spare()

    def spare(self) -> None:
        """Leave empty rows at the end of the programme."""
        for _ in range(min(SPARE_ROWS, MOST_SPEAKERS - len(self.speakers.entries))):
            self.speakers.append_entry()

    def refuse_newcomers(self, people: Sequence[Named]) -> bool:
        """Tell who has not declared, until it is said that they do so next; whether any was told.

        Asked only where credits oblige everyone to declare and learners read the programme.
        """
        if not people or self.declares_later.data:
            return False
        for row in self.speakers:
            if row.form.named in people:
                told = _l("%(name)s has not declared financial relationships yet.")
                row.form.name.errors = [str(told) % {"name": row.form.name.data}]
        self.declares_later.errors = [
            str(_l("It carries credits. Learners read that this declaration is missing until it is "
                   "made and reviewed."))
        ]  # fmt: skip
        return True

    @property
    def texts(self) -> Texts:
        rows = [row.form.named for row in self.speakers]
        return Texts(
            title=self.title.data or "",
            summary=self.summary.data or "",
            description=self.description.data or "",
            language=self.language.data,
            level=Level(self.level.data),
            speakers=tuple(row for row in rows if row.name),
            audiences=frozenset(self.audiences.data or ()),
            link=(self["link"].data or "") if "link" in self else "",
            captions=self.captions.data or "",
            outcomes=self.outcomes.data or "",
        )


class PlanForm(TextsForm):
    """The whole of a plan, as long as it is a draft."""

    kind: Kind
    lead = SelectField(_l("Leading society"), coerce=int)
    others = ManyField(
        _l("Together with"),
        coerce=int,
        description=_l("Societies that an agreement in force ties to the leading one."),
    )
    capacity = IntegerField(
        _l("Places"),
        [
            Optional(),
            NumberRange(1, 1_000_000, _l("Name at least one place, or leave this empty.")),
        ],
        description=_l("Empty: as many as wish to come."),
    )

    def offer(self, led: Iterable[Society], all: Iterable[Society]) -> None:
        """The societies to choose from: those the person may lead with, and all."""
        own = list(led)
        self.lead.choices = [(s.id, s.short) for s in own]
        beside = [s for s in all if own != [s]]
        self.others.choices = [(s.id, f"{s.short} · {s.name}") for s in beside]

    def held_by(self, all: Sequence[Society]) -> tuple[Society, list[Society]]:
        """The leading society and those beside it."""
        beside = [s for s in all if s.id in (self.others.data or []) and s.id != self.lead.data]
        return next(s for s in all if s.id == self.lead.data), beside

    def refuse(self, obstacles: Sequence[Obstacle]) -> bool:
        """Tell each obstacle at its field; whether there was any."""
        for obstacle in obstacles:
            name = obstacle.field if obstacle.field in self else "on"
            self[name].errors = [*self[name].errors, str(obstacle)]
            if isinstance(obstacle, Twice):
                self["fold"].choices = obstacle.choices
        return bool(obstacles)


def fold_field() -> RadioField:
    """Asked only where clocks are set back: its choices come with the obstacle."""
    return RadioField(
        _l("Which of the two?"),
        coerce=lambda value: None if value in (None, "", "None") else int(value),
        choices=[],
        validate_choice=False,
        default=None,
    )


class SessionForm(Form):
    """A session after the first; one without a day is none."""

    class Meta(Form.Meta):
        csrf = False

    on = DateField(_l("Day"), [Optional()])
    start = TimeField(_l("Start"), [Optional()])
    minutes = IntegerField(_l("Length in minutes"), [Optional()])
    fold = fold_field()

    @property
    def hour(self) -> Hour:
        return Hour(
            on=self.on.data, start=self.start.data, minutes=self.minutes.data,
            fold=self.fold.data if self.fold.data in (0, 1) else None,
        )  # fmt: skip

    def refuse(self, obstacle: Obstacle) -> None:
        """Tell what stands against this session at its field."""
        field = self[obstacle.field if obstacle.field in self else "on"]
        field.errors = [*field.errors, str(obstacle)]
        if isinstance(obstacle, Twice):
            self.fold.choices = obstacle.choices


class HoursForm(Form):
    """The sessions of a webinar: the first, and those that follow."""

    on = DateField(_l("Day"), [InputRequired(_l("On which day?"))])
    start = TimeField(_l("Start"), [InputRequired(_l("At what time?"))], default=time(18))
    minutes = IntegerField(
        _l("Length in minutes"), [InputRequired(_l("How long is it?"))], default=60
    )
    further = FieldList(
        FormField(SessionForm), _l("Further sessions"), max_entries=MOST_SESSIONS - 1
    )
    zone = ZoneField(_l("Time zone of day and start"))
    fold = fold_field()

    def add_session(self) -> None:
        """Leave a row for one more session, at the same hour."""
        if len(self.further.entries) < MOST_SESSIONS - 1:
            self.further.append_entry({"start": self.start.data, "minutes": self.minutes.data})

    @property
    def rows(self) -> list[SessionForm]:
        """The further sessions that have a day."""
        return [row.form for row in self.further if row.form.on.data or row.form.on.errors]

    @property
    def hours(self) -> tuple[Hour, ...]:
        first = Hour(
            on=self.on.data, start=self.start.data, minutes=self.minutes.data,
            fold=self.fold.data if self.fold.data in (0, 1) else None,
        )  # fmt: skip
        return (first, *(row.hour for row in self.rows))

    def refuse_sessions(self, obstacles: Sequence[Obstacle]) -> list[Obstacle]:
        """Tell at its row what stands against a session; answer the rest."""
        rest = []
        for one in obstacles:
            if isinstance(one, AtSession) and one.number - 2 < len(self.rows):
                self.rows[one.number - 2].refuse(one.obstacle)
                self.further.errors = [*self.further.errors, str(one)]
            else:
                rest.append(one)
        return rest


class WebinarForm(HoursForm, PlanForm):
    """Live sessions, each at its hour."""

    kind = Kind.WEBINAR
    link = link_field()

    @property
    def plan(self) -> Plan:
        first, *further = self.hours
        return Plan(
            kind=self.kind, on=first.on, start=first.start, zone=self.zone.data,
            minutes=first.minutes, capacity=self.capacity.data, fold=first.fold,
            further=tuple(further),
        )  # fmt: skip

    def refuse(self, obstacles: Sequence[Obstacle]) -> bool:
        return super().refuse(self.refuse_sessions(obstacles)) or bool(obstacles)


class CourseForm(PlanForm):
    """A course at one's own pace: no hour, but a workload."""

    kind = Kind.COURSE
    on = DateField(
        _l("Opens on"),
        [Optional()],
        description=_l("Empty: it is open as soon as it is announced."),
    )
    hours = DecimalField(
        _l("Work in hours"),
        [Optional()],
        description=_l("What a learner should expect, such as 30 or 1.5."),
    )
    zone = ZoneField(_l("Time zone of that day"))

    @property
    def plan(self) -> Plan:
        hours = self.hours.data
        minutes = None
        if hours is not None:
            minutes = int(hours * 60) if hours.is_finite() and abs(hours) < 10_000 else -1
        return Plan(
            kind=self.kind, on=self.on.data, zone=self.zone.data, minutes=minutes,
            capacity=self.capacity.data,
        )  # fmt: skip

    def refuse(self, obstacles: Sequence[Obstacle]) -> bool:
        at_length = [o for o in obstacles if o.field == "minutes"]
        self.hours.errors = [*self.hours.errors, *map(str, at_length)]
        rest = [o for o in obstacles if o.field != "minutes"]
        return super().refuse(rest) or bool(at_length)


class WebinarTextsForm(TextsForm):
    """What may change of a webinar once it is announced."""

    link = link_field()


FORMS: dict[Kind, type[PlanForm]] = {Kind.WEBINAR: WebinarForm, Kind.COURSE: CourseForm}


def filled(activity: Activity) -> dict[str, Any]:
    """What a form about this activity starts with."""
    plan = activity.plan
    return {
        "title": activity.title,
        "summary": activity.summary,
        "description": activity.description,
        "speakers": [s.named._asdict() for s in activity.speakers],
        "language": activity.language,
        "level": str(activity.level),
        "audiences": activity.professions,
        "link": activity.link,
        "captions": activity.captions,
        "outcomes": activity.outcomes,
        "lead": activity.lead.id,
        "others": [s.id for s in activity.societies if s.id != activity.lead.id],
        "capacity": plan.capacity,
        "on": plan.on,
        "start": plan.start,
        "zone": plan.zone,
        "minutes": plan.minutes,
        "hours": Decimal(plan.minutes) / 60 if plan.minutes else None,
        "fold": plan.fold,
        "further": [vars(hour) for hour in plan.further],
    }
