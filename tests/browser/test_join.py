"""Coming in, in a real browser: the policy of our pages lets nobody stand before the door."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.clock import now
from app.enrolments.booking import enrol
from app.meetings.emails import join_link
from tests.cast import Societies, make_webinar
from tests.meetings.servers import Asked, Server, Told

pytestmark = pytest.mark.browser


class Room(Server):
    """Somebody else's site, where the room is."""

    def answer(self, asked: Asked) -> Told:
        return Told(200, "<h1>The room</h1>", kind="text/html")


@pytest.mark.parametrize("has_javascript", [True, False], ids=["scripts", "no scripts"])
def test_one_press_leads_to_the_room_on_another_site(
    chromium: Browser, served: str, session: Session, societies: Societies, eva: Person,
    ana: Person, has_javascript: bool,
) -> None:  # fmt: skip
    starts_at = (now() + timedelta(minutes=5)).replace(second=0, microsecond=0)
    webinar = make_webinar(session, eva, societies.eusomii, starts_at=starts_at)
    link = join_link(session, enrol(session, webinar, ana, at=now()))
    with Room().running() as room:
        webinar.link = f"{room.url}/room?from=confer&x=1"
        wanted = webinar.link
        session.commit()
        page = chromium.new_context(java_script_enabled=has_javascript).new_page()
        page.goto(f"{served}/join/{link.rsplit('/', 1)[1]}")
        assert room.asked == []
        page.get_by_role("button", name="Join now").click()
        page.wait_for_url(wanted)
        assert page.get_by_role("heading").inner_text() == "The room"
        assert "referer" not in room.asked[0].headers
        page.context.close()
