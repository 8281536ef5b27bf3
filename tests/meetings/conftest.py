"""Meeting platforms on this machine, and what Confer knows of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.meetings.bigbluebutton import BigBlueButton
from app.meetings.teams import Teams
from app.meetings.tokens import tokens
from app.meetings.zoom import Zoom
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
