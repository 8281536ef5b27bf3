"""A time-stamp authority that answers over HTTP, and can be told to misbehave."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from app.clock import now
from app.sealing import authority, cms


@dataclass
class TimeServer:
    """Stamps by a signer of the tests; `spoils` changes an answer before it is sent."""

    signer: cms.Signs
    asked: int = 0
    status: int = 200
    spoils: list = field(default_factory=list)
    url: str = ""

    def answer(self, request: bytes) -> bytes:
        self.asked += 1
        made = authority.Authority(self.signer, now).answer(request)
        for spoil in self.spoils:
            made = spoil(made)
        return made

    @contextmanager
    def running(self) -> Iterator[TimeServer]:
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = self.rfile.read(int(self.headers["Content-Length"]))
                is_query = self.headers["Content-Type"] == "application/timestamp-query"
                body = served.answer(request)
                self.send_response(served.status if is_query else 415)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_words: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_address[1]}/stamp"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
