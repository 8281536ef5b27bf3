"""Officers publish schemes and editions; the rules people applied under stay as they are."""

from sqlalchemy import select

from app.schemes.models import Edition, Scheme
from tests.schemes.stage import make_candidate

NEW = "/desk/schemes/new"


def fill(societies, course, **changes):
    return {
        "title": "Joint Certificate", "code": "joint", "nature": "certificate programme",
        "body": str(societies.eusomii.id), "first": str(societies.eusomii.id),
        "second": str(societies.siim.id), "name": "2026", "opens_on": "2026-01-01",
        "webinars": "2", "courses": [str(course.id)], **changes,
    }  # fmt: skip


def test_an_officer_publishes_a_scheme(browser, session, erik, societies, course):
    page = browser.sign_in(erik).visit(NEW)
    assert page.form()["fields"]["first"] == [str(societies.eusomii.id)]

    page = browser.submit(**fill(societies, course))

    assert "2 joint webinars attended" in page.text
    scheme = session.scalars(select(Scheme)).one()
    assert [s.short for s in scheme.awarding] == ["EuSoMII", "SIIM"]
    assert scheme.editions[0].validity_years == 5


def test_societies_without_a_tie_are_refused_and_nothing_typed_is_lost(
    browser, session, susan, societies, course
):
    from app.agreements.models import Agreement, Termination
    from tests.cast import NOON

    efrs = session.scalars(select(Agreement).where(Agreement.title.contains("EFRS"))).one()
    efrs.termination = Termination(on=NOON.date(), by=susan, at=NOON, reason="ended")
    browser.sign_in(susan).visit(NEW)

    page = browser.submit(
        **fill(societies, course, first=str(societies.siim.id), second=str(societies.efrs.id)),
        status=422,
    )

    assert "SIIM, EFRS are not tied by agreements in force" in page.text
    assert 'value="Joint Certificate"' in page.html
    assert session.scalars(select(Scheme)).all() == []


def test_an_officer_publishes_only_what_their_society_awards(browser, fay, societies, course):
    browser.sign_in(fay).visit(NEW)

    page = browser.submit(**fill(societies, course), status=422)

    assert "Your society must be one of those that award." in page.text


def test_the_platform_administrator_may_publish_any(browser, session, pia, societies, course):
    browser.sign_in(pia).visit(NEW)
    browser.submit(**fill(societies, course))

    assert session.scalars(select(Scheme)).one()


def test_a_form_with_faults_comes_back_with_each_of_them(browser, erik, societies, course):
    browser.sign_in(erik).visit(NEW)
    page = browser.submit(
        **fill(societies, course, title="", code="Not An Address", courses=[], webinars="0",
               second=str(societies.eusomii.id)),
        status=422,
    )  # fmt: skip

    for words in ("Give the scheme a title.", "Small letters, digits and hyphens.",
                  "Ask for at least one webinar or course.", "named twice"):  # fmt: skip
        assert words in page.text


def test_an_edition_changes_until_somebody_applies(
    browser, session, erik, ana, edition, past_webinar, course
):
    path = f"/desk/schemes/imaging-informatics/editions/{edition.id}"
    browser.sign_in(erik).visit(path)
    browser.submit(webinars="3")
    assert session.get(Edition, edition.id).requirements[0].count == 3
    browser.visit(path)
    browser.submit(webinars="1")
    make_candidate(session, session.get(Edition, edition.id), ana, past_webinar, course)
    browser.visit(path)

    page = browser.submit(webinars="9", status=409)

    assert "Please publish a new edition instead." in page.text
    assert session.get(Edition, edition.id).requirements[0].count == 1


def test_a_new_edition_leaves_the_old_one_alone(browser, session, erik, scheme):
    browser.sign_in(erik).visit("/desk/schemes/imaging-informatics/editions/new")
    browser.submit(name="2027", opens_on="2027-01-01", webinars="4")

    names = session.scalars(select(Edition.name).order_by(Edition.id)).all()
    assert names == ["2026", "2027"]


def test_schemes_of_others_do_not_exist_at_the_desk(browser, fay, edition):
    browser.sign_in(fay)
    assert "No scheme yet" in browser.visit("/desk/schemes").text
    browser.visit("/desk/schemes/imaging-informatics/editions/new", status=404)
    browser.visit(f"/desk/schemes/imaging-informatics/editions/{edition.id}", status=404)


def test_learners_and_other_offices_are_turned_away(browser, ana, eva, otto, scheme):
    for person in (ana, eva, otto):
        browser.sign_in(person)
        for path in ("", "/new", "/imaging-informatics/editions/new"):
            browser.visit(f"/desk/schemes{path}", status=403)
