"""Microsoft Graph: client credentials, online meetings of one organiser, attendance reports."""

from __future__ import annotations

import re
import secrets
from typing import Any
from urllib.parse import unquote

from tests.meetings.servers import Asked, Server, Told

TENANT, CLIENT, SECRET = "72f988bf-0000", "app-0001", "s3cret~of.the-app"
ORGANISER = "dc17674c-81d9-4adb-bfb2-8f6a442e4622"


class TeamsServer(Server):
    def __init__(self) -> None:
        super().__init__()
        self.tokens: set[str] = set()
        self.meetings: dict[str, dict[str, Any]] = {}
        self.reports: dict[str, dict[str, list[dict[str, Any]]]] = {}
        self.page_size = 100
        self.elsewhere = ""
        self.has_policy = True

    @property
    def address(self) -> str:
        return f"{self.url}/v1.0"

    def answer(self, asked: Asked) -> Told:
        if asked.path == f"/{TENANT}/oauth2/v2.0/token":
            return self._token(asked)
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return error(401, "InvalidAuthenticationToken", "Lifetime validation failed.")
        base = f"/v1.0/users/{ORGANISER}/onlineMeetings"
        if not asked.path.startswith(base):
            return error(404, "General", "User not found.")
        if not self.has_policy:
            return error(403, "Forbidden", "No application access policy found for this app.")
        path = unquote(asked.path.removeprefix(base))
        for pattern, answer in (
            (r"", self._list),
            (r"/createOrGet", self._create),
            (r"/([^/]+)", self._meeting),
            (r"/([^/]+)/attendanceReports", self._reports),
            (r"/([^/]+)/attendanceReports/([^/]+)/attendanceRecords", self._records),
        ):
            if found := re.fullmatch(pattern, path):
                return answer(asked, *found.groups())
        return error(404, "General", "Not found.")

    def _token(self, asked: Asked) -> Told:
        form = asked.form
        if form.get("client_id") != CLIENT or form.get("client_secret") != SECRET:
            return Told(401, {"error": "invalid_client", "error_description": "AADSTS7000215"})
        if form.get("grant_type") != "client_credentials" or not form.get("scope", "").endswith(
            "/.default"
        ):
            return Told(400, {"error": "invalid_request", "error_description": "AADSTS70011"})
        token = secrets.token_urlsafe(20)
        self.tokens.add(token)
        return Told(200, {"token_type": "Bearer", "expires_in": 3599, "access_token": token})

    def _list(self, asked: Asked) -> Told:
        if "$filter" not in asked.args:
            return error(400, "General", "Filter expression expected - /onlineMeetings?$filter=")
        return Told(200, {"value": []})

    def _create(self, asked: Asked) -> Told:
        facts = asked.json
        if not facts.get("externalId"):
            return error(400, "General", "externalId is required.")
        for known in self.meetings.values():
            if known["externalId"] == facts["externalId"]:
                return Told(200, known)
        key = "MSpkYzE3Njc0Yy0" + secrets.token_urlsafe(12)
        made = {**facts, "id": key, "joinWebUrl": f"{self.url}/l/meetup-join/{key}"}
        self.meetings[key] = made
        return Told(201, made)

    def _meeting(self, asked: Asked, key: str) -> Told:
        if key not in self.meetings:
            return error(404, "General", "Meeting not found.")
        if asked.method == "DELETE":
            del self.meetings[key]
            return Told(204)
        if asked.method == "PATCH":
            self.meetings[key].update(asked.json)
        return Told(200, self.meetings[key])

    def _reports(self, asked: Asked, key: str) -> Told:
        if key not in self.meetings:
            return error(404, "General", "Meeting not found.")
        reports = [{"id": one, "attendanceRecords": []} for one in self.reports.get(key, {})]
        return self._page(asked, reports)

    def _records(self, asked: Asked, key: str, report: str) -> Told:
        return self._page(asked, self.reports[key][report])

    def _page(self, asked: Asked, rows: list[dict[str, Any]]) -> Told:
        first = int(asked.args.get("$skiptoken", 0))
        found: dict[str, Any] = {"value": rows[first : first + self.page_size]}
        if first + self.page_size < len(rows):
            base = self.elsewhere or self.url
            found["@odata.nextLink"] = f"{base}{asked.path}?$skiptoken={first + self.page_size}"
        return Told(200, found)


def error(status: int, code: str, message: str) -> Told:
    return Told(status, {"error": {"code": code, "message": message}})
