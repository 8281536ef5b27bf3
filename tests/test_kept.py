"""Public pages are kept for strangers for two seconds, and nobody's own pages ever."""

from __future__ import annotations

import pytest

from app import kept
from app.kept import SECONDS, Kept


class Clock:
    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


class App:
    """Counts how often it is asked; answers with what a view would have said."""

    def __init__(self, **headers: str) -> None:
        self.asked = 0
        self.headers = {"Cache-Control": f"public, max-age={SECONDS}", **headers}
        self.status = "200 OK"

    def __call__(self, environ, start_response):
        self.asked += 1
        start_response(self.status, list(self.headers.items()))
        return [f"page {self.asked}".encode()]


def ask(keeper, **environ) -> bytes:
    request = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/agenda",
        "HTTP_HOST": "confer.example",
        **environ,
    }
    return b"".join(keeper(request, lambda status, headers, exc=None: None))


def test_a_stranger_gets_the_page_made_a_moment_ago_and_a_new_one_later():
    app, clock = App(), Clock()
    keeper = Kept(app, clock)
    assert [ask(keeper), ask(keeper)] == [b"page 1", b"page 1"]
    clock.at += SECONDS + 0.1
    assert ask(keeper) == b"page 2"


@pytest.mark.parametrize(
    "different",
    [
        {"QUERY_STRING": "society=siim"},
        {"PATH_INFO": "/"},
        {"HTTP_HOST": "other.example"},
        {"HTTP_ACCEPT_LANGUAGE": "de"},
        {"HTTP_ACCEPT": "application/json"},
    ],
)
def test_whoever_asks_differently_gets_a_page_of_their_own(different):
    keeper = Kept(App(), Clock())
    assert ask(keeper) != ask(keeper, **different)


@pytest.mark.parametrize("unlike", [{"HTTP_COOKIE": "confer=x"}, {"REQUEST_METHOD": "POST"}])
def test_nothing_is_kept_for_someone_with_a_cookie_or_for_an_act(unlike):
    app = App()
    keeper = Kept(app, Clock())
    ask(keeper, **unlike)
    ask(keeper, **unlike)
    assert app.asked == 2
    assert not keeper.pages


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        ("200 OK", {"Set-Cookie": "a=b"}),
        ("200 OK", {"Cache-Control": "no-store"}),
        ("404 NOT FOUND", {}),
    ],
)
def test_what_sets_a_cookie_or_is_not_public_is_not_kept(status, headers):
    app = App(**headers)
    app.status = status
    keeper = Kept(app, Clock())
    ask(keeper)
    assert not keeper.pages


def test_no_more_pages_are_kept_than_memory_allows():
    keeper = Kept(App(), Clock())
    for number in range(kept.MOST_PAGES + 50):
        ask(keeper, QUERY_STRING=f"n={number}")
    assert len(keeper.pages) == kept.MOST_PAGES


def test_the_agenda_is_public_for_a_stranger_and_private_for_ana(browser, ana):
    stranger = browser.client.get("/agenda")
    assert stranger.headers["Cache-Control"] == f"public, max-age={SECONDS}"
    assert "Set-Cookie" not in stranger.headers
    anas = browser.sign_in(ana).visit("/agenda").response
    assert anas.headers["Cache-Control"] == "no-store"
