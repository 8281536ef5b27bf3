"""Microsoft Teams through Graph: meetings of one organiser, attendance reports.

The app acts by itself (client credentials) for the organiser, to whom the tenant's administrator
has granted it an application access policy. Everybody comes in by the same address.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any
from urllib.parse import quote, urlsplit

from app.calls import TRIES, Answer, CallFailed, call
from app.meetings.platform import Entrance, Film, Guest, Room, Stay, Wish
from app.meetings.tokens import tokens
from app.meetings.zoom import moment
from app.texts import gettext as _

API = "https://graph.microsoft.com/v1.0"
SIGN_IN = "https://login.microsoftonline.com"
MOST_PAGES = 200
HOSTS = frozenset({"Organizer", "Coorganizer", "Presenter", "Producer"})


@dataclass(frozen=True)
class Teams:
    """A tenant's app, for one organiser."""

    tenant: str = field(repr=False)
    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)
    organiser: str = ""
    """The object id of the user who holds the meetings."""
    address: str = API
    sign_in_address: str = SIGN_IN
    anywhere: bool = False
    tries: int = TRIES

    @property
    def _meetings(self) -> str:
        return f"/users/{quote(self.organiser, safe='@')}/onlineMeetings"

    def check(self) -> str:
        """Ask for a meeting that cannot be there; a list without it is the good answer."""
        asked = quote("joinMeetingIdSettings/joinMeetingId eq '0'", safe="/'")
        try:
            found = self._ask("GET", f"{self._meetings}?$filter={asked}").json
        except Declined as declined:
            if declined.status != 404 or "user" in declined.reason.lower():
                raise
            found = {"value": []}
        if "value" not in found:
            raise CallFailed(_("What answers at this address is not Microsoft Graph."))
        return _("Microsoft Graph lets the app hold meetings for the organiser.")

    def create(self, wish: Wish, *, again: bool = False) -> Room:
        facts = {**self._facts(wish), "externalId": wish.key}
        found = self._ask("POST", f"{self._meetings}/createOrGet", body=facts).json
        if not found.get("id") or not found.get("joinWebUrl"):
            raise CallFailed(_("Teams answered without a meeting."))
        return Room(str(found["id"]), str(found["joinWebUrl"]))

    def change(self, room: Room, wish: Wish) -> None:
        self._ask("PATCH", f"{self._meetings}/{quote(room.id, safe='')}", body=self._facts(wish))

    def open(self, room: Room, wish: Wish) -> None:
        """Teams keeps the doors itself."""

    def end(self, room: Room) -> None:
        try:
            self._ask("DELETE", f"{self._meetings}/{quote(room.id, safe='')}")
        except Declined as declined:
            if declined.status != 404:
                raise

    def join_address(self, room: Room, guest: Guest) -> Entrance:
        return Entrance(room.address)

    def host_address(self, room: Room, guest: Guest) -> str:
        return room.address

    def recordings(self, room: Room) -> list[Film]:
        """Graph gives the film's bytes to the app, but no address at which people could watch."""
        return []

    def presence(self, room: Room) -> list[Stay]:
        reports = f"{self._meetings}/{quote(room.id, safe='')}/attendanceReports"
        return [
            stay
            for report in list(self._pages(reports))
            for record in self._pages(f"{reports}/{quote(str(report['id']))}/attendanceRecords")
            for stay in _stays(record)
        ]

    def _facts(self, wish: Wish) -> dict[str, Any]:
        return {
            "subject": wish.title[:200],
            "startDateTime": wish.starts_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "endDateTime": wish.ends_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        }

    def _pages(self, path: str) -> Iterator[dict[str, Any]]:
        """Every row of a list that comes in pages; a page elsewhere is not followed."""
        for _page in range(MOST_PAGES):
            found = self._ask("GET", path).json
            yield from (row for row in found.get("value", []) if isinstance(row, dict))
            following = str(found.get("@odata.nextLink") or "")
            if not following:
                return
            base = self.address.rstrip("/")
            if not following.startswith(f"{base}/"):
                raise CallFailed(_("Teams sends us to another server."), is_lasting=True)
            path = following.removeprefix(base)

    def _ask(self, method: str, path: str, *, body: Mapping[str, Any] | None = None) -> Answer:
        answer = tokens.call(
            (self.sign_in_address, self.tenant, self.client_id, self.client_secret),
            method, f"{self.address.rstrip('/')}{path}", fetch=self._sign_in,
            body=body, anywhere=self.anywhere, tries=self.tries,
        )  # fmt: skip
        if not answer.is_good:
            raise Declined(answer)
        return answer

    def _sign_in(self) -> Answer:
        scope = f"{urlsplit(self.address).scheme}://{urlsplit(self.address).netloc}/.default"
        path = f"/{quote(self.tenant, safe='')}/oauth2/v2.0/token"
        return call(
            "POST", f"{self.sign_in_address.rstrip('/')}{path}", anywhere=self.anywhere,
            tries=self.tries,
            form={"grant_type": "client_credentials", "client_id": self.client_id,
                  "client_secret": self.client_secret, "scope": scope},
        )  # fmt: skip


class Declined(CallFailed):
    """Graph understood and declined."""

    def __init__(self, answer: Answer) -> None:
        told = answer.json.get("error")
        reason = str(told.get("message", "")) if isinstance(told, dict) else ""
        words = {
            401: _("Microsoft does not accept the credentials. Enter them anew."),
            403: _("Microsoft does not allow this app to hold meetings for the organiser. "
                   "It needs the permissions and an application access policy."),
            404: _("Teams knows no such meeting or organiser."),
        }  # fmt: skip
        says = words.get(answer.status) or _("Teams declined: %(reason)s",
                                             reason=reason[:200] or str(answer.status))  # fmt: skip
        super().__init__(says, is_lasting=True)
        self.status, self.reason = answer.status, reason


def _stays(record: Mapping[str, Any]) -> Iterator[Stay]:
    identity = record.get("identity")
    name = str((identity or {}).get("displayName") or "") if isinstance(identity, dict) else ""
    for interval in record.get("attendanceIntervals") or []:
        joined, left = moment(interval.get("joinDateTime")), moment(interval.get("leaveDateTime"))
        if joined is not None and left is not None:
            yield Stay(
                name=name,
                address=str(record.get("emailAddress") or "").lower(),
                joined_at=joined,
                left_at=left,
                moderates=record.get("role") in HOSTS,
            )
