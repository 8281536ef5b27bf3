"""The shape of what publishes a scheme or an edition."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange, Optional, Regexp, ValidationError

from app.agenda.models import Activity
from app.forms import ChoiceField, Form, ManyField, MarkdownField, at_most, one_line
from app.schemes.annex import EQF_LEVELS, LONGEST, LONGEST_LINE, Fault, spread
from app.schemes.models import Edition, Nature
from app.schemes.publishing import Rules
from app.societies.models import Society


class EditionForm(Form):
    """What an edition lays down."""

    name = StringField(
        _l("Name of the edition"),
        [InputRequired(_l("Give the edition a name.")), at_most(20), one_line],
        description=_l("Usually the year, such as 2026. It is printed on the diploma."),
    )
    opens_on = DateField(
        _l("Applications from"), [InputRequired(_l("Say from which day people may apply."))]
    )
    closes_on = DateField(_l("Applications until"), [Optional()])
    webinars = IntegerField(
        _l("Joint webinars to attend"),
        [InputRequired(_l("Give a number; 0 for none.")), NumberRange(0, 50)],
        default=1,
        description=_l("Webinars held by at least one awarding society count. 0 for none."),
    )
    courses = ManyField(_l("Courses to complete"), coerce=int)
    validity_years = IntegerField(
        _l("Valid for how many years"),
        [Optional(), NumberRange(1, 30)],
        default=5,
        description=_l("Empty when it does not expire."),
    )
    renewal_credits = IntegerField(
        _l("Credits to renew it"), [Optional(), NumberRange(1, 500)], default=24
    )
    renewal_years = IntegerField(
        _l("In every how many years"), [Optional(), NumberRange(1, 10)], default=2
    )

    def validate_closes_on(self, field: DateField) -> None:
        if field.data and self.opens_on.data and field.data < self.opens_on.data:
            raise ValidationError(_l("This is before the day from which people may apply."))

    def validate_courses(self, field: ManyField) -> None:
        if not field.data and not self.webinars.data:
            raise ValidationError(_l("Ask for at least one webinar or course."))

    def validate_renewal_years(self, field: IntegerField) -> None:
        if (field.data is None) != (self.renewal_credits.data is None):
            raise ValidationError(_l("Give both the credits and the years, or neither."))

    def offer(self, courses: list[Activity]) -> None:
        self.courses.choices = [(c.id, c.title) for c in courses]

    def rules(self, courses: list[Activity]) -> Rules:
        chosen = set(self.courses.data or [])
        opens_on: date = self.opens_on.data  # type: ignore[assignment]  # InputRequired
        return Rules(
            name=self.name.data or "", opens_on=opens_on, closes_on=self.closes_on.data,
            webinars=self.webinars.data or 0, courses=[c for c in courses if c.id in chosen],
            validity_years=self.validity_years.data, renewal_credits=self.renewal_credits.data,
            renewal_years=self.renewal_years.data,
        )  # fmt: skip

    @classmethod
    def like(cls, edition: Edition | None, **values: Any) -> EditionForm:
        """A form that starts from an edition's rules."""
        if edition is None:
            return cls(data=values)
        courses = [r.course_id for r in edition.requirements if r.course_id is not None]
        webinars = sum(r.count for r in edition.requirements if r.course_id is None)
        return cls(obj=edition, data={"courses": courses, "webinars": webinars, **values})


class SchemeForm(EditionForm):
    """A scheme and its first edition."""

    title = StringField(
        _l("Title"),
        [InputRequired(_l("Give the scheme a title.")), at_most(120), one_line],
        description=_l(
            "Printed on the diploma, such as “Joint Certificate in Imaging Informatics”."
        ),
    )
    code = StringField(
        _l("Address"),
        [
            InputRequired(_l("Give it an address.")),
            at_most(60),
            Regexp(r"^[a-z0-9]+(-[a-z0-9]+)*$", message=_l("Small letters, digits and hyphens.")),
        ],
        description=_l("The last part of its address: /certificates/imaging-informatics"),
    )
    summary = TextAreaField(_l("In one sentence"), [at_most(300), one_line])
    description = MarkdownField(_l("Description"), [at_most(20000)])
    nature = RadioField(
        _l("What it is"),
        [InputRequired(_l("Choose what it is: it drives the wording everywhere."))],
        choices=[
            (Nature.PROGRAMME.value, _l("A certificate programme: own training and a test of it")),
            (
                Nature.CERTIFICATION.value,
                _l("A certification: it attests a person, and is renewed"),
            ),
        ],
    )
    body = ChoiceField(_l("Certification body"), coerce=int)
    first = ChoiceField(_l("First awarding society"), coerce=int)
    second = ChoiceField(_l("Second awarding society"), coerce=int)
    third = ChoiceField(_l("Third awarding society"), coerce=int)
    fourth = ChoiceField(_l("Fourth awarding society"), coerce=int)
    fifth = ChoiceField(_l("Fifth awarding society"), coerce=int)
    sixth = ChoiceField(_l("Sixth awarding society"), coerce=int)
    endorsing = ManyField(_l("Endorsed by"), coerce=int)
    recognising = ManyField(_l("Recognised by"), coerce=int)

    @property
    def places(self) -> list[ChoiceField]:
        return [self.first, self.second, self.third, self.fourth, self.fifth, self.sixth]

    @property
    def awarding(self) -> list[int]:
        return [place.data for place in self.places if place.data]

    def between(self, societies: list[Society]) -> None:
        """Offer these societies for every part."""
        names = [(s.id, s.name) for s in societies]
        self.body.choices = self.first.choices = names
        for place in self.places[1:]:
            place.choices = [(0, "—"), *names]
        self.endorsing.choices = self.recognising.choices = [(s.id, s.short) for s in societies]

    def validate_sixth(self, field: ChoiceField) -> None:
        if len(set(self.awarding)) < len(self.awarding):
            raise ValidationError(_l("A society is named twice among those that award."))

    def validate_recognising(self, field: ManyField) -> None:
        supporting = [*(self.endorsing.data or []), *(field.data or [])]
        parts = [*self.awarding, *supporting]
        if len(set(parts)) < len(parts):
            raise ValidationError(
                _l("A society takes one part: awarding, endorsing or recognising.")
            )


class AnnexForm(Form):
    """What the supplement of a diploma says of an edition."""

    workload_hours = StringField(
        _l("Workload in hours"), [at_most(10), one_line],
        description=_l("What a learner needs in all, such as 25."),
    )  # fmt: skip
    credit_amount = StringField(_l("Credits"), [at_most(10), one_line])
    credit_system = StringField(
        _l("Of which kind"), [at_most(40), one_line], description=_l("Such as ECTS or CPD.")
    )
    eqf = SelectField(
        _l("Level of the European Qualifications Framework"),
        choices=lambda: [("", _("None"))] + [(str(level), str(level)) for level in EQF_LEVELS],
        description=_l("Only for what an authority has placed at a level."),
    )
    is_accredited = BooleanField(_l("I confirm that the scheme is accredited at this level"))
    level_words = StringField(
        _l("Level in your own words"), [at_most(LONGEST_LINE), one_line],
        description=_l("Such as “advanced, for specialists in training”."),
    )  # fmt: skip
    outcomes = TextAreaField(
        _l("Learning outcomes"),
        description=_l("One a line: what somebody who holds the diploma can do."),
    )
    assessment = StringField(
        _l("Type of assessment"), [at_most(LONGEST), one_line],
        description=_l("Such as “written test under supervision, pass mark 75%”."),
    )  # fmt: skip
    participation = StringField(
        _l("Form of participation"), [at_most(LONGEST), one_line],
        description=_l("Such as “online, live and in one's own time”."),
    )  # fmt: skip
    quality = StringField(
        _l("Quality assurance"), [at_most(LONGEST), one_line],
        description=_l("Who looks after the quality, and how."),
    )  # fmt: skip
    prerequisites = StringField(_l("Prerequisites"), [at_most(LONGEST), one_line])
    identity = StringField(
        _l("How identity is verified"), [at_most(LONGEST), one_line],
        description=_l("Such as “sign-in by a confirmed address, no supervision”."),
    )  # fmt: skip
    grade = StringField(
        _l("Grade"), [at_most(LONGEST), one_line],
        description=_l("What everybody who holds the diploma has reached, such as “passed”. Each "
                       "holder's own results stand in the table."),
    )  # fmt: skip
    stacking = StringField(
        _l("Stacking towards other credentials"), [at_most(LONGEST), one_line],
        description=_l("Whether it stands alone or counts towards another, and which."),
    )  # fmt: skip
    further = StringField(_l("Further information"), [at_most(LONGEST), one_line])
    domains = FieldList(StringField(_l("Domain"), [at_most(LONGEST_LINE), one_line]))
    shares = FieldList(StringField(_l("Credits"), [at_most(10), one_line]))

    @classmethod
    def of(cls, edition: Edition, required: Sequence[object]) -> AnnexForm:
        """The form of an edition, with a domain and credits for each of its requirements."""
        form = cls(data=spread(edition.annex))
        for fields in (form.domains, form.shares):
            while len(fields) < len(required):
                fields.append_entry("")
            while len(fields) > len(required):
                fields.pop_entry()
        for domain, share, one in zip(form.domains, form.shares, required, strict=True):
            domain.label.text = _l("Domain of “%(requirement)s”", requirement=one)
            share.label.text = _l("Credits for each activity of “%(requirement)s”", requirement=one)
        return form

    @property
    def given(self) -> dict[str, Any]:
        return {field.name: field.data for field in self if field.name != "csrf_token"}

    def tell(self, faults: Sequence[Fault]) -> None:
        """Put each fault at its field; of one that there are several of, at the first."""
        for fault in faults:
            if fault.key == "shares":
                self.shares[0].errors = [*self.shares[0].errors, fault.reason]
                continue
            self[fault.key].errors = [*self[fault.key].errors, fault.reason]
