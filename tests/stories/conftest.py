"""The house with two sides, everybody who comes to its doors, and what watches its rows."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import flask
import pytest
from flask import Flask
from flask_wtf.csrf import generate_csrf
from sqlalchemy import Table
from sqlalchemy.orm import Session
from werkzeug.test import Client, TestResponse

from app.accounts.models import Person
from app.accounts.models import Session as SignedIn
from app.clock import now, today
from app.db import db
from app.societies.models import Mandate, Office
from tests.cast import Societies
from tests.stories.house import Nouns, Side
from tests.stories.rows import Rows, fill, whole

STRANGER = "stranger"


@dataclass
class House:
    """Two sides, the people at the doors with their cookies, and the rows behind them."""

    app: Flask
    ours: Nouns
    theirs: Nouns
    cookies: dict[str, str]
    token: str
    rows: Rows
    visits: int = field(default=0)

    def send(
        self,
        who: str,
        method: str,
        url: str,
        form: dict[str, Any] | None = None,
        *,
        token: bool = True,
        brief: bool = False,
    ) -> TestResponse:
        """One request, from an address of its own, so that no limit on tries is met by accident.

        A brief one asks for its reasons in JSON, which takes no page to be made.
        """
        self.visits += 1
        data = None
        if method == "POST":
            data = {**({"csrf_token": self.token} if token else {}), **(form or {})}
        n = self.visits
        cookie = self.cookies[who] if who != STRANGER or method == "POST" else ""
        with self.app.app_context():  # of its own, as on a server: nothing of `g` outlives it
            return Client(self.app, self.app.response_class, use_cookies=False).open(
                url,
                method=method,
                data=data,
                headers={
                    **({"Cookie": f"confer={cookie}"} if cookie else {}),
                    **({"Accept": "application/json"} if brief else {}),
                },
                environ_overrides={"REMOTE_ADDR": f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"},
            )


@pytest.fixture
def people(
    session: Session,
    ana: Person,
    ben: Person,
    eva: Person,
    sam: Person,
    erik: Person,
    susan: Person,
    fay: Person,
    otto: Person,
    pia: Person,
    societies: Societies,
    make_person: Callable[..., Person],
    give_mandate: Callable[..., Mandate],
) -> dict[str, Person]:
    """Everybody who comes to the doors; Ida's mandate ran out yesterday, Hugo's was ended."""
    zoe, nils = make_person("Zoe Jansen"), make_person("Nils Berg")
    ida, hugo = make_person("Ida Moser"), make_person("Hugo Park")
    yesterday = today() - timedelta(days=1)
    give_mandate(zoe, Office.COURSE_ADMINISTRATOR, societies.efrs)
    give_mandate(nils, Office.EDUCATION_OFFICER, societies.eusomii)
    give_mandate(ida, Office.COURSE_ADMINISTRATOR, societies.eusomii, until_on=yesterday)
    ended = give_mandate(hugo, Office.PRESIDENT, societies.siim)
    ended.end(by=pia, at=now() - timedelta(days=1), reason="Elections")
    return {
        "ana": ana,
        "ben": ben,
        "eva": eva,
        "sam": sam,
        "zoe": zoe,
        "erik": erik,
        "nils": nils,
        "susan": susan,
        "fay": fay,
        "otto": otto,
        "pia": pia,
        "ida": ida,
        "hugo": hugo,
    }


@pytest.fixture(scope="session")
def built() -> dict[str, tuple[House, dict[Table, list[dict[str, Any]]]]]:
    """The houses of this process by their databases: each is built once, and then put up again."""
    return {}


@pytest.fixture(scope="session")
def its_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the files of the houses are kept meanwhile."""
    return tmp_path_factory.mktemp("files")


@pytest.fixture
def house(
    stage: Flask,
    built: dict[str, tuple[House, dict[Table, list[dict[str, Any]]]]],
    its_files: Path,
    request: pytest.FixtureRequest,
) -> Iterator[House]:
    """The house, ready for visitors."""
    files = Path(stage.config["SETTINGS"].files_url)
    with stage.app_context():
        engine = db.engine
    if engine.dialect.name not in built:
        made = _build(stage, request)
        built[engine.dialect.name] = made, whole(engine)
        shutil.copytree(files, its_files / engine.dialect.name)
        yield made
        made.rows.close()
        return
    before, rows = built[engine.dialect.name]
    fill(engine, rows)
    shutil.copytree(its_files / engine.dialect.name, files, dirs_exist_ok=True)
    again = replace(before, rows=Rows(stage, before.rows), visits=0)
    assert again.rows.changed() == set()
    yield again
    again.rows.close()


def _build(stage: Flask, request: pytest.FixtureRequest) -> House:
    session, p, s = (request.getfixturevalue(name) for name in ("session", "people", "societies"))
    make_person = request.getfixturevalue("make_person")
    ours = Side(
        "ours",
        s.eusomii,
        [s.siim],
        p["eva"],
        [(p["erik"], s.eusomii), (p["susan"], s.siim)],
        p["ana"],
        make_person,
    ).build(session)
    theirs = Side(
        "theirs", s.efrs, [], p["zoe"], [(p["fay"], s.efrs)], p["ben"], make_person
    ).build(session)
    tokens = {STRANGER: ""}
    for name, person in p.items():
        signed_in = SignedIn.start(person, at=now(), browser="tests", origin="127.0.0.1")
        session.add(signed_in)
        tokens[name] = signed_in.token
    session.commit()
    cookies, token = _cookies(stage, tokens)
    return House(stage, ours, theirs, cookies, token, Rows(stage))


def _cookies(app: Flask, signed_in: dict[str, str]) -> tuple[dict[str, str], str]:
    """A signed cookie for everybody, and a CSRF token that is good in all of them."""
    with app.test_request_context():
        token = generate_csrf()
        raw = flask.session["csrf_token"]
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return {
        name: serializer.dumps(
            {"csrf_token": raw, **({"_user_id": one, "_fresh": True} if one else {})}
        )
        for name, one in signed_in.items()
    }, token
