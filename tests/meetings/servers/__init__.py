"""Meeting platforms on this machine, speaking the protocols that their makers publish.

Real HTTP servers in threads. Each keeps what was asked of it, and can be told to be busy, broken
or out of patience for so many answers.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def args(self) -> dict[str, str]:
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body or b"{}")


@dataclass
class Told:
    """What the server answers."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "application/json"

    @property
    def raw(self) -> bytes:
        if self.body is None:
            return b""
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


class Server:
    """A platform; `answer` says what it does with a request."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.instead: list[Told] = []
        """Answers to give first, whatever is asked."""
        self.lock = threading.RLock()
        self.url = ""

    def answer(self, asked: Asked) -> Told:
        raise NotImplementedError

    def handle(self, asked: Asked) -> Told:
        with self.lock:
            self.asked.append(asked)
            return self.instead.pop(0) if self.instead else self.answer(asked)

    def times(self, ending: str) -> int:
        """How often a path with this end was asked for."""
        return sum(asked.path.endswith(ending) for asked in self.asked)

    def is_busy(self, times: int, after: str) -> None:
        self.instead += [Told(429, {"code": 429, "message": "You have reached the maximum "
                                    "per-second rate limit for this API. Try again later."},
                              {"Retry-After": after})] * times  # fmt: skip

    def is_broken(self, times: int, status: int = 502) -> None:
        self.instead += [Told(status, "<h1>Bad gateway</h1>", kind="text/html")] * times

    @contextmanager
    def running(self) -> Iterator[Server]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _do(self) -> None:
                parts = urlsplit(self.path)
                length = int(self.headers.get("Content-Length") or 0)
                told = outer.handle(
                    Asked(self.command, parts.path, parts.query,
                          {k.lower(): v for k, v in self.headers.items()}, self.rfile.read(length))
                )  # fmt: skip
                raw = told.raw
                self.send_response(told.status)
                self.send_header("Content-Type", told.kind)
                self.send_header("Content-Length", str(len(raw)))
                for name, value in told.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(raw)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _do

            def log_message(self, format: str, *args: object) -> None:
                """Tests read `asked`; nobody reads a log."""

        httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        httpd.daemon_threads = True
        thread = threading.Thread(target=httpd.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        self.url = f"http://127.0.0.1:{httpd.server_address[1]}"
        try:
            yield self
        finally:
            httpd.shutdown()
            httpd.server_close()
            thread.join(5)
