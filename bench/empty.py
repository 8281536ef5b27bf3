"""The yardstick: a WSGI application that does nothing, served exactly as Confer is."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable, Iterable
from typing import Any

from app.serve import _server

BODY = b"ok"


def application(_environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(BODY)))])
    return [BODY]


def serve(port: int) -> None:
    multiprocessing.set_start_method("fork", force=True)
    server = _server("127.0.0.1", port, 2, False)
    server.serve(target_loader=lambda: application, wrap_loader=False)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
