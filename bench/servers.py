"""Processes that serve: Confer as `flask serve` starts it, and the empty application."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from bench.house import House
from config import ROOT

PATIENCE = 30


@dataclass(frozen=True)
class Served:
    """A server and where it listens."""

    port: int
    process: psutil.Process
    ready_after: float
    """Seconds from the start of the program to its first good answer."""

    @property
    def processes(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]

    @property
    def cpu_seconds(self) -> float:
        """Processor time of all its processes until now; other work hardly changes it."""
        return sum(t.user + t.system for t in (p.cpu_times() for p in self.processes))

    @property
    def web(self) -> list[psutil.Process]:
        """The children that answer requests: those that hold the port."""
        return [p for p in self.process.children() if self._listens(p)]

    def _listens(self, process: psutil.Process) -> bool:
        return any(
            c.status == psutil.CONN_LISTEN and c.laddr.port == self.port
            for c in process.net_connections("tcp")
        )


@contextmanager
def serve_confer(house: House) -> Iterator[Served]:
    port = free_port()
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--port", str(port)]
    environment = house.environment | {"CONFER_PORT": str(port)}
    with _served(command, environment, port, "/healthz") as served:
        yield served


@contextmanager
def serve_empty() -> Iterator[Served]:
    port = free_port()
    with _served([sys.executable, "-m", "bench.empty", str(port)], {}, port, "/") as served:
        yield served


@contextmanager
def _served(
    command: Sequence[str], environment: dict[str, str], port: int, path: str
) -> Iterator[Served]:
    began = time.perf_counter()
    process = subprocess.Popen(
        command, env=_own(environment), cwd=ROOT,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(process, port, path)
        ready_after = time.perf_counter() - began
        yield Served(port, psutil.Process(process.pid), ready_after)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _own(environment: dict[str, str]) -> dict[str, str]:
    """The surroundings without settings of another deployment; compiled modules are kept."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("CONFER_") and name != "PYTHONDONTWRITEBYTECODE"
    }
    return kept | environment


def _wait(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    """Ask every few milliseconds until the server gives a good answer."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with status {process.returncode}")
        if _answers(port, path):
            return
        time.sleep(0.005)
    raise RuntimeError(f"no answer from {path} within {PATIENCE} seconds")


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
