"""Officers draw up, freeze, read and approve lists; nobody else reaches them."""

from datetime import date

import pytest
from sqlalchemy import delete, select

from app.awards.models import AwardList, Release
from app.awards.release import approve
from app.completions.models import Completion
from app.outbox.models import Message
from app.societies.models import Mandate, Office
from tests.cast import NOON


def test_an_officer_draws_up_a_list_and_freezes_it(
    browser, session, erik, susan, anas_candidacy, bens_candidacy
):
    page = browser.sign_in(erik).visit("/desk/awards")
    assert "2 candidates on no list" in page.text

    browser.visit(f"/desk/awards/editions/{anas_candidacy.edition_id}")
    page = browser.submit(title="Autumn 2026", candidacies=[str(anas_candidacy.id)])
    assert "Ana Lopez" in page.text
    assert "Ben Okoro" not in page.text
    assert "present 77 of 90 minutes" in page.text
    page = browser.submit("/freezing")

    assert "Approve for EuSoMII" in page.text
    letters = session.scalars(select(Message).where(Message.kind == "awards/key_awaited")).all()
    assert [m.person_id for m in letters] == [susan.id]
    assert f"/desk/awards/{session.scalars(select(AwardList)).one().id}" in letters[0].plain


def test_without_title_or_candidates_nothing_is_drawn_up(browser, session, erik, anas_candidacy):
    browser.sign_in(erik).visit(f"/desk/awards/editions/{anas_candidacy.edition_id}")

    page = browser.submit(title="", candidacies=[], status=422)

    assert "Give the list a title." in page.text
    assert "Choose at least one candidate." in page.text
    assert session.scalars(select(AwardList)).all() == []


def test_two_officers_release_a_list_by_the_pages(
    browser, another_browser, session, erik, susan, frozen_list
):
    page = browser.sign_in(erik).visit(f"/desk/awards/{frozen_list.id}")
    assert "0 of 2 approvals" in page.text
    assert "Approve this list of 2 holders for EuSoMII?" in page.text
    assert "Yours is the last approval" not in page.text
    page = browser.submit("/approvals")
    assert "You have approved for EuSoMII" in page.text
    assert "Awaited: SIIM" in page.text
    assert "The officers of SIIM have been written to." in page.text

    page = another_browser.sign_in(susan).visit("/desk/awards")
    assert "Your turn" in page.text
    page = another_browser.visit(f"/desk/awards/{frozen_list.id}")
    assert "Erik Holm , president" in page.text
    assert "the list is released at once and cannot be changed" in page.text
    page = another_browser.submit("/approvals")

    assert "The list is released" in page.text
    assert "2 of 2 approvals" in page.text
    assert session.get(AwardList, frozen_list.id).is_released


def test_an_approval_of_an_outdated_page_is_refused(
    browser, another_browser, session, erik, susan, frozen_list
):
    browser.sign_in(erik).visit(f"/desk/awards/{frozen_list.id}")
    another_browser.sign_in(susan).visit(f"/desk/awards/{frozen_list.id}")
    another_browser.submit("/reopening")
    another_browser.submit("/freezing")

    page = browser.submit("/approvals", status=409)

    assert "The list has changed since you opened it." in page.text
    assert session.get(AwardList, frozen_list.id).approvals == []


def test_striking_out_shows_who_and_why_and_voids_approvals(browser, erik, frozen_list):
    browser.sign_in(erik).visit(f"/desk/awards/{frozen_list.id}")
    browser.submit("/approvals")
    award = frozen_list.awards[1].id
    page = browser.visit(f"/desk/awards/{frozen_list.id}/awards/{award}/strike")
    assert "every approval given so far is void" in page.text
    browser.submit(reason="", status=422)

    page = browser.submit(reason="withdrew the application")

    assert "withdrew the application" in page.text
    assert "Void, because the list was changed afterwards" in page.text
    assert "Freeze the list" in page.text


def test_the_desk_says_whose_turn_it_is_and_asks_again_when_a_key_has_lapsed(
    browser, session, erik, susan, societies, frozen_list, make_person, give_mandate
):
    awaits = "The approval of EuSoMII is awaited: Autumn 2026"
    emma = make_person("Emma Berg")
    give_mandate(emma, Office.EDUCATION_OFFICER, societies.eusomii)
    assert awaits in browser.sign_in(emma).visit("/desk").text

    approve(session, frozen_list, societies.eusomii, seen=frozen_list.digest, by=erik, at=NOON)
    assert awaits not in browser.visit("/desk").text

    held = session.scalars(select(Mandate).where(Mandate.person_id == erik.id)).one()
    held.until_on = date(2026, 1, 1)
    session.flush()
    assert awaits in browser.visit("/desk").text
    assert "The approval of SIIM is awaited" in browser.sign_in(susan).visit("/desk").text


def test_a_society_with_nobody_in_office_is_named_and_not_said_to_be_written_to(
    browser, session, erik, susan, open_list
):
    for mandate in session.scalars(select(Mandate).where(Mandate.person_id == susan.id)):
        mandate.until_on = date(2026, 1, 1)
    session.commit()
    browser.sign_in(erik).visit(f"/desk/awards/{open_list.id}")
    page = browser.submit("/freezing")
    assert "The list is frozen." in page.text and "written to" not in page.text
    page = browser.submit("/approvals")
    assert "SIIM: nobody holds an office who could approve" in page.text
    assert "written to" not in page.text


def test_the_frozen_content_is_what_the_digest_is_of(browser, erik, frozen_list):
    import hashlib

    page = browser.sign_in(erik).visit(f"/desk/awards/{frozen_list.id}/content")

    assert hashlib.sha256(page.response.get_data()).hexdigest() == frozen_list.digest


def test_the_candidate_follows_the_keys_and_then_the_release(
    browser, session, ana, erik, susan, societies, frozen_list
):
    digest = frozen_list.digest
    approve(session, frozen_list, societies.eusomii, seen=digest, by=erik, at=NOON)
    page = browser.sign_in(ana).visit("/certificates/imaging-informatics")
    assert "The societies are deciding." in page.text
    assert "approved European Society of Medical Imaging Informatics" in page.text

    approve(session, frozen_list, societies.siim, seen=digest, by=susan, at=NOON)
    page = browser.visit("/certificates/imaging-informatics")

    assert "Your diploma was released on 1 September 2026." in page.text


PAGES = ["", "/content", "/awards/{award}/strike"]


@pytest.mark.parametrize("page", PAGES)
def test_for_officers_of_other_societies_the_list_does_not_exist(browser, fay, frozen_list, page):
    path = page.format(award=frozen_list.awards[0].id)
    browser.sign_in(fay)

    browser.visit(f"/desk/awards/{frozen_list.id}{path}", status=404)


@pytest.mark.parametrize("act", ["freezing", "reopening", "approvals"])
def test_officers_of_other_societies_act_on_nothing(browser, session, fay, frozen_list, act):
    digest = frozen_list.digest
    data = {"digest": digest, "society": "eusomii"}

    browser.sign_in(fay).post(f"/desk/awards/{frozen_list.id}/{act}", data, status=404)

    assert session.get(AwardList, frozen_list.id).digest == digest
    assert session.get(AwardList, frozen_list.id).approvals == []


def test_nobody_draws_up_for_a_scheme_of_others(browser, fay, edition):
    browser.sign_in(fay).visit(f"/desk/awards/editions/{edition.id}", status=404)


def test_learners_and_other_staff_are_turned_away(browser, ana, eva, otto, pia, frozen_list):
    for person in (ana, eva, otto, pia):
        browser.sign_in(person)
        browser.visit("/desk/awards", status=403)
        browser.visit(f"/desk/awards/{frozen_list.id}", status=403)
        browser.post(f"/desk/awards/{frozen_list.id}/approvals", status=403)


def test_officers_who_stand_on_the_list_are_not_asked_for_their_key(
    session, open_list, ana, erik, give_mandate, societies
):
    from app.awards.drawing_up import freeze

    give_mandate(ana, Office.EDUCATION_OFFICER, societies.siim)
    freeze(session, open_list, by=erik, at=NOON)
    session.flush()

    assert session.scalars(select(Message.person_id)).all() == []


def test_who_cannot_be_chosen_is_named_with_what_is_missing(
    browser, session, erik, anas_candidacy, bens_candidacy, past_webinar, ben
):
    session.execute(delete(Completion).where(Completion.person_id == ben.id))
    session.commit()
    page = browser.sign_in(erik).visit(f"/desk/awards/editions/{anas_candidacy.edition_id}")
    assert "One candidate does not meet everything today" in page.text
    lacks = page.text.split("Who lacks what")[1]
    assert "Ben Okoro" in lacks and "Ana Lopez" not in lacks.split("Ben Okoro")[0]
    assert "One joint webinar attended" in lacks


def test_released_lists_are_read_page_by_page_and_open_ones_stand_on_the_first(
    browser, session, erik, susan, societies, frozen_list, edition, monkeypatch
):
    for society, officer in ((societies.eusomii, erik), (societies.siim, susan)):
        approve(session, frozen_list, society, seen=frozen_list.digest, by=officer, at=NOON)
    later = AwardList(edition=edition, title="Winter", drawn_up_at=NOON, drawn_up_by=erik)
    later.release = Release(at=NOON, on=NOON.date(), digest="0" * 64)
    session.add_all([later, AwardList(edition=edition, title="Open", drawn_up_at=NOON,
                                      drawn_up_by=erik)])  # fmt: skip
    session.commit()
    monkeypatch.setattr("app.awards.desk.RELEASED", 1)
    page = browser.sign_in(erik).visit("/desk/awards")
    assert "Open" in page.text and "Winter" in page.text and "Autumn 2026" not in page.text
    page = browser.visit(f"/desk/awards?before={later.id}")
    assert "Autumn 2026" in page.text and "Winter" not in page.text
