"""The desk of designs: who reaches it, what a preview shows, and that nothing typed is lost."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.designs import publishing, queries, showing, trial
from app.designs.models import Design, DesignVersion
from app.files import files
from tests.cast import NOON
from tests.schemes.stage import make_candidate

URL = "/desk/designs/schemes/imaging-informatics"


@pytest.fixture
def saved(session, scheme, societies):
    session.commit()
    return scheme


def chosen(page, **changes):
    """What the page's form sends, with changes."""
    return {**page.form()["fields"], **changes}


def preview(browser, data, status=200):
    """The part of a page that is renewed while somebody chooses."""
    answer = browser.client.post(f"{URL}/preview", data={**data, "csrf_token": browser.token()})
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_officers_see_the_designs_of_their_schemes_and_societies(browser, saved, erik, fay):
    page = browser.sign_in(erik).visit("/desk/designs")
    assert "Joint Certificate in Imaging Informatics" in page.text
    assert "European Society of Medical Imaging Informatics" in page.text

    page = browser.sign_in(fay).visit("/desk/designs")
    assert "Joint Certificate in Imaging Informatics" not in page.text
    browser.visit(URL, status=404)
    browser.visit("/desk/designs/societies/eusomii", status=404)
    browser.visit("/desk/designs/societies/efrs")


def test_an_officer_keeps_a_draft(browser, session, saved, susan):
    page = browser.sign_in(susan).visit(URL)

    browser.post(URL, chosen(page, sheet="modern", margin="14", **{"en-note": "Given in Vienna."}))

    session.expire_all()
    draft = session.scalars(select(Design)).one().draft
    assert (draft["sheet"], draft["margin"]) == ("modern", 14)
    assert draft["texts"]["en"]["note"] == "Given in Vienna."
    assert "draft not published" in browser.visit(URL).text


def test_nothing_typed_is_lost_when_a_choice_cannot_stand(browser, session, saved, erik):
    page = browser.sign_in(erik).visit(URL)

    page = browser.post(
        URL, chosen(page, ink="#f5f5f5", **{"en-lead": "by {nobody} to"}), status=422
    )

    assert "too pale" in page.text and "may stand in braces" in page.text
    assert page.form()["fields"]["en-lead"] == ["by {nobody} to"]
    assert session.scalars(select(Design)).all() == []


def test_a_preview_shows_what_is_not_kept(browser, session, saved, erik):
    page = browser.sign_in(erik).visit(URL)

    page = browser.post(URL, chosen(page, preview="1", **{"show-holder": "arabic"}), status=200)

    assert (
        "data:image/png;base64," in page.response.get_data(as_text=True)
        and "محمد بن عبد الله" in page.text
    )
    assert session.scalars(select(Design)).all() == []


@pytest.mark.parametrize("count", ["", "1", "3", "6"])
def test_a_preview_tries_any_number_of_societies(browser, saved, erik, count):
    page = browser.sign_in(erik).visit(URL)

    shown = preview(browser, chosen(page, **{"show-societies": count}), status=200)

    assert "data:image/png;base64," in shown


def test_a_name_that_cannot_be_printed_is_refused_with_its_reason(browser, saved, erik):
    page = browser.sign_in(erik).visit(URL)

    shown = preview(browser, chosen(page, **{"show-holder": "emoji"}), status=422)

    assert "GRADUATION CAP" in shown and "data:image/png" not in shown


def test_names_of_candidates_are_offered_within_reach_alone(
    browser, session, saved, edition, ana, ben, past_webinar, course, erik
):
    make_candidate(session, edition, ana, past_webinar, course)
    session.commit()
    page = browser.sign_in(erik).visit(URL)
    assert "Ana Lopez" in page.text and "Ben Okoro" not in page.text

    shown = preview(browser, chosen(page, **{"show-holder": f"person-{ana.id}"}))
    assert "Ana Lopez" in shown
    beyond = preview(browser, chosen(page, **{"show-holder": f"person-{ben.id}"}))
    assert "Ben Okoro" not in beyond


def test_a_preview_opens_as_a_pdf(browser, saved, erik):
    page = browser.sign_in(erik).visit(URL)

    answer = browser.client.post(
        f"{URL}/preview.pdf", data={**chosen(page), "csrf_token": browser.token()}
    )

    assert answer.status_code == 200 and answer.data.startswith(b"%PDF")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_publishing_shows_what_changes_and_asks_first(browser, session, saved, erik):
    page = browser.sign_in(erik).visit(URL)
    browser.post(URL, chosen(page, sheet="modern"))

    page = browser.visit(f"{URL}/publication")
    assert "Heritage" in page.text and "Modern" in page.text
    assert session.scalars(select(DesignVersion)).all() == []

    browser.submit(f"{URL}/publication")
    session.expire_all()
    version = session.scalars(select(DesignVersion)).one()
    assert version.published_by_id == erik.id
    assert files.read(version.specimen_digest).startswith(b"%PDF")
    picture = browser.client.get(f"/desk/designs/versions/{version.id}.png")
    assert picture.data.startswith(b"\x89PNG") and "private" in picture.headers["Cache-Control"]
    assert "Version 1" in browser.visit(f"/desk/designs/versions/{version.id}").text
    again = browser.visit(f"{URL}/publication")
    assert "what is published already" in again.text and URL in again.links
    assert "what changes" not in again.text


def test_a_preview_shows_the_credits_that_the_edition_shares_out(session, saved):
    saved.editions[0].annex = {
        "credits": {"system": "ECTS", "amount": "1"}, "shares": ["0.25", "0.5"],
    }  # fmt: skip
    shown = trial.of(session, saved, publishing.read(saved, {}), trial.Case(), on=NOON.date())
    amounts = [module["credits"]["amount"] for module in shown["supplement"]["modules"]]
    assert amounts == ["0.25", "0.5", "0.25", "0.5"]


def test_a_second_language_without_translations_is_told_of_beside_the_field_and_at_publishing(
    browser, saved, erik
):
    told = "translated into French, German and Spanish"
    page = browser.sign_in(erik).visit(URL)
    assert told in page.text
    browser.post(URL, chosen(page, other_language="it"))
    shown = browser.visit(f"{URL}/publication").text
    assert "We have no Italian translation" in shown and told in shown

    browser.post(URL, chosen(browser.visit(URL), other_language="de"))
    assert "We have no" not in browser.visit(f"{URL}/publication").text


def test_a_design_is_proved_with_every_name_that_can_be_printed(session, saved):
    cases = showing.cases(session, saved, publishing.read(saved, {}), on=NOON.date())

    names = [case["holder"]["name"] for case in cases]
    assert names == [trial.USUAL, *(n for key, n in trial.HOSTILE.items() if key != "emoji")]
    assert {len(case["awarding"]) for case in cases} == {len(saved.awarding)}


def test_what_the_press_refuses_is_not_published(browser, session, saved, erik):
    page = browser.sign_in(erik).visit(URL)
    browser.post(URL, chosen(page, **{"en-note": "Congratulations 🎉"}))
    digest = browser.visit(f"{URL}/publication").form(f"{URL}/publication")["fields"]["digest"]

    page = browser.post(f"{URL}/publication", {"digest": digest}, status=409)

    assert "PARTY POPPER" in page.text
    assert session.scalars(select(DesignVersion)).all() == []


def test_a_version_of_others_is_not_there(browser, session, saved, publish_design, erik, fay):
    version = publish_design(sheet="modern")
    session.commit()
    assert queries.latest(session, scheme_id=saved.id) is not None

    for ending in ("", ".png", ".pdf"):
        browser.sign_in(fay).visit(f"/desk/designs/versions/{version.id}{ending}", status=404)
    browser.sign_in(erik).visit(f"/desk/designs/versions/{version.id}")


def test_a_society_chooses_how_its_certificates_look(browser, session, saved, societies, erik):
    url = "/desk/designs/societies/eusomii"
    page = browser.sign_in(erik).visit(url)
    shown = browser.client.post(
        f"{url}/preview", data={**chosen(page), "csrf_token": browser.token()}
    )
    assert shown.status_code == 200

    browser.post(url, chosen(page, sheet="transcript"))

    session.expire_all()
    design = session.scalars(select(Design)).one()
    assert (design.society_id, design.draft["sheet"]) == (societies.eusomii.id, "transcript")
