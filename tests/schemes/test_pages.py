"""The public pages of schemes, and a person's own progress on them."""

from sqlalchemy import select

from app.schemes.models import Candidacy
from tests.schemes.stage import complete

PAGE = "/certificates/imaging-informatics"


def test_a_visitor_reads_what_it_is_and_what_it_is_not(browser, scheme):
    page = browser.visit("/certificates")
    assert "Joint Certificate in Imaging Informatics" in page.text
    assert "Certificate programme" in page.text

    page = browser.visit(PAGE)

    for words in (
        "A certificate programme",
        "One joint webinar attended",
        "Course completed: Foundations of imaging informatics",
        "does not replace a national qualification and is not a licence to practise",
        "valid for 5 years",
        "24 credits in every 2 years",
        "Endorsed by",
        "Sign in to see how far you are.",
    ):
        assert words in page.text


def test_a_certification_speaks_of_certified_people(browser, scheme):
    from app.schemes.models import Nature

    scheme.nature = Nature.CERTIFICATION

    page = browser.visit(PAGE)

    assert "Who holds it is certified." in page.text
    assert "A certificate programme" not in page.text


def test_a_learner_sees_what_is_met_by_what_and_what_is_missing(
    browser, session, ana, scheme, past_webinar, course
):
    complete(session, ana, past_webinar)

    page = browser.sign_in(ana).visit(PAGE)

    assert "1 of 2 met" in page.text
    assert "What machine learning can read , 20 August 2026" in page.text
    assert "present 77 of 90 minutes" in page.text
    assert "Go to the course" in page.text
    assert "One thing is still missing." in page.text


def test_nobody_sees_the_progress_of_another(browser, session, ana, ben, scheme, past_webinar):
    complete(session, ana, past_webinar)

    assert "0 of 2 met" in browser.sign_in(ben).visit(PAGE).text


def test_a_learner_applies_by_the_page(browser, session, ana, scheme, past_webinar, course):
    complete(session, ana, past_webinar)
    complete(session, ana, course)
    browser.sign_in(ana).visit(PAGE)

    page = browser.submit("/candidacy")
    assert "Your application is with the societies." in page.text
    assert "EuSoMII and SIIM" in page.text
    browser.post(f"{PAGE}/candidacy")

    assert len(session.scalars(select(Candidacy)).all()) == 1


def test_applying_too_early_is_refused_with_the_reasons(browser, session, ana, scheme):
    page = browser.sign_in(ana).post(f"{PAGE}/candidacy", status=409)

    assert "Still missing: One joint webinar attended." in page.text
    assert "Still missing: Course completed" in page.text
    assert session.scalars(select(Candidacy)).all() == []


def test_a_stranger_who_applies_is_asked_to_sign_in(browser, scheme):
    page = browser.post(f"{PAGE}/candidacy", status=303)

    assert "/sign-in" in page.response.headers["Location"]


def test_there_is_no_page_of_a_scheme_that_does_not_exist(browser):
    browser.visit("/certificates/nothing", status=404)
    assert "No joint certificate yet" in browser.visit("/certificates").text


def test_the_other_name_of_the_schemes_leads_to_them(browser, scheme):
    assert browser.client.get("/schemes").location == "/certificates"
    assert browser.client.get(f"/schemes/{scheme.code}").location == f"/certificates/{scheme.code}"
    browser.visit("/schemes/nothing-of-the-kind", status=404)
