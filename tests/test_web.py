"""What every request passes through: odd addresses and bodies, and acts that meet."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import error_pages, web
from app.journal.models import Entry
from app.societies.models import Society

FAR = 10**30


@pytest.mark.parametrize("address", [f"/agenda/{FAR}", f"/agreements/{FAR}", f"/agenda/{2**31}"])
def test_a_number_that_no_row_can_have_is_not_found(browser, address):
    browser.visit(address, status=404)


@pytest.mark.parametrize("number", [2**31, FAR])
def test_a_list_read_on_from_a_number_that_no_row_can_have_is_a_list(browser, pia, number):
    browser.sign_in(pia).visit(f"/my/certificates?before={number}")
    browser.visit(f"/my/enrolments?after=1-{number}")
    for desk in ("/desk/credentials", "/desk/journal", "/outbox"):
        browser.visit(f"{desk}?before={number}")


@pytest.mark.parametrize(
    "address",
    ["/agenda?society=%00", "/agenda?language=a%00b", "/agreements?society=%00", "/v/%00"],
)
def test_an_address_with_a_character_that_no_text_has_is_refused(browser, address):
    browser.visit(address, status=400)


def test_a_form_without_a_file_is_never_large(browser):
    browser.visit("/sign-in")
    said = browser.post("/sign-in", {"address": "x" * (web.LONGEST_TEXT + 1)}, status=413)

    assert "shorter text" in said.text


def test_a_body_that_does_not_say_its_length_is_refused_unless_it_is_an_upload(browser):
    """As a server hands on a body in chunked encoding."""

    def sent(kind: str) -> int:
        return browser.client.post(
            "/verify",
            content_type=kind,
            input_stream=io.BytesIO(b"serial=x"),
            headers={"Transfer-Encoding": "chunked"},
            environ_overrides={"wsgi.input_terminated": True},
        ).status_code

    assert sent("application/x-www-form-urlencoded") == 411
    assert sent("multipart/form-data; boundary=x") == 400, "control: read, and without its token"


def refused(session, statement: str) -> IntegrityError:
    with pytest.raises(IntegrityError) as caught, session.begin_nested():
        session.execute(text(statement))
    return caught.value


def test_of_two_equal_acts_at_once_the_second_is_told_so(app, session, societies):
    """Whatever the verbs do not see, because it happens between their look and their act."""
    second = Society(
        code=societies.eusomii.code, short="Another", name="Another", country="AT", colour="#000000"
    )
    with pytest.raises(IntegrityError) as caught, session.begin_nested():
        session.add(second)
    broken = refused(session, "INSERT INTO places (enrolment_id, activity_id) VALUES (1, 1)")

    with app.test_request_context("/desk/societies/new", method="POST"):
        told = error_pages.overtaken(caught.value)
        assert told.status_code == 409
        assert b"a moment ago" in told.get_data()
        with pytest.raises(IntegrityError):  # control: any other broken rule is a fault of ours
            error_pages.overtaken(broken)


@pytest.mark.parametrize("values", [{"code": "eusomii"}, {"code": "another", "name": None}])
def test_what_is_refused_only_as_it_is_committed_is_told_as_well(
    session, browser, societies, ana, values
):
    """The last that an act leaves behind is written with the commit, when its view has answered."""
    browser.sign_in(ana).visit("/me")
    facts = {"short": "A", "name": "Another", "country": "AT", "colour": "#000000", **values}
    before = ana.name

    def leave_behind(committing: Session) -> None:
        if any(isinstance(one, Entry) for one in committing.new):
            committing.add(Society(**facts))

    event.listen(Session, "before_commit", leave_behind)
    try:
        if facts["name"]:
            told = browser.submit(name="Augusta Ada King", status=409).text
            assert "The same was done a moment ago" in told and "Load the page again" in told
        else:  # control: any other broken rule is a fault of ours
            with pytest.raises(IntegrityError):
                browser.submit(name="Augusta Ada King")
    finally:
        event.remove(Session, "before_commit", leave_behind)
    session.refresh(ana)
    assert ana.name == before, "nothing is left of an act that was refused"
    assert session.scalars(select(Entry).where(Entry.act == "person.changed")).all() == []


def test_the_desk_shows_ways_that_are_open_to_the_reader_and_no_others(browser, eva, pia):
    administrator = browser.sign_in(eva).visit("/desk").links
    assert "/desk/activities" in administrator
    assert not {"/outbox", "/desk/journal", "/desk/societies", "/desk/awards"} & {*administrator}

    platform = browser.sign_in(pia).visit("/desk").links
    assert {"/outbox", "/desk/journal", "/desk/societies"} <= {*platform}


def test_a_refusal_leads_back_to_the_page_on_which_the_form_stood(app, browser):
    there = {"Referer": "http://localhost/desk/credentials?failed=1"}
    for sent, leads in ((there, True), ({"Referer": "https://elsewhere.example/desk"}, False)):
        with app.test_request_context("/x", method="POST", headers=sent):
            said = error_pages.page(409, reasons=["No."]).get_data(as_text=True)
        assert ('href="/desk/credentials?failed=1"' in said) is leads
        assert ("Back to where you were" in said) is leads
    with app.test_request_context("/x", method="POST", headers=there):
        assert "Back to where you were" in error_pages.page(413).get_data(as_text=True)
        assert "Back to where you were" not in error_pages.page(404).get_data(as_text=True)
