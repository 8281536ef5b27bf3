"""SQL statements that each main page takes, counted in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from app import db
from app.clock import today
from bench.figures import Line, figure
from bench.load import Faulty
from bench.stand import Stand

GOAL = 10
FRAME = ("BEGIN", "COMMIT", "ROLLBACK")


@figure("statements")
def statements(stand: Stand) -> Iterator[Line]:
    for name, path, token in _pages(stand):
        for reader, cookie in (("", None), (".signed_in", token)):
            if reader and token is None:
                continue
            if not reader and name.startswith(("my.", "desk.")):
                continue
            number = count(stand, path, stand.house.cookie(cookie) if cookie else "")
            yield {"bench": f"{name}{reader}.sql", "statements": number, "goal": GOAL}


def count(stand: Stand, path: str, cookie: str) -> int:
    """How many statements one page takes."""
    app = stand.house.app
    with app.app_context():
        engine = db.db.engine
    client = app.test_client(use_cookies=False)
    headers = {"Cookie": cookie} if cookie else {}
    with _heard(engine) as heard:
        answer = client.get(path, headers=headers, base_url=stand.house.settings.public_url)
    if answer.status_code != 200:
        raise Faulty(f"{path}: {answer.status}")
    return len(heard)


@contextmanager
def _heard(engine: Any) -> Iterator[list[str]]:
    statements: list[str] = []

    def hear(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.upper().startswith(FRAME):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def _pages(stand: Stand) -> list[tuple[str, str, str | None]]:
    """Name, path, and who signs in to read it; nobody where it is the same for everyone."""
    crowd = stand.house.crowd
    learner, eva = crowd.learner, crowd.administrator
    return [
        ("start.page", "/", learner),
        ("agenda.page", "/agenda", learner),
        ("month.page", f"/agenda/month/{today():%Y-%m}", learner),
        ("webinar.page", f"/agenda/{crowd.webinar}", learner),
        ("course.page", f"/agenda/{crowd.course}", learner),
        ("societies.page", "/societies", learner),
        ("society.page", "/societies/eusomii", learner),
        ("agreements.page", "/agreements", learner),
        ("schemes.page", "/certificates", learner),
        ("scheme.page", "/certificates/imaging", learner),
        ("verification.page", f"/v/{crowd.serial}", learner),
        ("my.enrolments.page", "/my/enrolments", learner),
        ("my.certificates.page", "/my/certificates", learner),
        ("my.profile.page", "/me", learner),
        ("desk.page", "/desk", eva),
        ("desk.activities.page", "/desk/activities", eva),
        ("desk.participants.page", f"/desk/activities/{crowd.large}/participants", eva),
        ("desk.awards.page", "/desk/awards", eva),
        ("desk.credentials.page", "/desk/credentials", eva),
    ]
