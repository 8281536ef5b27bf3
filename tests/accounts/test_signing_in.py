"""Signing in and out, and what a session may not survive."""

from __future__ import annotations

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from app.accounts import password
from app.accounts.models import Session as SignedIn
from app.clock import now
from tests.cast import PASSWORD


def sign_in(browser, address="ada@clinic.example", secret=PASSWORD, *, at="/sign-in", **kwargs):
    browser.visit(at)
    return browser.submit(address=address, password=secret, **kwargs)


def send(browser, url, data, **kwargs):
    """What a form without the token of its page sends."""
    browser.session.commit()
    with browser.app.app_context():
        return browser.client.post(url, data=data, **kwargs).status_code


def cookie_of(browser):
    return browser.client.get_cookie("confer")


def test_a_person_signs_in_and_goes_on_where_they_were(browser, ada):
    page = browser.visit("/me/addresses", status=302)
    page = browser.visit(page.response.headers["Location"])
    page = browser.submit(address=" ADA@clinic.example ", password=PASSWORD)

    assert page.url == "/me/addresses"
    assert browser.visit("/sign-in?next=/me", status=302).response.headers["Location"] == "/me"


def test_signing_out_ends_the_session_and_not_only_the_cookie(browser, session, ada):
    sign_in(browser, follow=False)
    stolen = cookie_of(browser).value
    browser.visit("/me")
    browser.post("/sign-out")
    browser.visit("/me", status=302)

    browser.client.set_cookie("confer", stolen)
    browser.visit("/me", status=302)
    assert session.scalars(select(SignedIn.ended_at)).one() is not None


def test_a_get_signs_nobody_out(browser, ada):
    browser.sign_in(ada).visit("/sign-out", status=405)
    browser.visit("/me")


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(browser, another_browser, ada):
    wrong = sign_in(browser, secret="not my password", status=422)
    unknown = sign_in(another_browser, "ada@nowhere.example", "not my password", status=422)

    assert "do not belong together" in wrong.text
    assert wrong.text == unknown.text
    browser.visit("/me", status=302)


def test_an_unknown_address_costs_the_work_of_a_known_one(
    browser, another_browser, ada, monkeypatch
):
    weighed = []
    verify = PasswordHasher.verify

    def counting(self, kept, secret):
        weighed.append(kept)
        return verify(self, kept, secret)

    monkeypatch.setattr(PasswordHasher, "verify", counting)
    sign_in(browser, secret="not my password", status=422)
    sign_in(another_browser, "ada@nowhere.example", "not my password", status=422)

    assert len(weighed) == 2
    assert all(kept.split("$")[3] == weighed[0].split("$")[3] for kept in weighed)


def test_someone_without_a_password_cannot_sign_in(browser, ana):
    sign_in(browser, "ana@clinic.example", "!", status=422)
    sign_in(browser, "ana@clinic.example", "nobody's password", status=422)


def test_a_digest_of_other_costs_is_made_anew(browser, session, ada):
    ada.password = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    sign_in(browser, follow=False)

    session.refresh(ada)
    assert not password.is_dated(ada.password)
    assert password.verify(ada.password, PASSWORD)


def test_a_cookie_prepared_by_somebody_else_does_not_survive_signing_in(browser, ada):
    browser.visit("/sign-in")
    before = browser.token()
    with browser.client.session_transaction() as cookie:
        cookie["planted"] = "by a stranger"
    sign_in(browser, follow=False)

    with browser.client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["_user_id"]
    assert send(browser, "/me/sessions/others/end", {"csrf_token": before}) == 400
    browser.post("/me/sessions/others/end")


def test_every_sign_in_is_a_new_session(browser, session, ada):
    sign_in(browser, follow=False)
    with browser.client.session_transaction() as cookie:
        first = cookie["_user_id"]
    browser.sign_out()
    sign_in(browser, follow=False)

    with browser.client.session_transaction() as cookie:
        assert cookie["_user_id"] != first
    stored = session.scalars(select(SignedIn.token_digest)).all()
    assert first.encode() not in stored  # only digests are kept
    assert len(set(stored)) == 2


@pytest.mark.parametrize(
    ("seen", "started", "status"), [(13, 20, 200), (15, 20, 302), (1, 89, 200), (1, 91, 302)]
)
def test_a_session_idles_out_and_ages_out(browser, session, ada, seen, started, status):
    browser.sign_in(ada)
    row = session.scalars(select(SignedIn)).one()
    row.seen_at = now() - timedelta(days=seen)
    row.started_at = now() - timedelta(days=started)

    browser.visit("/me", status=status)


def test_use_is_noted_every_few_minutes(browser, session, ada):
    browser.sign_in(ada)
    row = session.scalars(select(SignedIn)).one()
    row.seen_at = recent = now() - timedelta(minutes=4)
    browser.visit("/me")
    assert row.seen_at == recent

    row.seen_at = earlier = now() - timedelta(minutes=6)
    browser.visit("/me")
    assert row.seen_at > earlier + timedelta(minutes=5)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser, ada):
    sign_in(browser, follow=False)

    assert cookie_of(browser).http_only
    assert cookie_of(browser).same_site == "Lax"
    assert cookie_of(browser).expires is not None
    assert not browser.client.get_cookie("remember_token")


def test_pages_of_a_person_are_stored_nowhere(browser, ada):
    for url in ("/me", "/me/addresses", "/me/sessions", "/me/password"):
        headers = browser.sign_in(ada).visit(url).response.headers
        assert headers["Cache-Control"] == "no-store"
        assert "Cookie" in headers["Vary"]


def test_a_form_without_its_token_does_nothing(browser, session, ada):
    browser.sign_in(ada)
    for data in ({}, {"csrf_token": "guess"}, {"csrf_token": ""}):
        assert send(browser, "/me/sessions/others/end", data) == 400
        assert send(browser, "/sign-out", data) == 400
    browser.visit("/me")
    token = {"csrf_token": browser.token()}
    assert send(browser, "/sign-out", token, headers={"Sec-Fetch-Site": "cross-site"}) == 403
    browser.post("/sign-out")
    browser.visit("/me", status=302)
