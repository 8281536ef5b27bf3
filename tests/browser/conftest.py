"""A live site and real visitors: the server as deployed, its worker, an SMTP server, Chromium."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, Playwright, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from app import create_app, db, migrating
from app.accounts import password
from app.clock import now
from app.demo import courses, diplomas, founding, programme, reports, webinars
from app.demo.scene import Scene
from app.enrolments.booking import enrol
from app.files import files
from config import ROOT, from_environment
from tests.servers import PostOffice, free_port

WIDE, NARROW = 1280, 390
PASSWORD = "seven lanterns by the harbour"
AXE = Path(__file__).with_name("vendor") / "axe.min.js"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
MOVED = 36
"""Макар Вишивана: the report has another address than his account, so somebody must match him."""


@dataclass
class Site:
    """A running deployment with societies, people and a webinar that is over."""

    url: str
    webinar: int
    course: int
    report: bytes
    people: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Name and address by number."""


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        pytest.skip("Chromium is not installed: apt install chromium")
    browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, post_office: PostOffice) -> Iterator[Site]:
    """One site for tests that only look."""
    with serving(tmp_path_factory.mktemp("site"), post_office) as site:
        yield site


@pytest.fixture
def own_site(tmp_path: Path, post_office: PostOffice) -> Iterator[Site]:
    """A site for a test that changes what it finds."""
    with serving(tmp_path / "var", post_office) as site:
        yield site


@contextmanager
def serving(var: Path, post_office: PostOffice) -> Iterator[Site]:
    """A site with a database and a server of its own."""
    port = free_port()
    environment = {
        "CONFER_VAR": str(var),
        "CONFER_PORT": str(port),
        "CONFER_SMTP_URL": post_office.url,
        "CONFER_WEB_WORKERS": "1",
    }
    site = prepare(environment, f"http://127.0.0.1:{port}")
    server = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "serve"], cwd=ROOT, text=True,
        env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        until_ready(server, var / "server.log")
        yield site
    finally:
        server.terminate()
        server.wait(30)


def until_ready(server: subprocess.Popen[str], log: Path) -> None:
    """Until the server says that its pages answer; what it says later is kept in a file."""
    assert server.stdout is not None
    said = []
    for line in server.stdout:
        said.append(line)
        if "Confer is ready" in line:
            threading.Thread(target=_keep, args=(server.stdout, log), daemon=True).start()
            return
    raise AssertionError("the server ended:\n" + "".join(said))


def _keep(said: IO[str], log: Path) -> None:
    with log.open("w") as kept:
        for line in said:
            kept.write(line)
            kept.flush()


def prepare(environment: dict[str, str], url: str) -> Site:
    """What lies in the past, through the verbs of the rooms at its own moments.

    A webinar can be announced only before it starts and settled only after its end, and the server
    has one clock: so the webinar whose presence is settled was planned, announced and enrolled in
    here; everything that happens today is done in the browser.
    """
    app = create_app(replace(from_environment(environment), testing=True))
    with app.app_context():
        migrating.upgrade()
    with app.app_context(), db.writing() as session:
        scene = Scene(session, now(), password.digest(PASSWORD))
        founding.found(scene)
        moved = scene.learners[MOVED]
        moved.addresses[0].address = "makar@home.example"
        entry = next(entry for entry in programme.webinars() if entry.report)
        report, starts_at = reports.sample(scene.now)
        planned_at, announced_at = programme.dates(scene, entry, starts_at)
        webinar = programme.plan_webinar(planned_at, scene, entry, starts_at)
        programme.announce(announced_at, scene, entry)
        for person in [*webinars.invited(scene, entry), moved]:
            enrol(session, webinar, person, at=announced_at)
        foundations = next(e for e in programme.courses() if e.key == courses.FOUNDATIONS)
        course = programme.plan_course(scene.day(-60), scene, foundations)
        courses.writing(scene.day(-60), scene, foundations)
        programme.announce(scene.day(-59), scene, foundations)
        diplomas.publish(scene.day(-50), scene)
        session.flush()
        site = Site(url, webinar.id, course.id, report)
        site.people = {number: (p.name, p.address) for number, p in scene.learners.items()}
        session.info.pop("after_commit", None)
    with app.app_context():
        assert files.is_writable()
        db.db.engine.dispose()
    return site


@pytest.fixture
def served(stage: Flask) -> Iterator[str]:
    """The address at which the application answers a browser."""
    server = make_server("127.0.0.1", 0, stage, threaded=True, request_handler=Patient)
    server.daemon_threads = False  # its end waits for every answer: none falls into another test
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    server.server_close()


class Patient(WSGIRequestHandler):
    """Waits this many seconds for a browser that has opened a connection and asks nothing."""

    timeout = 5


class Visitor:
    """Somebody with a browser of their own, who looks at the health of every page they open."""

    def __init__(
        self,
        chromium: Browser,
        site: Site,
        shots: Path,
        *,
        width: int,
        scheme: Literal["light", "dark"] = "light",
    ) -> None:
        self.site, self.shots, self.width, self.seen = site, shots, width, 0
        context: Any = chromium.new_context(
            base_url=site.url, viewport={"width": width, "height": 900}, locale="en-GB",
            timezone_id="Europe/Vienna", color_scheme=scheme, reduced_motion="reduce",
        )  # fmt: skip
        self.page: Page = context.new_page()
        self.page.set_default_timeout(45_000)
        self.complaints: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def visit(self, path: str) -> Visitor:
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        return self.look()

    def sign_in(self, address: str) -> Visitor:
        self.visit("/sign-in")
        self.fill("address", address).fill("password", PASSWORD)
        return self.press("Sign in")

    def fill(self, name: str, value: str) -> Visitor:
        self.page.locator(f'main [name="{name}"]').first.fill(value)
        return self

    def choose(self, name: str, label: str) -> Visitor:
        self.page.locator(f'main select[name="{name}"]').select_option(label=label)
        return self

    def press(self, label: str) -> Visitor:
        """Press a button or follow a link of the page, whichever bears these words."""
        self.named(label).first.click()
        self.page.wait_for_load_state("load")
        return self.look()

    def confirm(self, label: str) -> Visitor:
        """Press the button in the question that an earlier press has opened."""
        self.page.locator("[popover]:popover-open").get_by_role("button", name=label).click()
        self.page.wait_for_load_state("load")
        return self.look()

    def named(self, label: str) -> Locator:
        main = self.page.locator("main")
        button = main.get_by_role("button", name=label)
        return button.or_(main.get_by_role("link", name=label))

    @property
    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def look(self) -> Visitor:
        """No complaint of the browser, nothing for axe to find, nothing wider than the screen."""
        self.seen += 1
        self.page.screenshot(path=self.shots / f"{self.width}-{self.seen:02}.png", full_page=True)
        where = self.page.url
        assert self.complaints == [], f"{where}: {self.complaints}"
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{where} is {wide} px wider than a screen of {self.width}"
        found = violations(self.page)
        assert found == [], f"{where}: {found}"
        return self


def violations(page: Page) -> list[dict[str, Any]]:
    """What axe-core finds against WCAG 2.2 A and AA and its best practices."""
    page.evaluate(AXE.read_text())
    answer = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        {"rule": one["id"], "at": [node["html"][:160] for node in one["nodes"]][:3],
         "why": one["nodes"][0]["failureSummary"][:300]}
        for one in answer["violations"]
    ]  # fmt: skip


@pytest.fixture
def visitor(chromium: Browser, tmp_path: Path) -> Iterator[Callable[..., Visitor]]:
    """Visitors to order; their pictures are kept in the folder of the test."""
    came: list[Visitor] = []

    def make(site: Site, width: int, **facts: Any) -> Visitor:
        shots = tmp_path / f"visitor-{len(came)}"
        shots.mkdir()
        came.append(Visitor(chromium, site, shots, width=width, **facts))
        return came[-1]

    yield make
    for one in came:
        one.page.context.close()
