"""The component macros: every control has its label, its help, its error; text stays text."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser

import pytest
from flask import Flask, render_template_string
from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms import Form as Part
from wtforms.validators import InputRequired, Length, Optional

from app.forms import Form, ManyField, MarkdownField


class Address(Part):
    city = StringField("City", [Length(max=5)])


class Everything(Form):
    """One field of every kind that pages use."""

    heading = StringField("Heading", [InputRequired()], description="As printed.")
    description = MarkdownField("Description", [Optional()])
    on = DateField("Date", [InputRequired()], default=date(2026, 10, 14))
    places = IntegerField("Places", [Optional()])
    language = SelectField("Language", choices=[("en", "English")], default="en")
    kind = RadioField("Kind", [InputRequired()], choices=[("w", "Webinar"), ("c", "Course")])
    societies = ManyField("Together with", choices=[("a", "Society A"), ("b", "Society B")])
    read = BooleanField("I have read it", [InputRequired()])
    secret = PasswordField("Password", [InputRequired()])
    address = FormField(Address, "Address")
    speakers = FieldList(StringField("Speaker"), "Speakers", min_entries=2)


class WithFile(Form):
    report = FileField("Report")


class Seen(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]


@pytest.fixture(scope="module")
def draw(app: Flask):
    def _draw(form_class: type[Form], sent: dict[str, object] | None = None) -> str:
        with app.test_request_context("/", method="POST" if sent is not None else "GET"):
            form = form_class(
                formdata=MultiDict(sent) if sent is not None else None, meta={"csrf": False}
            )
            if sent is not None:
                form.validate()
            return render_template_string(
                '{% import "components/forms.html" as forms %}'
                '{{ forms.form(form, submit="Save", cancel="/") }}',
                form=form,
            )

    return _draw


def controls(seen: Seen) -> list[dict[str, str | None]]:
    return [c for c in seen.all("input", "select", "textarea") if c.get("type") != "hidden"]


def test_every_control_has_a_label_and_every_id_is_used_once(draw):
    seen = Seen(draw(Everything))
    labels = {label["for"] for label in seen.all("label")}
    ids = [attributes["id"] for _, attributes in seen.tags if attributes.get("id")]

    assert len(controls(seen)) >= 13
    assert {c["id"] for c in controls(seen)} <= labels
    assert len(ids) == len(set(ids))


def test_an_error_stands_at_its_field_and_leads_there_from_the_top(draw):
    html = draw(Everything, {"heading": "", "description": "kept text", "address-city": "too long"})
    seen = Seen(html)
    wrong = next(c for c in controls(seen) if c["id"] == "heading")
    ids = {attributes.get("id") for _, attributes in seen.tags}

    assert wrong["aria-invalid"] == "true"
    assert (wrong["aria-describedby"] or "").split() == ["heading-help", "heading-error"]
    assert {"heading-help", "heading-error", "address-city-error"} <= ids
    assert "kept text" in html
    targets = {a["href"][1:] for a in seen.all("a") if (a["href"] or "").startswith("#")}
    assert {"heading", "kind-0", "address-city"} <= targets <= ids


def test_a_form_without_faults_has_no_summary(draw):
    assert 'role="alert"' not in draw(Everything)


def test_a_form_with_a_file_is_sent_whole(draw):
    assert Seen(draw(WithFile)).all("form")[0]["enctype"] == "multipart/form-data"
    assert "enctype" not in Seen(draw(Everything)).all("form")[0]


def test_a_form_that_posts_carries_its_token(draw):
    tokens = [i for i in Seen(draw(Everything)).all("input") if i.get("name") == "csrf_token"]

    assert len(tokens) == 1
    assert tokens[0]["value"]


def test_a_question_is_asked_before_what_cannot_be_taken_back(app: Flask):
    with app.test_request_context("/"):
        html = render_template_string(
            '{% import "components/page.html" as page %}'
            '{{ page.button_post("/x", "Cancel it", kind="bad", confirm="Really?") }}'
        )
    seen = Seen(html)
    opener = seen.all("button")[0]

    assert opener["type"] == "button"
    assert opener["popovertarget"] in {d.get("id") for d in seen.all("div")}
    assert seen.all("form")[0]["action"] == "/x"


def test_a_strangers_text_stays_text_in_every_part(app: Flask):
    with app.test_request_context("/"):
        html = render_template_string(
            """{% import "components/page.html" as page %}
            {% set s = {"code": "x", "short": t, "name": t} %}
            {{ page.head(t, over=t, lead=t) }}{{ page.state("good", t) }}{{ page.society_tag(s) }}
            {{ page.society_mark(s) }}{{ page.party(s, quiet=t) }}{{ page.facts([(t, t)]) }}
            {{ page.notice("bad", t) }}{{ page.copyable(t, t) }}{{ page.lane([(0, 9)], t) }}
            {{ page.checklist([(true, t, t)]) }}{{ page.next_act(t, quiet=t, label=t, href=t) }}
            {{ page.path([(t, "now", t)]) }}{{ page.button_post("/", t, confirm=t) }}""",
            t="<script>alert(1)</script>\"'",
        )

    assert "<script" not in html
    assert html.count("&lt;script&gt;") > 15
    assert not re.search(r"=\"[^\"]*\"'", html)
