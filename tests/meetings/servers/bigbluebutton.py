"""BigBlueButton: every call signed with the shared secret, every answer XML."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import jwt

from tests.meetings.servers import Asked, Server, Told

BASE = "/bigbluebutton/api"
ALGORITHMS = {40: "sha1", 64: "sha256", 96: "sha384", 128: "sha512"}


@dataclass
class Room:
    facts: dict[str, str]
    internal: str
    has_ended: bool = False
    recordings: list[str] = field(default_factory=list)


class BigBlueButtonServer(Server):
    def __init__(self, secret: str = "639259d4-9dd8-4b25-bf01-95f9567eaf4b") -> None:
        super().__init__()
        self.secret = secret
        self.supported = set(ALGORITHMS.values())
        self.rooms: dict[str, Room] = {}
        self.hooks: dict[str, dict[str, str]] = {}
        self.has_webhooks = True

    @property
    def address(self) -> str:
        return f"{self.url}{BASE}"

    def answer(self, asked: Asked) -> Told:
        if not asked.path.startswith(f"{BASE}/"):
            return Told(404, "Not found", kind="text/plain")
        name = asked.path.removeprefix(f"{BASE}/")
        if not self._is_signed(name, asked):
            return failed("checksumError", "Checksums do not match")
        args = {k: v for k, v in asked.args.items() if k != "checksum"}
        calls = {
            "getMeetings": self._meetings,
            "create": self._create,
            "join": self._join,
            "end": self._end,
            "getRecordings": self._recordings,
        }
        if self.has_webhooks:
            calls["hooks/create"] = self._hook
        if name not in calls:
            return failed("unsupportedRequest", "This request is not supported.")
        return calls[name](args)

    def _is_signed(self, name: str, asked: Asked) -> bool:
        query, _separator, told = asked.query.rpartition("checksum=")
        algorithm = ALGORITHMS.get(len(told))
        if algorithm not in self.supported:
            return False
        text = f"{name}{query.removesuffix('&')}{self.secret}"
        return hashlib.new(algorithm, text.encode()).hexdigest() == told

    def _meetings(self, args: dict[str, str]) -> Told:
        rows = "".join(f"<meeting><meetingID>{escape(i)}</meetingID></meeting>"
                       for i, room in self.rooms.items() if not room.has_ended)  # fmt: skip
        return good(f"<meetings>{rows}</meetings>")

    def _create(self, args: dict[str, str]) -> Told:
        key = args.get("meetingID", "")
        if not 2 <= len(key) <= 256 or "," in key:
            return failed("validationError", "Meeting ID must be between 2 and 256 characters")
        if not 2 <= len(args.get("name", "")) <= 64:
            return failed("validationError", "Meeting name must be between 2 and 64 characters")
        known = self.rooms.get(key)
        warning = ""
        if known is not None and not known.has_ended:
            warning = "<messageKey>duplicateWarning</messageKey>"
        else:
            internal = hashlib.sha1(key.encode()).hexdigest() + "-1531155809613"
            self.rooms[key] = Room(args, internal)
        room = self.rooms[key]
        return good(f"<meetingID>{escape(key)}</meetingID>"
                    f"<internalMeetingID>{room.internal}</internalMeetingID>"
                    f"<createTime>1531155809613</createTime>{warning}")  # fmt: skip

    def _join(self, args: dict[str, str]) -> Told:
        room = self.rooms.get(args.get("meetingID", ""))
        if room is None or room.has_ended:
            return failed("invalidMeetingIdentifier", "The meeting ID does not match any.")
        if args.get("role", "").upper() not in {"MODERATOR", "VIEWER"}:
            return failed("missingParameters", "You must specify a role or a password.")
        return Told(302, "", {"Location": f"{self.url}/html5client/join?sessionToken=ai1wqj8wb6s7"})

    def _end(self, args: dict[str, str]) -> Told:
        room = self.rooms.get(args.get("meetingID", ""))
        if room is None or room.has_ended:
            return failed("notFound", "We could not find a meeting with that meeting ID")
        room.has_ended = True
        return good("<messageKey>sentEndMeetingRequest</messageKey>")

    def _recordings(self, args: dict[str, str]) -> Told:
        room = self.rooms.get(args.get("meetingID", ""))
        if room is None or not room.recordings:
            return good("<recordings></recordings><messageKey>noRecordings</messageKey>")
        rows = "".join(
            f"<recording><recordID>{escape(one)}</recordID><published>true</published>"
            "<state>published</state><startTime>1530718721124</startTime><playback>"
            f"<format><type>podcast</type><url>{self.url}/podcast/{one}/audio.ogg</url>"
            "<length>0</length></format>"
            f"<format><type>presentation</type><url>{self.url}/playback/{one}</url>"
            "<length>33</length></format></playback></recording>"
            for one in room.recordings
        )
        return good(f"<recordings>{rows}</recordings>")

    def _hook(self, args: dict[str, str]) -> Told:
        known = self.hooks.get(args["callbackURL"])
        self.hooks.setdefault(args["callbackURL"], args)
        warning = "<messageKey>duplicateWarning</messageKey>" if known else ""
        return good(f"<hookID>{len(self.hooks)}</hookID>{warning}")

    # ------------------------------------------------------------ what it sends by itself

    def event(
        self, callback: str, event: dict[str, Any], timestamp: int, algorithm: str = "sha1"
    ) -> tuple[str, bytes]:
        """(address with checksum, body) of a webhook, as bbb-webhooks sends it."""
        body = urlencode({"domain": "bbb.example", "event": f"[{json.dumps(event)}]",
                          "timestamp": timestamp})  # fmt: skip
        signed = hashlib.new(algorithm, f"{callback}{body}{self.secret}".encode()).hexdigest()
        return f"{callback}?checksum={signed}", body.encode()

    def bearer(self, expires: float) -> str:
        """The token of the analytics callback: it says when it expires, and nothing else."""
        return jwt.encode({"exp": int(expires)}, self.secret, algorithm="HS512")


def good(inner: str) -> Told:
    return Told(200, f"<response><returncode>SUCCESS</returncode>{inner}</response>",
                kind="text/xml")  # fmt: skip


def failed(key: str, message: str) -> Told:
    return Told(200, f"<response><returncode>FAILED</returncode><messageKey>{key}</messageKey>"
                f"<message>{message}</message></response>", kind="text/xml")  # fmt: skip
