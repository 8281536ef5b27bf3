"""Meeting platforms on this machine, and what Confer knows of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.agenda.models import Activity
from app.clock import now
from app.enrolments.booking import enrol
from app.enrolments.models import Enrolment
from app.jobs import run_all
from app.meetings.accounts import PlatformAccount
from app.meetings.bigbluebutton import BigBlueButton
from app.meetings.platform import Provider
from app.meetings.teams import Teams
from app.meetings.tokens import tokens
from app.meetings.zoom import Zoom
from tests.cast import Societies
from tests.meetings.servers import teams as teams_server
from tests.meetings.servers import zoom as zoom_server
from tests.meetings.servers.bigbluebutton import BigBlueButtonServer
from tests.meetings.servers.teams import TeamsServer
from tests.meetings.servers.zoom import ZoomServer


@pytest.fixture(autouse=True)
def no_tokens_from_before() -> Iterator[None]:
    tokens.clear()
    yield
    tokens.clear()


@pytest.fixture
def bbb_server() -> Iterator[BigBlueButtonServer]:
    with BigBlueButtonServer().running() as server:
        assert isinstance(server, BigBlueButtonServer)
        yield server


@pytest.fixture
def zoom_at() -> Iterator[ZoomServer]:
    with ZoomServer().running() as server:
        assert isinstance(server, ZoomServer)
        yield server


@pytest.fixture
def teams_at() -> Iterator[TeamsServer]:
    with TeamsServer().running() as server:
        assert isinstance(server, TeamsServer)
        yield server


@pytest.fixture
def bbb(bbb_server: BigBlueButtonServer) -> BigBlueButton:
    return BigBlueButton(bbb_server.address, bbb_server.secret, anywhere=True)


@pytest.fixture
def zoom(zoom_at: ZoomServer) -> Zoom:
    return Zoom(
        zoom_server.ACCOUNT, zoom_server.CLIENT, zoom_server.SECRET, host=zoom_server.HOST,
        address=zoom_at.address, sign_in_address=zoom_at.url, anywhere=True,
    )  # fmt: skip


@pytest.fixture
def teams(teams_at: TeamsServer) -> Teams:
    return Teams(
        teams_server.TENANT, teams_server.CLIENT, teams_server.SECRET,
        organiser=teams_server.ORGANISER, address=teams_at.address, sign_in_address=teams_at.url,
        anywhere=True,
    )  # fmt: skip


@pytest.fixture
def here(stage: Flask) -> Iterator[Flask]:
    """Platforms of this machine may be called."""
    settings = stage.config["SETTINGS"]
    stage.config["SETTINGS"] = replace(settings, calls_anywhere=True)
    yield stage
    stage.config["SETTINGS"] = settings


@pytest.fixture
def bbb_account(
    here: Flask, session: Session, societies: Societies, eva: Person,
    bbb_server: BigBlueButtonServer,
) -> PlatformAccount:  # fmt: skip
    """BigBlueButton of EuSoMII."""
    account = PlatformAccount.enter(
        session, societies.eusomii, Provider.BIGBLUEBUTTON, by=eva, at=now(),
        facts={"name": "BBB of the office", "address": bbb_server.address, "flavour": "sha256"},
        secrets={"secret": bbb_server.secret},
    )  # fmt: skip
    session.commit()
    return account


@pytest.fixture
def zoom_account(
    here: Flask, session: Session, societies: Societies, eva: Person, zoom_at: ZoomServer
) -> PlatformAccount:
    """Zoom of EuSoMII."""
    account = PlatformAccount.enter(
        session, societies.eusomii, Provider.ZOOM, by=eva, at=now(),
        facts={"name": "Zoom of the office", "address": zoom_at.address,
               "sign_in_address": zoom_at.url, "host": zoom_server.HOST, "flavour": "meetings"},
        secrets={"account_id": zoom_server.ACCOUNT, "client_id": zoom_server.CLIENT,
                 "client_secret": zoom_server.SECRET, "webhook_secret": "the-webhooks-secret"},
    )  # fmt: skip
    session.commit()
    return account


@pytest.fixture
def teams_account(
    here: Flask, session: Session, societies: Societies, eva: Person, teams_at: TeamsServer
) -> PlatformAccount:
    """Teams of SIIM's partner, EuSoMII."""
    account = PlatformAccount.enter(
        session, societies.eusomii, Provider.TEAMS, by=eva, at=now(),
        facts={"name": "Teams of the office", "address": teams_at.address,
               "sign_in_address": teams_at.url, "host": teams_server.ORGANISER},
        secrets={"tenant": teams_server.TENANT, "client_id": teams_server.CLIENT,
                 "client_secret": teams_server.SECRET},
    )  # fmt: skip
    session.commit()
    return account


@pytest.fixture
def ana_enrolled(session: Session, webinar: Activity, ana: Person) -> Enrolment:
    """Ana with a place in the webinar, whose link nobody has entered yet."""
    webinar.link = ""
    enrolment = enrol(session, webinar, ana, at=now())
    session.commit()
    return enrolment


@pytest.fixture
def work(here: Flask, session: Session) -> Callable[[], None]:
    """Let the worker do what waits; it writes, so what the test holds is let go of first."""

    def until_nothing_waits() -> None:
        session.commit()
        run_all()
        session.expire_all()

    return until_nothing_waits
