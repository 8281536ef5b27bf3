"""BigBlueButton: calls signed with a shared secret, answers in XML.

A meeting lives only while people use it: `create` makes it and may be called as often as one likes,
so it is called again when the doors open. Who was there comes by callback, not on being asked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from app.calls import TRIES, CallFailed, call
from app.meetings.platform import Entrance, Film, Guest, Room, Stay, Wish
from app.texts import gettext as _

ALGORITHMS = ("sha256", "sha512", "sha384", "sha1")
LONGEST_NAME = 64
WITHOUT_ANYONE_MINUTES = "60"
GONE = frozenset({"notFound", "invalidMeetingIdentifier", "meetingForciblyEnded"})
EVENTS = "meeting-ended,user-joined,user-left"


def checksum(call_name: str, query: str, secret: str, algorithm: str = "sha256") -> str:
    """The signature of a call, as the documentation defines it."""
    if algorithm not in ALGORITHMS:
        raise ValueError(f"{algorithm} is no algorithm of BigBlueButton")
    signed = f"{call_name}{query}{secret}".encode()
    return hashlib.new(algorithm, signed, usedforsecurity=algorithm != "sha1").hexdigest()


@dataclass(frozen=True)
class BigBlueButton:
    """One server (or a balancer before several), reached at its API address."""

    address: str
    secret: str = field(repr=False)
    algorithm: str = "sha256"
    anywhere: bool = False
    tries: int = TRIES

    def url(self, call_name: str, facts: Mapping[str, str]) -> str:
        """The signed address of a call."""
        query = urlencode({key: _plain(value) for key, value in facts.items()})
        signed = checksum(call_name, query, self.secret, self.algorithm)
        base = self.address.rstrip("/")
        return f"{base}/{call_name}?{query}{'&' if query else ''}checksum={signed}"

    def check(self) -> str:
        self._ask("getMeetings", {})
        return _("The server knows the shared secret.")

    def create(self, wish: Wish, *, again: bool = False) -> Room:
        facts = {
            "name": wish.title[:LONGEST_NAME],
            "meetingID": wish.key,
            "meetingExpireIfNoUserJoinedInMinutes": WITHOUT_ANYONE_MINUTES,
            "meetingKeepEvents": "true",
            "record": "true",
            "autoStartRecording": "false",
            "allowStartStopRecording": "true",
        }
        if wish.page:
            facts["logoutURL"] = wish.page
        if wish.minutes_hook:
            facts["meta_analytics-callback-url"] = wish.minutes_hook
        self._ask("create", facts)
        return Room(wish.key, wish.page)

    def change(self, room: Room, wish: Wish) -> None:
        """It has no hour of its own; its title is given anew when the doors open."""

    def open(self, room: Room, wish: Wish) -> None:
        self.create(wish, again=True)
        if wish.hook:
            self._subscribe(wish)

    def end(self, room: Room) -> None:
        try:
            self._ask("end", {"meetingID": room.id})
        except Refused as refused:
            if refused.key not in GONE:
                raise

    def join_address(self, room: Room, guest: Guest) -> Entrance:
        facts = {
            "fullName": guest.name,
            "meetingID": room.id,
            "role": "MODERATOR" if guest.moderates else "VIEWER",
            "userID": guest.id,
        }
        return Entrance(self.url("join", facts), guest.id)

    def host_address(self, room: Room, guest: Guest) -> str:
        host = Guest(guest.id, guest.name, guest.address, moderates=True)
        return self.join_address(room, host).address

    def recordings(self, room: Room) -> list[Film]:
        found = self._ask("getRecordings", {"meetingID": room.id, "state": "published"})
        return [film for one in found.iter("recording") if (film := _film(one))]

    def presence(self, room: Room) -> list[Stay]:
        return []

    def _subscribe(self, wish: Wish) -> None:
        """Ask to be told who comes and goes, where the server has the webhooks installed."""
        facts = {"callbackURL": wish.hook, "meetingID": wish.key, "eventID": EVENTS}
        try:
            self._ask("hooks/create", facts)
        except Refused:
            return
        except CallFailed as failed:
            if not failed.is_lasting:
                raise

    def _ask(self, call_name: str, facts: Mapping[str, str]) -> Element:
        answer = call("GET", self.url(call_name, facts), anywhere=self.anywhere, tries=self.tries)
        if answer.status == 404:
            told = _("There is no BigBlueButton at this address. It usually ends in "
                     "/bigbluebutton/api.")  # fmt: skip
            raise CallFailed(told, is_lasting=True)
        found = _parsed(answer.body)
        if found is None or found.tag != "response":
            told = _("What answers at this address is not BigBlueButton.")
            raise CallFailed(told, is_lasting=answer.is_good)
        if found.findtext("returncode", "") != "SUCCESS":
            raise Refused(found.findtext("messageKey", ""), found.findtext("message", ""))
        return found


class Refused(CallFailed):
    """The server understood and declined; `key` is its word for the reason."""

    def __init__(self, key: str, message: str) -> None:
        words = {
            "checksumError": _("The server does not accept the shared secret. Enter it anew."),
            "notFound": _("The meeting does not exist on the server."),
        }
        says = words.get(key) or _("The server declined: %(reason)s", reason=message[:200] or key)
        super().__init__(says, is_lasting=True)
        self.key = key


class _Builder(TreeBuilder):
    """Builds XML without a document type, so that nothing in it can refer to anything."""

    def doctype(self, *_told: object) -> None:
        raise ParseError("an answer needs no document type")


def _parsed(body: bytes) -> Element | None:
    reader = XMLParser(target=_Builder())
    try:
        reader.feed(body)
        found: Element = reader.close()
    except (ParseError, ValueError):
        return None
    return found


def _plain(value: str) -> str:
    """Text as a call may carry it: without control characters."""
    return "".join(c if c >= " " else " " for c in value)


def _film(recording: Element) -> Film | None:
    formats = {f.findtext("type", ""): f for f in recording.iter("format")}
    best = formats.get("video") or formats.get("presentation") or next(iter(formats.values()), None)
    if best is None or not best.findtext("url"):
        return None
    minutes = best.findtext("length", "")
    return Film(
        id=recording.findtext("recordID", ""),
        address=best.findtext("url", "").strip(),
        starts_at=moment(recording.findtext("startTime", "")),
        seconds=int(minutes) * 60 if minutes.isdigit() else None,
    )


def moment(milliseconds: str) -> datetime | None:
    """A moment of BigBlueButton: milliseconds since 1970."""
    known = milliseconds.isascii() and milliseconds.isdigit() and len(milliseconds) < 15
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC) if known else None
