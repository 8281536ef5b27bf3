"""What the tests of the agenda set on the stage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from app.agenda.models import Activity, Audience, Speaker
from app.clock import now
from tests.cast import make_webinar

VIENNA = ZoneInfo("Europe/Vienna")


@pytest.fixture
def announce(session: Session, societies: Any, eva: Any) -> Callable[..., Activity]:
    """Put an announced webinar of EuSoMII on the agenda, by its title and the days until then."""

    def put(title: str, days: float = 7, **facts: Any) -> Activity:
        day = (now() + timedelta(days=days)).astimezone(VIENNA)
        starts_at = facts.pop("starts_at", day.replace(hour=18, minute=0, second=0, microsecond=0))
        others, speakers = facts.pop("others", ()), facts.pop("speakers", ())
        audiences, language = facts.pop("audiences", ()), facts.pop("language", "en")
        webinar = make_webinar(
            session, eva, facts.pop("lead", societies.eusomii), *others,
            title=title, starts_at=starts_at, **facts,
        )  # fmt: skip
        webinar.language = language
        webinar.audiences = [Audience(profession=name) for name in audiences]
        if speakers:
            webinar.speakers = [Speaker(position=n, name=s) for n, s in enumerate(speakers, 1)]
        session.flush()
        return webinar

    return put


def at(*parts: int, zone: str = "Europe/Vienna", fold: int = 0) -> datetime:
    """A wall-clock time in a zone."""
    return datetime(*parts, tzinfo=ZoneInfo(zone), fold=fold)  # type: ignore[misc, arg-type]
