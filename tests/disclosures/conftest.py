"""What the tests of disclosures set on the stage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.agenda.models import Activity, Speaker
from app.agenda.profiles import invite
from app.clock import now
from app.disclosures.declaring import Declared, Line, Nature
from tests.cast import make_webinar

NOTHING = Declared(has_none=True)
ACME = Declared(has_none=False, lines=(Line("Acme Imaging", Nature.CONSULTANT),))


@pytest.fixture
def draft(session: Session, societies: Any, eva: Any) -> Activity:
    """With credits, of EuSoMII and SIIM, not announced yet: Ida speaks and Mona moderates."""
    webinar = make_webinar(session, eva, societies.eusomii, societies.siim, announced=False)
    webinar.has_credits = True
    [ida] = webinar.speakers
    ida.address = "ida@uppsala.example"
    mona = Speaker(name="Mona Mod", part="moderator", position=2, address="mona@siim.example")
    webinar.speakers = [ida, mona]
    session.flush()
    return webinar


@pytest.fixture
def ida(draft: Activity) -> Speaker:
    return draft.speakers[0]


@pytest.fixture
def mona(draft: Activity) -> Speaker:
    return draft.speakers[1]


@pytest.fixture
def link_of(session: Session, eva: Any) -> Callable[[Speaker], str]:
    """The address of someone's own page."""

    def make(speaker: Speaker) -> str:
        token = invite(speaker, by=eva, at=now() - timedelta(days=1))
        session.flush()
        return f"/speak/{token}"

    return make
