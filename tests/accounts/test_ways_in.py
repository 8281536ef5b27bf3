"""What strangers try at the doors: other addresses to go on to, other hosts, too many keys."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from urllib.parse import quote, urljoin, urlsplit

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import OperationalError

from app import limits
from app.accounts import views
from app.accounts.models import SignUp
from app.addresses import safe_next
from app.clock import now
from app.limits import Bucket, Limit, take
from tests.accounts.conftest import ANSWERS
from tests.cast import PASSWORD

HOME = "https://confer.example/sign-in"
HOSTS = (
    "evil.example",
    "evil.example:80",
    "a:b@evil.example",
    "confer.example.evil.example",
    "[::1]",
)
STARTS = (
    "//",
    "///",
    "////",
    "/\\",
    "\\\\",
    "\\/",
    "/\\/",
    "\\",
    "/\t/",
    "\t//",
    "/\n/",
    "\r//",
    "/\r\n/",
    " //",
    "\x0b//",
    "\x00//",
    "/\x00/",
    "http://",
    "https://",
    "HTTP://",
    "https:",
    "https:/",
    "https:///",
    "http:\\\\",
    "ftp://",
    "javascript://",
    "//\u200b",
    "\u2028//",
    "/\x7f/",
    "@",
    "///\\",
    "/\\\\",
    "/ /",
)
SCRIPTS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "blob:x",
    "\x01javascript:alert(1)",
    "javascript\x00:alert(1)",
    "file:///etc/passwd",
    "view-source:x",
    "mailto:x@evil.example",
    "tel:1",
    "sms:1",
    "ws://evil.example",
    "about:blank",
    "x",
    "me",
    "../me",
    "?next=/",
    "#top",
    "",
)
SPLITTING = (
    "/me\r\nSet-Cookie: a=b",
    "/me\nLocation: //evil.example",
    "/me\r\n\r\n<script>",
    "/me\x85x: y\r",
)
FOREIGN = [a + b for a, b in product(STARTS, HOSTS)] + [*SCRIPTS, *SPLITTING] + [
    a + b + "/me" for a, b in product(("//", "/\\", "\\\\", "https:", "/\t/"), HOSTS)
]  # fmt: skip
OWN = (
    "/",
    "/me",
    "/agenda/12?from=a&b=c",
    "/desk/journal?person=J%C3%BCrgen",
    "/v/ABC#proof",
    "/a//b",
    "/x?next=https://evil.example",
    "/me/addresses/confirmation/abc-_",
    "/%09/evil.example",
    "/%5Cevil.example",
    "/:80",
    "/@evil.example",
)


def lands_on(target):
    """The host that a browser would end up on: it drops tabs and line ends and reads \\ as /."""
    seen = "".join(c for c in target.strip("".join(map(chr, range(33)))) if c not in "\t\r\n")
    try:
        return urlsplit(urljoin(HOME, seen.replace("\\", "/")))
    except ValueError:
        return urlsplit("error://error")


def test_the_corpus_is_large_and_the_check_of_it_is_awake():
    assert len(set(FOREIGN)) >= 200
    assert lands_on("//evil.example").netloc == "evil.example"
    assert lands_on("/\t/evil.example").netloc == "evil.example"
    assert lands_on("\\/evil.example").netloc == "evil.example"
    assert lands_on("javascript:alert(1)").scheme == "javascript"


@pytest.mark.parametrize("target", sorted(set(FOREIGN)))
def test_nobody_is_sent_to_another_site(target):
    answer = safe_next(target, "/")

    assert lands_on(answer)[:2] == ("https", "confer.example")
    assert answer == "/"


@pytest.mark.parametrize("target", OWN)
def test_paths_of_this_site_are_kept(target):
    assert safe_next(target, "/nowhere") == target
    assert lands_on(target).netloc == "confer.example"


def test_a_check_of_the_first_character_alone_would_not_do():
    """The control: what a simpler check would let through."""
    passed = [t for t in FOREIGN if t.startswith("/") and lands_on(t).netloc != "confer.example"]
    assert len(passed) > 20


def test_signing_in_goes_nowhere_else(browser, ada):
    for target in ("//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example"):
        browser.sign_out().visit(f"/sign-in?next={quote(target)}")
        page = browser.submit(address="ada@clinic.example", password=PASSWORD, follow=False)
        assert page.response.headers["Location"] == "/"


# ------------------------------------------------------------------ hosts

STRANGE = [
    "evil.example", "127.0.0.1.evil.example", "evil.example:8000", "127.0.0.1@evil.example",
    "localhost.evil.example", "evil.example#127.0.0.1", "127.0.0.1,evil.example", "", ".", "*",
    "127.0.0.1 evil.example", "xn--evil.example", "LOCALHOST.evil", "0", "2130706433", "127.1",
]  # fmt: skip
FORWARDED = [
    {"X-Forwarded-Host": "evil.example"},
    {"X-Forwarded-Server": "evil.example"},
    {"Forwarded": "host=evil.example;proto=https"},
    {"X-Original-Host": "evil.example", "X-Host": "evil.example"},
    {"X-Forwarded-Proto": "javascript", "X-Forwarded-Prefix": "//evil.example"},
    {"X-HTTP-Host-Override": "evil.example", "X-Rewrite-URL": "http://evil.example/"},
]


def ask_for_a_letter(browser, **headers):
    browser.visit("/password/forgotten")
    data = {"csrf_token": browser.token(), "address": "ada@clinic.example"}
    browser.session.commit()
    with browser.app.app_context():
        return browser.client.post("/password/forgotten", data=data, headers=headers)


@pytest.mark.parametrize("host", STRANGE)
def test_a_strange_host_is_refused_and_no_letter_is_written(browser, ada, letters, host):
    assert ask_for_a_letter(browser, Host=host).status_code == 400
    assert letters("ada@clinic.example") == []


@pytest.mark.parametrize("headers", FORWARDED)
def test_links_in_letters_lead_to_the_address_of_the_platform(browser, app, ada, letters, headers):
    assert ask_for_a_letter(browser, **headers).status_code == 303

    (letter,) = letters("ada@clinic.example")
    own = app.config["SETTINGS"].public_url
    assert f"{own}/password/" in letter.plain
    assert f'href="{own}/password/' in letter.html
    assert "evil" not in letter.plain + letter.html + letter.message_id


def test_links_lead_there_whichever_of_its_names_was_called(browser, app, ada, letters):
    assert ask_for_a_letter(browser, Host="localhost").status_code == 303

    assert f"{app.config['SETTINGS'].public_url}/password/" in letters(ada.address)[0].plain


# ------------------------------------------------------------------ limits


def test_a_bucket_fills_leaks_and_overflows(session):
    limit, at = Limit("test", 3, 10), now()

    assert [take(limit, "a", at=at) for _ in range(4)] == [True, True, True, False]
    assert take(limit, "b", at=at)  # another key, another bucket
    assert not take(limit, "a", at=at + timedelta(seconds=9))
    assert take(limit, "a", at=at + timedelta(seconds=11))
    assert not take(limit, "a", at=at + timedelta(seconds=11))
    assert take(limit, "a", at=at - timedelta(hours=1)) is False  # a clock that went back


def test_old_buckets_are_forgotten(session):
    take(Limit("test", 3, 10), "old", at=now() - timedelta(days=2))
    take(Limit("test", 3, 10), "new")
    limits.forget_old()

    assert len(session.scalars(select(Bucket)).all()) == 1


def guess(browser, address, n, status=422):
    browser.visit("/sign-in")
    return browser.submit(address=address, password=f"guess number {n}", status=status)


def test_guessing_the_password_of_one_account_is_stopped(browser, another_browser, ada, ben):
    for n in range(views.SIGN_IN.burst):
        guess(browser, "ada@clinic.example", n)
    page = guess(browser, "ADA@clinic.example", 99, 429)
    assert "a little fast" in page.text

    another_browser.visit("/sign-in")  # not even the right one is weighed now, from anywhere
    another_browser.submit(address="ada@clinic.example", password=PASSWORD, status=429)
    guess(another_browser, "ben@clinic.example", 1)  # nobody else is kept out


def test_an_unknown_address_is_limited_like_a_known_one(browser, ada):
    for n in range(views.SIGN_IN.burst):
        guess(browser, "nobody@clinic.example", n)
    guess(browser, "nobody@clinic.example", 99, 429)


def test_one_network_address_cannot_try_all_doors(browser, session, ada, monkeypatch):
    monkeypatch.setattr(views, "FROM_HERE", Limit("door.from", 5, 600))
    for n in range(2):
        guess(browser, f"a{n}@clinic.example", n)
    browser.visit("/password/forgotten")
    browser.submit(address="b@clinic.example")
    browser.visit("/sign-up/guessed-token", status=410)
    browser.visit("/password/guessed-token", status=410)

    for url in ("/sign-up/another", "/password/another"):
        browser.visit(url, status=429)
    browser.visit("/sign-up")
    browser.submit(**ANSWERS, status=429)
    browser.visit("/sign-in")
    browser.submit(address=ada.address, password=PASSWORD, status=429)
    assert session.scalars(select(SignUp)).all() == []

    session.execute(delete(Bucket))  # the control: it was the bucket
    guess(browser, "c@clinic.example", 1)


def test_nobody_is_flooded_with_letters(browser, session, ada, letters):
    for _n in range(views.LETTERS.burst):
        browser.visit("/password/forgotten")
        browser.submit(address="ada@clinic.example")
    browser.visit("/password/forgotten")
    browser.submit(address="ada@clinic.example", status=429)

    assert len(letters("ada@clinic.example")) == views.LETTERS.burst


def test_guessing_ones_own_password_in_an_open_browser_is_stopped(browser, ada):
    browser.sign_in(ada).visit("/me/password")
    for n in range(8):
        browser.submit(current=f"guess {n}", password="copper umbrellas sing 4 rain", status=422)
    browser.submit(current=PASSWORD, password="copper umbrellas sing 4 rain", status=429)


def test_a_page_is_shown_even_when_its_use_cannot_be_noted(browser, session, ada, monkeypatch):
    from app.accounts import entrance
    from app.accounts.models import Session as SignedIn

    def locked(*_args, **_kwargs):
        raise OperationalError("update", {}, Exception("database is locked"))

    monkeypatch.setattr(entrance.sessions, "see", locked)
    browser.sign_in(ada)
    session.scalars(select(SignedIn)).one().seen_at = now() - timedelta(hours=1)
    browser.visit("/me")
