"""Planning another like one, and templates of a society."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.agenda.models import Activity, Audience
from app.agenda.planning import Hour
from app.agenda.templates import MOST, WebinarTemplate
from app.clock import now
from app.errors import Refusal
from app.journal.models import Entry
from tests.cast import make_webinar

NEW = "/desk/activities/new/webinar"


@pytest.fixture
def model(session, eva, societies):
    """An announced webinar of two sessions, with everything that is worth using again."""
    webinar = make_webinar(session, eva, societies.eusomii, societies.siim)
    webinar.audiences = [Audience(profession="radiologist")]
    webinar.captions, webinar.outcomes = "German", "- Read a DICOM file"
    first = webinar.plan.hours[0]
    late = Hour(on=first.on, start=first.start.replace(hour=21), minutes=30)
    webinar.meets([first, late], webinar.zone)
    session.flush()
    return webinar


def drafts(session):
    found = select(Activity).where(~Activity.announcement.has()).order_by(Activity.id)
    return session.scalars(found).unique().all()


def test_another_like_this_has_everything_but_the_day(browser, eva, session, model):
    page = browser.sign_in(eva).visit(f"/desk/activities/{model.id}")
    assert f"{NEW}?like={model.id}" in page.links

    browser.visit(f"{NEW}?like={model.id}")
    assert browser.page.form()["fields"].get("on") in (None, [""])
    browser.submit(on="2028-03-15")

    [draft] = drafts(session)
    assert draft.starts_local == "2028-03-15T18:00"
    assert len(draft.sessions) == 1
    assert draft.texts == model.texts
    assert [s.code for s in draft.societies] == ["eusomii", "siim"]
    assert draft.capacity == model.capacity


def test_a_template_is_saved_used_and_deleted(browser, eva, session, model):
    browser.sign_in(eva).visit(f"/desk/activities/{model.id}/template")
    page = browser.submit(name="Evening of two hours")
    assert "Evening of two hours" in page.text

    template = session.scalars(select(WebinarTemplate)).one()
    browser.visit(f"{NEW}?template={template.id}")
    browser.submit(on="2028-03-15")
    assert drafts(session)[0].texts == model.texts

    browser.visit("/desk/templates")
    page = browser.submit(f"/templates/{template.id}/removal")
    assert "No templates yet" in page.text
    assert len(drafts(session)) == 1, "what was planned with it stays"
    kept = select(Entry.act).where(Entry.act.startswith("template.")).order_by(Entry.id)
    acts = list(session.scalars(kept))
    assert acts == ["template.saved", "template.removed"]


def test_a_series_starts_from_a_template_too(browser, eva, session, model):
    template = WebinarTemplate.save(
        session, model, "Ours", society=model.lead, by=eva, at=now()
    )  # fmt: skip
    session.flush()

    page = browser.sign_in(eva).visit(f"/desk/series/new?template={template.id}")

    assert model.title in page.html and "Dr Ida Nyström" in page.html


def test_a_name_is_given_once_in_a_society(browser, eva, session, model):
    WebinarTemplate.save(session, model, "Ours", society=model.lead, by=eva, at=now())
    session.flush()
    browser.sign_in(eva).visit(f"/desk/activities/{model.id}/template")

    page = browser.submit(name="OURS", status=409)

    assert "EuSoMII has a template of this name already." in page.text


def test_the_other_society_keeps_one_of_its_own(browser, sam, session, model, societies):
    browser.sign_in(sam).visit(f"/desk/activities/{model.id}/template")
    browser.submit(name="Ours")

    template = session.scalars(select(WebinarTemplate)).one()
    assert template.society_id == societies.siim.id


def test_nobody_reaches_what_another_society_keeps(browser, eva, sam, session, societies, model):
    template = WebinarTemplate.save(session, model, "Ours", society=model.lead, by=eva, at=now())
    alone = make_webinar(session, eva, societies.eusomii)
    session.flush()
    browser.sign_in(sam)

    assert "Ours" not in browser.visit("/desk/templates").text
    browser.visit(f"{NEW}?template={template.id}", status=404)
    browser.visit(f"/desk/series/new?template={template.id}", status=404)
    browser.post(f"/desk/templates/{template.id}/removal", status=404)
    browser.visit(f"{NEW}?like={alone.id}", status=404)
    browser.visit(f"/desk/activities/{alone.id}/template", status=404)
    browser.visit(f"{NEW}?like={'9' * 30}", status=404)
    assert session.scalars(select(WebinarTemplate)).one().name == "Ours"


def test_a_course_is_no_template(browser, eva, course):
    browser.sign_in(eva).visit(f"/desk/activities/{course.id}/template", status=404)
    browser.visit(f"{NEW}?like={course.id}", status=404)


def test_a_society_keeps_so_many_and_no_more(session, eva, model):
    for number in range(MOST):
        WebinarTemplate.save(session, model, f"T{number}", society=model.lead, by=eva, at=now())

    with pytest.raises(Refusal, match="at most 100 templates"):
        WebinarTemplate.save(session, model, "One more", society=model.lead, by=eva, at=now())


def test_whoever_holds_it_beside_another_leads_the_next_one(browser, sam, session, model):
    browser.sign_in(sam).visit(f"{NEW}?like={model.id}")
    browser.submit(on="2028-03-15")

    [draft] = drafts(session)
    assert [s.code for s in draft.societies] == ["siim", "eusomii"]


@pytest.mark.parametrize("name", ["like", "template"])
def test_an_address_with_a_number_of_many_digits_leads_nowhere(browser, eva, name):
    browser.sign_in(eva).visit(f"{NEW}?{name}={'9' * 4400}", status=404)
