"""Zoom: server-to-server OAuth, meetings and webinars, registrants, reports.

Registration is required, so that every learner has an address of their own and the report names
them. The report is there some time after the end and needs a paid account.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from app.calls import TRIES, Answer, CallFailed, call
from app.meetings.platform import Entrance, Film, Guest, Room, Stay, Wish
from app.meetings.tokens import tokens
from app.texts import gettext as _

API = "https://api.zoom.us/v2"
SIGN_IN = "https://zoom.us"
PAGE = "300"
MOST_PAGES = 200
SCHEDULED, WEBINAR = 2, 5
NOT_THERE = frozenset({3001, 1001})
"""Codes of Zoom: the meeting does not exist, the user does not exist."""


@dataclass(frozen=True)
class Zoom:
    """An account of Zoom, as one of its users who holds the meetings."""

    account_id: str = field(repr=False)
    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)
    host: str = "me"
    is_webinar: bool = False
    address: str = API
    sign_in_address: str = SIGN_IN
    anywhere: bool = False
    tries: int = TRIES

    @property
    def kind(self) -> str:
        return "webinars" if self.is_webinar else "meetings"

    def check(self) -> str:
        found = self._ask("GET", f"/users/{quote(self.host, safe='@')}").json
        name = found.get("display_name") or found.get("email") or self.host
        return _("Zoom knows the account; meetings are held by %(name)s.", name=str(name))

    def create(self, wish: Wish, *, again: bool = False) -> Room:
        if again and (made := self._made_before(wish)):
            return made
        found = self._ask("POST", f"/users/{quote(self.host, safe='@')}/{self.kind}",
                          body=self._facts(wish)).json  # fmt: skip
        return _room(found)

    def change(self, room: Room, wish: Wish) -> None:
        facts = {k: v for k, v in self._facts(wish).items() if k not in {"type", "settings"}}
        self._ask("PATCH", f"/{self.kind}/{quote(room.id)}", body=facts)

    def open(self, room: Room, wish: Wish) -> None:
        """Zoom keeps the doors itself."""

    def end(self, room: Room) -> None:
        """End it if it is on, and take it off the calendar of whoever holds it."""
        path = f"/{self.kind}/{quote(room.id)}"
        for method, target, body in (
            ("PUT", f"{path}/status", {"action": "end"}),
            ("DELETE", path, None),
        ):
            try:
                self._ask(method, target, body=body)
            except Declined as declined:
                if not declined.is_gone and method == "DELETE":
                    raise

    def join_address(self, room: Room, guest: Guest) -> Entrance:
        first, last = _two_names(guest.name)
        facts: dict[str, Any] = {
            "email": guest.address, "first_name": first, "last_name": last,
        }  # fmt: skip
        path = f"/{self.kind}/{quote(room.id)}/registrants"
        if not self.is_webinar:
            facts["auto_approve"] = True
        found = self._ask("POST", path, body=facts).json
        if not found.get("join_url"):
            raise CallFailed(_("Zoom gave no address to join for this person."))
        return Entrance(str(found["join_url"]), str(found.get("registrant_id", "")))

    def host_address(self, room: Room, guest: Guest) -> str:
        found = self._ask("GET", f"/{self.kind}/{quote(room.id)}").json
        return str(found.get("start_url") or room.address)

    def recordings(self, room: Room) -> list[Film]:
        try:
            found = self._ask("GET", f"/meetings/{quote(room.id)}/recordings").json
        except Declined as declined:
            if declined.is_gone:
                return []
            raise
        return [
            Film(
                id=str(file.get("id", "")),
                address=str(file["play_url"]),
                starts_at=moment(file.get("recording_start")),
                seconds=_between(file.get("recording_start"), file.get("recording_end")),
            )
            for file in found.get("recording_files", [])
            if file.get("file_type") == "MP4" and file.get("play_url")
        ]

    def presence(self, room: Room) -> list[Stay]:
        path = f"/report/{self.kind}/{quote(room.id)}/participants"
        stays = []
        for one in self._pages(path, "participants", {"include_fields": "registrant_id"}):
            joined, left = moment(one.get("join_time")), moment(one.get("leave_time"))
            if joined is None or left is None or one.get("status") == "in_waiting_room":
                continue
            stays.append(
                Stay(
                    name=str(one.get("name", "")),
                    address=str(one.get("user_email", "")).lower(),
                    joined_at=joined,
                    left_at=left,
                    guest=str(one.get("registrant_id") or ""),
                )
            )
        return stays

    def _made_before(self, wish: Wish) -> Room | None:
        """The meeting of an earlier call whose answer was lost."""
        path = f"/users/{quote(self.host, safe='@')}/{self.kind}"
        found = self._pages(path, self.kind, {"type": "upcoming"} if not self.is_webinar else {})
        return next((_room(one) for one in found if wish.key in str(one.get("agenda", ""))), None)

    def _facts(self, wish: Wish) -> dict[str, Any]:
        minutes = max(1, round((wish.ends_at - wish.starts_at).total_seconds() / 60))
        return {
            "topic": wish.title[:200],
            "type": WEBINAR if self.is_webinar else SCHEDULED,
            "start_time": wish.starts_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "duration": minutes,
            "timezone": wish.zone,
            "agenda": f"{wish.page}\nConfer {wish.key}".strip(),
            "settings": {
                "approval_type": 0,
                "registration_type": 1,
                "registrants_email_notification": False,
                "registrants_confirmation_email": False,
                "allow_multiple_devices": True,
                **({} if self.is_webinar else {"waiting_room": False, "join_before_host": True}),
            },
        }

    def _pages(self, path: str, name: str, query: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """Every row of a list that comes in pages."""
        following = ""
        for _page in range(MOST_PAGES):
            asked = {"page_size": PAGE, **query}
            if following:
                asked["next_page_token"] = following
            found = self._ask("GET", path, query=asked).json
            yield from (row for row in found.get(name, []) if isinstance(row, dict))
            following = str(found.get("next_page_token") or "")
            if not following:
                return

    def _ask(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Answer:  # fmt: skip
        answer = tokens.call(
            (self.sign_in_address, self.account_id, self.client_id, self.client_secret),
            method, f"{self.address.rstrip('/')}{path}", fetch=self._sign_in,
            query=query, body=body, anywhere=self.anywhere, tries=self.tries,
        )  # fmt: skip
        if not answer.is_good:
            raise Declined(answer)
        return answer

    def _sign_in(self) -> Answer:
        basic = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        return call(
            "POST", f"{self.sign_in_address.rstrip('/')}/oauth/token",
            form={"grant_type": "account_credentials", "account_id": self.account_id},
            headers={"Authorization": f"Basic {basic}"}, anywhere=self.anywhere, tries=self.tries,
        )  # fmt: skip


class Declined(CallFailed):
    """Zoom understood and declined; `code` is its number for the reason."""

    def __init__(self, answer: Answer) -> None:
        told = answer.json
        code = told.get("code")
        self.code = code if isinstance(code, int) else 0
        self.is_gone = answer.status == 404 or self.code in NOT_THERE
        words = {
            401: _("Zoom does not accept the credentials. Enter them anew."),
            403: _("Zoom does not allow this app to do that. Give it the scopes it needs."),
            404: _("Zoom knows no such meeting or host."),
        }
        reason = str(told.get("message", ""))[:200] or str(answer.status)
        if "scope" in reason.lower():
            says = words[403]
        else:
            says = words.get(answer.status) or _("Zoom declined: %(reason)s", reason=reason)
        super().__init__(says, is_lasting=True)


def moment(told: object) -> datetime | None:
    """A moment of Zoom, such as 2026-10-14T16:00:00Z."""
    try:
        found = datetime.fromisoformat(str(told))
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _room(found: Mapping[str, Any]) -> Room:
    if not found.get("id") or not found.get("join_url"):
        raise CallFailed(_("Zoom answered without a meeting."))
    return Room(str(found["id"]), str(found["join_url"]))


def _two_names(name: str) -> tuple[str, str]:
    """First and last name, as Zoom wants them, of a name that is one."""
    first, _space, last = name.strip().rpartition(" ")
    return (first[:64], last[:64]) if first else (last[:64], "")


def _between(start: object, end: object) -> int | None:
    first, last = moment(start), moment(end)
    return int((last - first).total_seconds()) if first and last else None
