"""Which passwords are taken, how they are kept, and how a new one is chosen."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import db
from app.accounts import password, resets
from app.accounts.models import PasswordReset
from app.accounts.models import Session as SignedIn
from app.clock import now
from app.errors import Refusal
from app.journal.models import Entry
from tests.accounts.conftest import link_in
from tests.cast import PASSWORD

OWN = ["Ana María Lopez-Núñez", "ana.lopez@hospital.example", "confer", "eusomii", "siim"]
NEW = "copper umbrellas sing 4 rain"


@pytest.mark.parametrize(
    "good",
    [
        PASSWORD,
        NEW,
        "correct zebra battery stapler",
        "Tr0ub4dor&3-gullible",
        "это длинный пароль из слов",
        "薔薇と三日月と青い自転車で走る道",
        "x" * 3 + "Q9!vL2#pW7",
        "violet harbour 7 lanterns" + " and the tide" * 7,
    ],
)
def test_long_and_unrelated_words_are_a_good_password(good):
    assert password.obstacles(good, OWN) == []


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("", "at least 12"),
        ("elevenchars", "at least 12"),
        ("x9Kp!" * 26, "128"),
        ("password1234", "guessed"),
        ("Password1234!", "guessed"),
        ("P@ssw0rd2024!", "guessed"),
        ("qwertyuiop12", "guessed"),
        ("123456789012", "guessed"),
        ("aaaaaaaaaaaaaaaa", "guessed"),
        ("abcdefghijklmnop", "guessed"),
        ("iloveyou1234", "guessed"),
        ("Summer2024!!", "guessed"),
        ("trustno1trustno1", "guessed"),
        ("p@ssw0rd" * 9, "guessed"),
        ("eusomii-siim", "guessed"),
        ("confer confer", "guessed"),
        ("Ana Lopez 1980!", "own name"),
        ("LOPEZ.hospital.1", "own name"),
        ("ana.lopez@hospital.example", "own name"),
    ],
)
def test_what_is_guessed_first_is_refused(bad, reason):
    (said,) = password.obstacles(bad, OWN)
    assert reason in said


def test_the_own_words_of_one_person_are_no_obstacle_for_another():
    assert password.obstacles("Ana Lopez 1980!", OWN)
    assert not password.obstacles("Ana Lopez 1980!", ["Ben Okoro", "ben@clinic.example"])


def test_a_password_is_kept_as_argon2id_and_found_again_however_it_was_typed():
    composed, decomposed = "café crème brûlée ÅÄÖ", "café crème brûlée ÅÄÖ"
    kept = password.digest(composed)

    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert composed not in kept
    assert password.verify(kept, decomposed)
    assert not password.verify(kept, composed + " ")
    assert password.digest(composed) != kept


def test_nothing_opens_what_has_no_password():
    assert not password.verify("!", "!")
    assert not password.verify(None, "nobody's password")
    assert not password.verify("", "")
    assert not password.verify("plain text", "plain text")


def test_every_character_counts_to_the_end():
    kept = password.digest("a" * 127 + "b")
    assert not password.verify(kept, "a" * 127 + "c")


# ------------------------------------------------------------------ forgotten


def forget(browser, address="ada@clinic.example"):
    browser.visit("/password/forgotten")
    return browser.submit(address=address)


def test_a_forgotten_password_is_replaced_by_a_letter(browser, session, ada, letters):
    assert "a letter is on its way" in forget(browser).text
    link = link_in(letters("ada@clinic.example")[0])
    browser.visit(link)
    browser.submit(password=NEW, follow=False)

    assert browser.visit("/me").form()["fields"]["name"] == ["Ada Byron"]
    session.refresh(ada)
    assert password.verify(ada.password, NEW)
    assert not password.verify(ada.password, PASSWORD)
    assert letters("ada@clinic.example")[-1].subject == "Your password was changed"


def test_known_and_unknown_addresses_get_the_same_answer(browser, another_browser, ada, letters):
    known = forget(browser)
    unknown = forget(another_browser, "nobody@clinic.example")

    assert known.text == unknown.text
    assert len(letters("ada@clinic.example")) == 1
    assert letters("nobody@clinic.example") == []


def test_a_letter_is_good_once(browser, another_browser, ada, letters):
    forget(browser)
    link = link_in(letters("ada@clinic.example")[0])
    browser.visit(link)
    browser.submit(password=NEW, follow=False)

    page = another_browser.visit(link, status=410)
    assert "Ask for a new letter" in page.text
    another_browser.post(link, {"password": "another long phrase 77"}, status=410)
    another_browser.visit("/password/never-was-a-letter", status=410)


def test_a_letter_is_good_for_an_hour(browser, session, ada, letters):
    forget(browser)
    link = link_in(letters("ada@clinic.example")[0])
    reset = session.scalars(select(PasswordReset)).one()

    reset.asked_at = now() - timedelta(minutes=59)
    browser.visit(link)
    reset.asked_at = now() - timedelta(minutes=61)
    browser.submit(password=NEW, status=410)
    with pytest.raises(Refusal):
        resets.use(session, reset, password="!", at=now())


def test_one_used_letter_voids_the_others(browser, ada, letters):
    forget(browser)
    forget(browser)
    first, second = map(link_in, letters("ada@clinic.example"))
    browser.visit(second)
    browser.submit(password=NEW, follow=False)

    browser.visit(first, status=410)


def test_a_weak_new_password_keeps_the_letter_open(browser, ada, letters):
    forget(browser)
    browser.visit(link_in(letters("ada@clinic.example")[0]))
    assert "your own name" in browser.submit(password="ada byron clinic", status=422).text
    browser.submit(password=NEW, follow=False)
    browser.visit("/me")


def uses_at_once(session, stage, how, times=20):
    """So many uses of one letter at the same moment, each in a transaction of its own."""
    session.commit()
    together = threading.Barrier(times)

    def once(number):
        with stage.app_context():
            together.wait(timeout=30)
            try:
                with db.writing() as own:
                    how(own, number)
            except Refusal:
                return False
            return True

    with ThreadPoolExecutor(times) as pool:
        return sum(pool.map(once, range(times)))


def test_of_twenty_uses_at_once_one_is_the_first(session, stage, ada):
    token = resets.ask(session, ada, at=now())
    reset = session.scalars(select(PasswordReset)).one()
    assert token

    def use(own, number):
        resets.use(own, own.get_one(PasswordReset, reset.id), password=f"digest {number}", at=now())

    assert uses_at_once(session, stage, use) == 1
    changed = select(func.count()).select_from(Entry).where(Entry.act == "password.changed")
    assert session.scalar(changed) == 1


def test_without_the_comparison_many_would_be_first(session, stage, ada):
    """The control: a letter that is looked at first and written to afterwards opens many times."""
    resets.ask(session, ada, at=now())
    reset = session.scalars(select(PasswordReset)).one()
    seen = threading.Barrier(4)

    def use(own, _number):
        found = own.get_one(PasswordReset, reset.id)
        own.rollback()  # what a reader without the lock sees
        is_open = found.is_open(now())
        own.rollback()
        seen.wait(timeout=30)
        if not is_open:
            raise Refusal("used")
        found.used_at = now()

    assert uses_at_once(session, stage, use, 4) == 4


# ------------------------------------------------------------------ changed


def test_a_changed_password_ends_every_other_session_at_their_next_request(
    browser, another_browser, session, ada, letters
):
    browser.sign_in(ada)
    another_browser.sign_in(ada).visit("/me")
    browser.visit("/me/password")
    browser.submit(current=PASSWORD, password=NEW)

    another_browser.visit("/me", status=302)
    browser.visit("/me")
    living = select(func.count()).select_from(SignedIn).where(SignedIn.ended_at.is_(None))
    assert session.scalar(living) == 1
    assert letters("ada@clinic.example")[-1].subject == "Your password was changed"


def test_a_reset_ends_every_session(browser, another_browser, ada, letters):
    another_browser.sign_in(ada).visit("/me")
    forget(browser)
    browser.visit(link_in(letters("ada@clinic.example")[0]))
    browser.submit(password=NEW, follow=False)

    another_browser.visit("/me", status=302)


def test_changing_it_needs_the_one_before(browser, session, ada):
    browser.sign_in(ada).visit("/me/password")
    page = browser.submit(current="not my password", password=NEW, status=422)

    assert "This is not your password." in page.text
    session.refresh(ada)
    assert password.verify(ada.password, PASSWORD)


def test_a_changed_password_voids_the_letters(browser, another_browser, ada, letters):
    forget(another_browser)
    browser.sign_in(ada).visit("/me/password")
    browser.submit(current=PASSWORD, password=NEW)

    another_browser.visit(link_in(letters("ada@clinic.example")[0]), status=410)
