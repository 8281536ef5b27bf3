"""`flask --app wsgi serve`: web server and job worker, started, watched and stopped together.

The application is loaded once, here, and every process is forked from this one: they share its
memory and need no start of their own. When one of them dies all stop with exit status 1, so that
whoever started us (systemd, a container engine) starts the whole anew. The choice of server is
recorded in docs/decisions/0001-server.md.
"""

from __future__ import annotations

import copy
import ctypes
import gc
import http.client
import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click
from flask import Flask, current_app
from werkzeug.routing import Map

from app import db, migrating
from app.veil import secret_places
from config import Settings

if TYPE_CHECKING:
    from granian.server import MPServer

THREADS = 4
BACKLOG = 1024
HEADER_BYTES = 64 * 1024
HEADER_MILLISECONDS = 10_000
GRACE_SECONDS = 20
LISTEN_SECONDS = 0.5
READY_SECONDS = 30
PR_SET_PDEATHSIG = 1


def init_app(app: Flask) -> None:
    app.cli.add_command(serve)


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=int, help="Port to listen on.  [default: CONFER_PORT]")
@click.option("--web-workers", type=click.IntRange(1, 64), help="[default: CONFER_WEB_WORKERS]")
@click.option("--worker/--no-worker", default=True, help="Run the job worker too.  [default: yes]")
@click.option("--migrate/--no-migrate", default=True, help="Migrate first.  [default: yes]")
@click.option("--access-log", is_flag=True, help="Write a line for every request.")
def serve(
    *,
    host: str,
    port: int | None,
    web_workers: int | None,
    worker: bool,
    migrate: bool,
    access_log: bool,
) -> None:
    """Serve the pages and do the jobs until told to stop (SIGTERM or Ctrl-C)."""
    settings: Settings = current_app.config["SETTINGS"]
    port = port or settings.port
    _refuse_taken_port(host, port)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    if migrate:
        with current_app.app_context():  # its end gives the connection back
            migrating.upgrade()
    _prepare_to_fork()
    web = _server(host, port, web_workers or settings.web_workers, access_log,
                  current_app.url_map)  # fmt: skip
    company = Company(web, worker=worker)
    announce = partial(_announce, settings, host, port, company)
    sys.exit(company.run(when_up=announce))


class Company:
    """The web server's processes and the job worker: they rise and fall together."""

    def __init__(self, web: MPServer, *, worker: bool) -> None:
        self.web = web
        self.worker: BaseProcess | None = None
        if worker:
            self.worker = multiprocessing.get_context().Process(target=_work, name="worker")
        self.is_stopping = threading.Event()
        self.has_failed = False
        web.on_shutdown(self._stop_worker)

    def run(self, *, when_up: Callable[[], None]) -> int:
        """Serve until a signal or a death ends it; answer the exit status."""
        if self.worker:
            self.worker.start()
            threading.Thread(target=self._watch_worker, daemon=True).start()
        threading.Thread(target=when_up, daemon=True).start()
        try:
            self.web.serve(target_loader=_application, wrap_loader=False)
        except SystemExit:  # how the server says that one of its processes died
            self.has_failed = True
        finally:
            self._stop_worker()
        return 1 if self.has_failed else 0

    def fail(self, reason: str) -> None:
        click.echo(f"{reason} Stopping.", err=True)
        self.has_failed = True
        os.kill(os.getpid(), signal.SIGTERM)

    def _watch_worker(self) -> None:
        assert self.worker
        self.worker.join()
        if not self.is_stopping.is_set():
            self.fail(f"The job worker ended with status {self.worker.exitcode}.")

    def _stop_worker(self) -> None:
        self.is_stopping.set()
        if self.worker and self.worker.is_alive():
            self.worker.terminate()
            self.worker.join(GRACE_SECONDS)
            self.worker.kill()


def _server(
    host: str, port: int, workers: int, access_log: bool, addresses: Map | None = None
) -> MPServer:
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.server import MPServer

    return MPServer(
        "wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADER_MILLISECONDS, max_buffer_size=HEADER_BYTES
        ),
        websockets=False,
        workers=workers,
        blocking_threads=THREADS,
        backlog=BACKLOG,
        workers_kill_timeout=GRACE_SECONDS,
        log_level=LogLevels.error,
        log_access=access_log,
        log_dictconfig=logging_of(addresses) if addresses else None,
    )


def logging_of(addresses: Map) -> dict[str, Any]:
    """The server's own logging, save that its access log hides the secrets in paths."""
    from granian.log import LOGGING_CONFIG

    config: dict[str, Any] = copy.deepcopy(LOGGING_CONFIG)
    config["filters"] = {"veil": {"()": "app.veil.Veil", "before": secret_places(addresses)}}
    config["loggers"]["granian.access"]["filters"] = ["veil"]
    return config


def _prepare_to_fork() -> None:
    """Leave nothing open that two processes must not share, and keep shared memory shared.

    A process forked while another thread imports something never gets at that module. One thread
    runs by then, the one that asks whether the pages answer: what it needs is imported first.
    """
    "localhost".encode("idna")
    db.db.session.close()
    for engine in db.db.engines.values():
        engine.dispose()
    if sys.platform == "linux":
        multiprocessing.set_start_method("fork", force=True)
    gc.collect()
    gc.freeze()


def _application() -> Any:
    """What a web process serves (in a fork, the application that is loaded already)."""
    from wsgi import app

    _depend_on_parent()
    _hear_signals()
    return app


def _work() -> None:
    from wsgi import app

    _depend_on_parent()
    with app.app_context():
        app.cli.commands["worker"].main(args=[], prog_name="flask worker")


def _depend_on_parent() -> None:
    """Let the parent pass on what the terminal says, and end with it even if it is killed.

    A forked process hears signals as its parent did until it has handlers of its own; one that
    came meanwhile would go unheard, so it ends the process instead.
    """
    os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        parent = multiprocessing.parent_process()
        if parent is not None and os.getppid() != parent.pid:
            os._exit(1)  # it died before we could ask to be told


def _hear_signals() -> None:
    """Wake the main thread now and then, so that it sees a signal which another thread received.

    Without this about one stop under load in ten goes unheard until the grace is over.
    """
    signal.signal(signal.SIGALRM, lambda _number, _frame: None)
    signal.setitimer(signal.ITIMER_REAL, LISTEN_SECONDS, LISTEN_SECONDS)


def _refuse_taken_port(host: str, port: int) -> None:
    """The server shares its port between processes, so it would not notice a stranger on it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"Cannot listen on {host} port {port}: {error.strerror}. "
                "Choose another with CONFER_PORT."
            ) from None


def _announce(settings: Settings, host: str, port: int, company: Company) -> None:
    """Once the pages answer, say where, and what to do first."""
    if not _answers("127.0.0.1" if host == "0.0.0.0" else host, port, settings, company):
        if not company.is_stopping.is_set():
            company.fail(f"No answer from /healthz within {READY_SECONDS} seconds.")
        return
    address = settings.public_url if port == settings.port else f"http://{host}:{port}"
    click.echo(f"\nConfer is ready: {address}   (data in {settings.var})")
    if not settings.demonstration:
        click.echo(
            "Make the first administrator: "
            ".venv/bin/flask --app wsgi accounts administrator you@example.org"
        )
    click.echo("Stop it with Ctrl-C.\n")


def _answers(host: str, port: int, settings: Settings, company: Company) -> bool:
    """Whether /healthz answers in time; asked every 20 ms."""
    public = urlsplit(settings.public_url).netloc
    late = time.monotonic() + READY_SECONDS
    while time.monotonic() < late:
        if company.is_stopping.wait(0.02):
            return False
        connection = http.client.HTTPConnection(host, port, timeout=READY_SECONDS / 4)
        try:
            connection.request("GET", "/healthz", headers={"Host": public})
            if connection.getresponse().status == 200:
                return True
        except OSError:
            continue
        finally:
            connection.close()
    return False
