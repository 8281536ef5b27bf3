"""From the form to an account, by a letter."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts import arrival as arrivals
from app.accounts.arrival import Arrival, arrival
from app.accounts.models import EmailAddress, Person, SignUp
from app.accounts.models import Session as SignedIn
from app.clock import now
from app.errors import Refusal
from app.journal.models import Entry
from tests.accounts.conftest import ANSWERS, link_in
from tests.cast import PASSWORD


def signed_up(browser, **answers):
    browser.visit("/sign-up")
    return browser.submit(**{**ANSWERS, **answers})


def test_a_person_signs_up_confirms_and_is_signed_in(browser, session, letters):
    page = signed_up(browser)
    assert "Please read your mail" in page.text
    assert session.scalars(select(Person)).all() == []

    link = link_in(letters("ida@clinic.example")[0])
    page = browser.visit(link)
    assert "Ida Nyström" in page.text
    assert session.scalars(select(Person)).all() == []  # looking is not confirming

    browser.submit(follow=False)
    ida = session.scalars(Person.with_address("ida@clinic.example")).one()
    assert (ida.name, ida.zone, ida.profession) == (
        "Ida Nyström",
        "Europe/Stockholm",
        "radiographer",
    )
    assert browser.visit("/me").form()["fields"]["name"] == ["Ida Nyström"]
    assert [e.act for e in session.scalars(select(Entry).order_by(Entry.id))] == [
        "sign-up.asked",
        "person.joined",
        "session.started",
    ]


def test_a_letter_makes_one_person_however_often_it_is_answered(browser, another_browser, letters):
    signed_up(browser)
    link = link_in(letters("ida@clinic.example")[0])
    another_browser.visit(link)
    another_browser.submit(follow=False)

    page = browser.visit(link, status=410)
    assert "opens nothing any more" in page.text
    assert "Sign up again" in page.text
    browser.post(link, status=410)
    page = another_browser.visit(link, status=410)
    assert "You are signed in as" in page.text
    assert "Sign up again" not in page.text


def test_an_old_letter_says_what_to_do(browser, session, letters):
    signed_up(browser)
    wish = session.scalars(select(SignUp)).one()
    wish.asked_at = now() - timedelta(days=2, minutes=1)

    assert "Sign up again" in browser.visit(link_in(letters(wish.address)[0]), status=410).text
    wish.asked_at = now() - timedelta(days=1, hours=23)
    browser.visit(link_in(letters(wish.address)[0]))


def test_a_known_address_gets_the_same_page_and_another_letter(
    browser, another_browser, session, ana, letters
):
    unknown = signed_up(browser)
    known = signed_up(another_browser, address="ANA@clinic.example")

    assert known.text == unknown.text
    (letter,) = letters("ana@clinic.example")
    assert letter.subject == "You already have an account"
    assert "/sign-up/" not in letter.plain
    assert session.scalar(select(func.count()).select_from(Person)) == 1


def test_two_letters_to_one_address_make_one_account(browser, another_browser, session, letters):
    signed_up(browser)
    signed_up(another_browser, name="Another Ida")
    first, second = map(link_in, letters("ida@clinic.example"))
    browser.visit(first)
    browser.submit(follow=False)
    another_browser.visit(second)
    page = another_browser.submit(status=409)

    assert "belongs to an account already" in page.text
    assert session.scalars(select(EmailAddress.address)).all() == ["ida@clinic.example"]


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("name", "", "give your name"),
        ("name", "12345", "in letters"),
        ("name", "Ida\u202egnp.exe", "invisible control characters"),
        ("name", "Ida\x07", "invisible control characters"),
        ("name", "I" * 151, "150 characters"),
        ("address", "ida at clinic", "does not look like an e-mail address"),
        ("address", "ida@clinic.example\r\nBcc: all@clinic.example", "does not look like"),
        ("password", "short", "at least 12"),
        ("password", "password1234", "first to be guessed"),
        ("password", "Ida Nyström 1980", "your own name"),
        ("profession", "astronaut", "Not a valid choice"),
        ("country", "ZZ", "Not a valid choice"),
        ("zone", "Mars/Olympus", "Not a valid choice"),
    ],
)
def test_what_cannot_be_taken_is_said_and_what_was_typed_stays(
    browser, session, field, value, reason
):
    browser.visit("/sign-up")
    page = browser.submit(status=422, **{**ANSWERS, field: value})

    assert reason in page.text
    kept = page.form()["fields"]
    expected = {k: [v] for k, v in ANSWERS.items() if k not in {"password", field}}
    assert {k: kept[k] for k in expected} == expected
    assert session.scalars(select(SignUp)).all() == []
    assert ("please type it once more" in page.text) is (field != "password")


def test_names_of_many_scripts_are_names(browser, session):
    for n, name in enumerate(["محمد آل سعود", "田中 美咲", "Ng", "O’Brien-Łukasiewicz", "ณัฐวุฒิ"]):
        signed_up(browser, name=name, address=f"p{n}@clinic.example")

    assert session.scalar(select(func.count()).select_from(SignUp)) == 5


def test_a_domain_with_an_umlaut_is_written_as_mail_servers_spell_it(browser, session):
    signed_up(browser, address="ida@bücher.de")

    assert session.scalars(select(SignUp.address)).one() == "ida@xn--bcher-kva.de"


def test_the_wish_keeps_no_password_once_it_is_answered(browser, session, letters):
    signed_up(browser)
    assert session.scalars(select(SignUp.password)).one().startswith("$argon2id$")
    browser.visit(link_in(letters("ida@clinic.example")[0]))
    browser.submit(follow=False)

    assert session.scalars(select(SignUp.password)).one() == ""
    browser.sign_out().visit("/sign-in")
    browser.submit(address="ida@clinic.example", password=PASSWORD, follow=False)
    assert session.scalar(select(func.count()).select_from(SignedIn)) == 2


# ------------------------------------------------------------------ what someone came for


@pytest.fixture
def came_for():
    """An intent "greet:…" that notes who came for what; key "full" is refused half-way."""
    seen: list[tuple[str, str]] = []

    @arrival("greet")
    def greet(session, key, person, at):
        person.country = "FR"
        session.flush()
        if key == "full":
            raise Refusal("There is no place left.")
        seen.append((key, person.name))
        return Arrival("You are greeted.", "/me")

    yield seen
    arrivals._registry.pop("greet")


def bring(browser, intent):
    with browser.client.session_transaction() as cookie:
        cookie["intent"] = intent


def test_what_someone_came_for_survives_signing_up_in_another_browser(
    browser, another_browser, came_for, letters
):
    bring(browser, "greet:12")
    signed_up(browser)
    another_browser.visit(link_in(letters("ida@clinic.example")[0]))
    page = another_browser.submit()

    assert came_for == [("12", "Ida Nyström")]
    assert "You are greeted." in page.text
    assert page.url == "/me"


def test_what_someone_came_for_survives_signing_in(browser, came_for, ada):
    bring(browser, "greet:7")
    browser.visit("/sign-in")
    browser.submit(address="ada@clinic.example", password=PASSWORD)

    assert came_for == [("7", "Ada Byron")]
    browser.sign_out().visit("/sign-in")
    browser.submit(address="ada@clinic.example", password=PASSWORD, follow=False)
    assert len(came_for) == 1  # once


@pytest.mark.parametrize(
    "intent", ["fly:12", "greet:", "greet:1 2", "greet", "", ":", "greet:" + "9" * 41]
)
def test_an_intent_that_nobody_knows_is_harmless(browser, came_for, ada, intent):
    bring(browser, intent)
    browser.visit("/sign-in")
    browser.submit(address="ada@clinic.example", password=PASSWORD, follow=False)

    assert came_for == []
    browser.visit("/me")


def test_a_refused_intent_leaves_nothing_but_its_reason(browser, session, came_for, ada):
    bring(browser, "greet:full")
    browser.visit("/sign-in?next=/me")
    page = browser.submit(address="ada@clinic.example", password=PASSWORD)

    assert "There is no place left." in page.text
    assert session.get(Person, ada.id).country == "AT"
