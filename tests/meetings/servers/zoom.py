"""Zoom: server-to-server OAuth, meetings, webinars, registrants, reports, recordings."""

from __future__ import annotations

import base64
import re
import secrets
from typing import Any
from urllib.parse import unquote

from tests.meetings.servers import Asked, Server, Told

ACCOUNT, CLIENT, SECRET = "acc0unt", "cl1ent", "s3cret-of-the-app"
HOST = "host@society.example"


class ZoomServer(Server):
    """An account with one host; a token holds for as many calls as `token_lasts`."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens: dict[str, int] = {}
        self.token_lasts = 10_000
        self.expires_in = 3599
        self.meetings: dict[int, dict[str, Any]] = {}
        self.registrants: dict[int, dict[str, dict[str, str]]] = {}
        self.participants: dict[int, list[dict[str, Any]]] = {}
        self.recordings: dict[int, list[dict[str, Any]]] = {}
        self.page_size = 300
        self.page_tokens: dict[str, int] = {}
        self.loses_answers = 0

    @property
    def address(self) -> str:
        return f"{self.url}/v2"

    def answer(self, asked: Asked) -> Told:
        if asked.path == "/oauth/token":
            return self._token(asked)
        if not asked.path.startswith("/v2/"):
            return Told(404, {"code": 404, "message": "Not found"})
        if refused := self._refusal(asked):
            return refused
        path = asked.path.removeprefix("/v2")
        for pattern, answer in (
            (r"/users/([^/]+)", self._user),
            (r"/users/([^/]+)/(meetings|webinars)", self._of_user),
            (r"/(meetings|webinars)/(\d+)", self._meeting),
            (r"/(meetings|webinars)/(\d+)/status", self._status),
            (r"/(meetings|webinars)/(\d+)/registrants", self._registrants),
            (r"/meetings/(\d+)/recordings", self._recordings),
            (r"/report/(meetings|webinars)/(\d+)/participants", self._report),
        ):
            if found := re.fullmatch(pattern, path):
                return answer(asked, *found.groups())
        return Told(404, {"code": 404, "message": "Not found"})

    def _token(self, asked: Asked) -> Told:
        told = asked.headers.get("authorization", "").removeprefix("Basic ")
        if base64.b64decode(told).decode() != f"{CLIENT}:{SECRET}":
            return Told(401, {"reason": "Invalid client_id or client_secret",
                              "error": "invalid_client"})  # fmt: skip
        if asked.form != {"grant_type": "account_credentials", "account_id": ACCOUNT}:
            return Told(400, {"reason": "Bad request", "error": "invalid_request"})
        token = secrets.token_urlsafe(20)
        self.tokens[token] = self.token_lasts
        return Told(200, {"access_token": token, "token_type": "bearer",
                          "expires_in": self.expires_in})  # fmt: skip

    def _refusal(self, asked: Asked) -> Told | None:
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.tokens:
            return Told(401, {"code": 124, "message": "Invalid access token."})
        if not self.tokens[token]:
            return Told(401, {"code": 124, "message": "Access token is expired."})
        self.tokens[token] -= 1
        return None

    def _user(self, asked: Asked, host: str) -> Told:
        if unquote(host) not in {HOST, "me"}:
            return Told(404, {"code": 1001, "message": f"User does not exist: {unquote(host)}."})
        return Told(200, {"id": "KDcuGIm1QgePTO8WbOqwIQ", "email": HOST,
                          "display_name": "Society Office", "type": 2})  # fmt: skip

    def _of_user(self, asked: Asked, host: str, kind: str) -> Told:
        if unquote(host) not in {HOST, "me"}:
            return Told(404, {"code": 1001, "message": f"User does not exist: {unquote(host)}."})
        if asked.method == "GET":
            rows = [m for m in self.meetings.values() if m["kind"] == kind]
            return self._page(asked, kind, rows)
        facts = asked.json
        wanted = {"meetings": 2, "webinars": 5}[kind]
        if not facts.get("topic") or facts.get("type") != wanted:
            return Told(300, {"code": 300, "message": "Validation Failed."})
        number = 81_234_567_890 + len(self.meetings)
        self.meetings[number] = {
            **facts, "kind": kind, "id": number, "uuid": "4444AAAiAAAAAiAiAiiAii==",
            "join_url": f"{self.url}/j/{number}", "start_url": f"{self.url}/s/{number}?zak=z",
            "registration_url": f"{self.url}/meeting/register/{number}",
        }  # fmt: skip
        if self.loses_answers:
            self.loses_answers -= 1
            return Told(504, "<h1>Gateway timeout</h1>", kind="text/html")
        return Told(201, self.meetings[number])

    def _meeting(self, asked: Asked, kind: str, number: str) -> Told:
        known = self._known(kind, number)
        if known is None:
            return gone(number)
        if asked.method == "PATCH":
            known.update(asked.json)
            return Told(204)
        if asked.method == "DELETE":
            del self.meetings[int(number)]
            return Told(204)
        return Told(200, known)

    def _status(self, asked: Asked, kind: str, number: str) -> Told:
        known = self._known(kind, number)
        if known is None:
            return gone(number)
        if not known.get("is_on"):
            return Told(400, {"code": 3063, "message": "Can not end on-premise user's meeting."})
        known["is_on"] = False
        return Told(204)

    def _registrants(self, asked: Asked, kind: str, number: str) -> Told:
        if self._known(kind, number) is None:
            return gone(number)
        facts = asked.json
        if "@" not in facts.get("email", "") or not facts.get("first_name"):
            return Told(300, {"code": 300, "message": "Validation Failed.", "errors": [
                {"field": "email", "message": "Invalid field."}]})  # fmt: skip
        known = self.registrants.setdefault(int(number), {})
        one = known.setdefault(facts["email"], {
            "registrant_id": secrets.token_urlsafe(16),
            "join_url": f"{self.url}/w/{number}?tk={secrets.token_urlsafe(24)}",
        })  # fmt: skip
        return Told(201, {"id": int(number), "topic": "", **one})

    def _recordings(self, asked: Asked, number: str) -> Told:
        if int(number) not in self.recordings:
            return Told(404, {"code": 3301, "message": "This recording does not exist."})
        return Told(200, {"id": int(number), "recording_files": self.recordings[int(number)]})

    def _report(self, asked: Asked, kind: str, number: str) -> Told:
        if int(number) not in self.participants:
            return gone(number)
        rows = self.participants[int(number)]
        if asked.args.get("include_fields") != "registrant_id":
            rows = [{k: v for k, v in row.items() if k != "registrant_id"} for row in rows]
        return self._page(asked, "participants", rows)

    def _page(self, asked: Asked, name: str, rows: list[dict[str, Any]]) -> Told:
        told = asked.args.get("next_page_token", "")
        if told and told not in self.page_tokens:
            return Told(400, {"code": 300, "message": "The next page token is invalid or expired."})
        first = self.page_tokens.pop(told, 0)
        size = min(self.page_size, int(asked.args.get("page_size", 30)))
        following = ""
        if first + size < len(rows):
            following = secrets.token_urlsafe(12)
            self.page_tokens[following] = first + size
        found = {"page_size": size, "total_records": len(rows), "next_page_token": following}
        return Told(200, {**found, name: rows[first : first + size]})

    def _known(self, kind: str, number: str) -> dict[str, Any] | None:
        known = self.meetings.get(int(number))
        return known if known and known["kind"] == kind else None


def gone(number: str) -> Told:
    return Told(404, {"code": 3001, "message": f"Meeting does not exist: {number}."})
