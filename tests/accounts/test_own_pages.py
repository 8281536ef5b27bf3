"""Profile, addresses and sessions of a person, and of nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts import addresses, sessions
from app.accounts.models import EmailAddress, Person
from app.accounts.models import Session as SignedIn
from app.clock import now
from app.errors import Refusal
from app.journal.models import Entry
from tests.accounts.conftest import link_in


def confirmed(person) -> set[str]:
    return {one.address for one in person.addresses if one.is_confirmed}


def test_a_person_changes_their_profile(browser, session, ada):
    browser.sign_in(ada).visit("/me")
    page = browser.submit(name="Augusta Ada King", profession="engineer", country="GB",
                          zone="Europe/London", language="en")  # fmt: skip

    assert "Your profile is saved." in page.text
    session.refresh(ada)
    assert (ada.name, ada.zone, ada.country) == ("Augusta Ada King", "Europe/London", "GB")
    entry = session.scalars(select(Entry).where(Entry.act == "person.changed")).one()
    assert entry.details["changed"]["name"] == ["Ada Byron", "Augusta Ada King"]


def test_saving_the_same_profile_leaves_no_entry(browser, session, ada):
    browser.sign_in(ada).visit("/me")
    browser.submit()

    assert session.scalars(select(Entry)).all() == []


@pytest.mark.parametrize("name", ["", "Ada\u202eadA", "A\x1bda", "1815", "A\nB"])
def test_a_name_that_cannot_be_printed_is_refused(browser, session, ada, name):
    browser.sign_in(ada).visit("/me")
    browser.submit(name=name, status=422)

    session.refresh(ada)
    assert ada.name == "Ada Byron"


# ------------------------------------------------------------------ addresses


def add(browser, address):
    browser.visit("/me/addresses")
    return browser.submit(address=address)


def test_an_address_is_added_confirmed_and_made_first(browser, session, ada, letters):
    browser.sign_in(ada)
    assert "A letter is on its way" in add(browser, "ada@university.example").text
    assert confirmed(ada) == {"ada@clinic.example"}

    browser.visit(link_in(letters("ada@university.example")[0]))
    browser.submit()
    session.expire_all()
    assert confirmed(ada) == {"ada@clinic.example", "ada@university.example"}
    assert ada.address == "ada@clinic.example"

    second = ada.addresses[1]
    browser.visit("/me/addresses")
    browser.submit(f"/me/addresses/{second.id}/first")
    session.expire_all()
    assert ada.address == "ada@university.example"
    told = [m.subject for m in letters("ada@clinic.example")]
    assert told == ["The addresses of your account were changed"] * 2


def test_a_removed_address_opens_nothing_any_more(browser, session, ada, letters):
    second = EmailAddress(
        person_id=ada.id, address="old@clinic.example", added_at=now(), confirmed_at=now()
    )
    session.add(second)
    browser.sign_in(ada).visit("/me/addresses")
    browser.submit(f"/me/addresses/{second.id}/removal")

    session.expire_all()
    assert confirmed(ada) == {"ada@clinic.example"}
    assert session.scalars(Person.with_address("old@clinic.example")).all() == []
    assert letters("old@clinic.example")[0].subject.startswith("The addresses")


def test_the_last_confirmed_address_stays(browser, session, ada):
    add(browser.sign_in(ada), "ada@university.example")
    browser.post(f"/me/addresses/{ada.addresses[0].id}/removal", status=409)

    session.expire_all()
    assert ada.address == "ada@clinic.example"


def test_an_unconfirmed_address_is_not_made_first(browser, session, ada):
    add(browser.sign_in(ada), "ada@university.example")
    session.expire_all()
    browser.post(f"/me/addresses/{ada.addresses[1].id}/first", status=409)

    session.expire_all()
    assert ada.address == "ada@clinic.example"


def test_the_first_address_is_followed_by_the_next(session, ada):
    second = EmailAddress(
        person_id=ada.id, address="b@clinic.example", added_at=now(), confirmed_at=now()
    )
    session.add(second)
    session.flush()
    addresses.remove(session, ada.addresses[0], by=ada, at=now())
    session.flush()
    session.expire_all()

    assert [(a.address, a.is_first) for a in ada.addresses] == [("b@clinic.example", True)]


def test_only_who_added_an_address_can_confirm_it(
    browser, another_browser, session, ada, ben, letters
):
    add(browser.sign_in(ada), "ben@private.example")
    link = link_in(letters("ben@private.example")[0])

    another_browser.sign_in(ben).visit(link, status=410)
    another_browser.post(link, status=410)
    session.expire_all()
    assert confirmed(ada) == {"ada@clinic.example"}
    browser.visit(link)
    browser.submit()


def test_an_address_of_someone_else_gets_the_same_answer_and_no_key(
    browser, session, ada, ben, letters
):
    page = add(browser.sign_in(ada), "ben@clinic.example")

    assert "A letter is on its way to ben@clinic.example" in page.text
    (letter,) = letters("ben@clinic.example")
    assert "belongs to another account" in letter.plain
    assert "confirmation" not in letter.plain
    one = session.scalars(addresses.of(ada).where(EmailAddress.confirmed_at.is_(None))).one()
    with pytest.raises(Refusal):
        addresses.confirm(session, one, by=ada, at=now())


def test_a_letter_to_an_address_is_good_for_two_days(browser, session, ada, letters):
    add(browser.sign_in(ada), "ada@university.example")
    session.expire_all()
    ada.addresses[1].added_at = now() - timedelta(days=2, minutes=1)

    page = browser.visit(link_in(letters("ada@university.example")[0]), status=410)
    assert "To your addresses" in page.text


def test_adding_again_makes_a_new_letter_and_voids_the_old(browser, ada, letters):
    browser.sign_in(ada)
    add(browser, "ada@university.example")
    add(browser, "ada@university.example")
    first, second = map(link_in, letters("ada@university.example"))

    browser.visit(first, status=410)
    browser.visit(second)


def test_addresses_are_not_without_end(browser, session, ada):
    for n in range(addresses.MOST - 1):
        session.add(EmailAddress(person_id=ada.id, address=f"a{n}@x.example", added_at=now()))
    browser.sign_in(ada).visit("/me/addresses")

    assert "remove one first" in browser.submit(address="one@more.example", status=409).text


# ------------------------------------------------------------------ sessions


def test_a_person_sees_where_they_are_signed_in_and_ends_it(browser, another_browser, session, ada):
    other = another_browser.sign_in(ada)
    row = session.scalars(select(SignedIn)).one()
    row.browser = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
    page = browser.sign_in(ada).visit("/me/sessions")
    assert "Firefox, Windows" in page.text
    assert "This browser" in page.text

    browser.submit(f"/me/sessions/{row.id}/end")
    other.visit("/me", status=302)
    browser.visit("/me")


def test_a_person_signs_out_everywhere_else(browser, another_browser, ada, ben):
    other = another_browser.sign_in(ada)
    browser.sign_in(ada).visit("/me/sessions")
    browser.submit("/me/sessions/others/end")

    other.visit("/me", status=302)
    browser.visit("/me")


def test_what_is_someone_elses_does_not_exist(browser, another_browser, session, ada, ben):
    another_browser.sign_in(ben).visit("/me")
    bens = session.scalars(select(SignedIn)).one()
    browser.sign_in(ada)

    browser.post(f"/me/sessions/{bens.id}/end", status=404)
    browser.post(f"/me/addresses/{ben.addresses[0].id}/first", status=404)
    browser.post(f"/me/addresses/{ben.addresses[0].id}/removal", status=404)
    browser.post("/me/sessions/999999/end", status=404)
    another_browser.visit("/me")
    session.expire_all()
    assert ben.address == "ben@clinic.example"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("(Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "Safari, macOS"),
        ("(X11; Linux x86_64) Chrome/140.0 Safari/537.36", "Chrome, Linux"),
        ("(Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("(iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/140 Safari/604", "Chrome, iPhone"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_browsers_have_names(said, name):
    assert sessions.browser_name(said) == name
