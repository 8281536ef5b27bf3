"""A load generator in plain Python: prepared requests over a few kept connections."""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

_HEAD = re.compile(rb"HTTP/1\.1 (\d{3}).*?\r\ncontent-length: (\d+)\r\n", re.I | re.S)
PATIENCE = 30


@dataclass
class Knocked:
    """What came back: how often each status, and how long each answer took, in seconds."""

    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0


@dataclass
class _Door:
    """A connection with one request under way."""

    socket: socket.socket
    sent_at: float = 0.0
    received: bytes = b""


def get(port: int, path: str, cookie: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\n{_common(port, cookie)}\r\n".encode()


def post(port: int, path: str, body: str, cookie: str) -> bytes:
    head = f"POST {path} HTTP/1.1\r\n{_common(port, cookie)}"
    form = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
    return f"{head}{form}\r\n{body}".encode()


def _common(port: int, cookie: str) -> str:
    return f"Host: 127.0.0.1:{port}\r\n" + (f"Cookie: {cookie}\r\n" if cookie else "")


def knock(
    port: int, requests: Iterator[bytes], *, connections: int, seconds: float = float("inf")
) -> Knocked:
    """Send the requests, on each connection the next at each answer, until they or the time end."""
    knocked = Knocked()
    began = time.perf_counter()
    with selectors.DefaultSelector() as waiting:
        for _ in range(connections):
            door = _Door(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE))
            _next(waiting, door, requests, began + seconds)
        while waiting.get_map():
            ready = waiting.select(PATIENCE)
            if not ready:
                raise TimeoutError(f"no answer within {PATIENCE} seconds")
            for key, _events in ready:
                if _hear(key.data, knocked):
                    waiting.unregister(key.data.socket)
                    _next(waiting, key.data, requests, began + seconds)
    knocked.seconds = time.perf_counter() - began
    return knocked


def _next(
    waiting: selectors.BaseSelector, door: _Door, requests: Iterator[bytes], until: float
) -> None:
    request = next(requests, None) if time.perf_counter() < until else None
    if request is None:
        door.socket.close()
        return
    door.received, door.sent_at = b"", time.perf_counter()
    door.socket.sendall(request)
    waiting.register(door.socket, selectors.EVENT_READ, door)


def _hear(door: _Door, knocked: Knocked) -> bool:
    """Read what is there; True once the whole answer is."""
    part = door.socket.recv(65536)
    if not part:
        raise ConnectionError("the server closed the connection")
    door.received += part
    end = door.received.find(b"\r\n\r\n")
    head = _HEAD.match(door.received, 0, end + 2) if end >= 0 else None
    if head is None or len(door.received) < end + 4 + int(head[2]):
        return False
    knocked.statuses[int(head[1])] += 1
    knocked.latencies.append(time.perf_counter() - door.sent_at)
    return True
