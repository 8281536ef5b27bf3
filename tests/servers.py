"""Real servers for the tests: PostgreSQL, Redis and SMTP, thrown away when the run is over.

PostgreSQL and Redis start when a test first asks for them, once for all processes of a run, and
stop with it. Each process of the run has databases of its own. `CONFER_TEST_POSTGRESQL_URL` and
`CONFER_TEST_REDIS_URL` name servers that are there already.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from threading import Condition
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import redis
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from psycopg import sql

SHARED = pytest.StashKey[Path]()
POSTGRESQL_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
)
REDIS_PROGRAMS = ("redis-server", "valkey-server")
REDIS_DATABASES = 64


class NotInstalled(Exception):
    """A server's program is not on this machine; the message says how to get it."""


# ------------------------------------------------------------------ PostgreSQL


@dataclass(frozen=True)
class PostgreSQL:
    """A server on which this process of the run makes and drops databases."""

    url: str
    folder: Path
    process: str

    def database(self, name: str, *, template: str = "template0") -> str:
        """A database made anew, empty or copied from a template; answers its address."""
        self.drop(name)
        self._administer("CREATE DATABASE {} TEMPLATE {}", f"{name}_{self.process}", template)
        return self.address(f"{name}_{self.process}")

    def drop(self, name: str) -> None:
        self._administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", f"{name}_{self.process}")

    def template(self, name: str, prepare: Callable[[str], None]) -> str:
        """A database prepared once in the whole run (migrated, say), to copy from."""
        with _locked(self.folder / f"{name}.lock") as done:
            if not done.exists():
                self._administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
                self._administer("CREATE DATABASE {} TEMPLATE {}", name, "template0")
                prepare(self.address(name))
                done.touch()
        return name

    def address(self, database: str) -> str:
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{database}"))

    def _administer(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def start_postgresql(folder: Path) -> str:
    """Start a server without fsync, its data in the folder; answer its address."""
    programs = _postgresql_programs()
    data = folder / "postgresql"
    data.mkdir()
    identity: dict[str, Any] = {}
    if user := _unprivileged_user():
        folder.chmod(0o711)
        shutil.chown(data, user)
        identity = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}

    def run(*command: str) -> None:
        log = folder / "postgresql.log"
        with log.open("a") as output:
            done = subprocess.run(
                command, check=False, timeout=120, cwd=data, **identity,
                stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{log.read_text()[-2000:]}")

    port = free_port()
    run(
        f"{programs}/initdb", "--pgdata", str(data), "--username=confer", "--auth=trust",
        "--encoding=UTF8", "--locale=C", "--no-sync",
    )  # fmt: skip
    options = {
        "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "",
        "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off",
        "max_connections": 200, "shared_buffers": "64MB", "timezone": "UTC",
    }  # fmt: skip
    with (data / "postgresql.auto.conf").open("a") as settings:
        settings.writelines(f"{name} = '{value}'\n" for name, value in options.items())
    log = str(data / "server.log")
    run(f"{programs}/pg_ctl", "start", "--wait", "--pgdata", str(data), "--log", log)
    return f"postgresql://confer@127.0.0.1:{port}/postgres"


def stop_postgresql(folder: Path) -> None:
    programs = _postgresql_programs()
    subprocess.run(
        [f"{programs}/pg_ctl", "stop", "--mode=immediate", "--pgdata", folder / "postgresql"],
        stdout=subprocess.DEVNULL, cwd=folder / "postgresql", user=_unprivileged_user(),
        check=True, timeout=60,
    )  # fmt: skip


def _postgresql_programs() -> Path:
    folders = [path for pattern in POSTGRESQL_FOLDERS for path in Path("/").glob(pattern[1:])]
    on_path = shutil.which("initdb")
    folders += [Path(on_path).parent] if on_path else []
    if not folders:
        raise NotInstalled("PostgreSQL is not installed: apt install postgresql")
    return max(folders, key=lambda folder: [int(n) for n in _numbers(folder)])


def _numbers(path: Path) -> list[str]:
    return "".join(c if c.isdigit() else " " for c in str(path)).split()


def _unprivileged_user() -> str | None:
    """PostgreSQL will not run as root: whom to run it as instead."""
    if os.geteuid() != 0:
        return None
    users = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in users else "nobody"


# ------------------------------------------------------------------ Redis


def start_redis(folder: Path) -> str:
    """Start a server that keeps nothing on disk; answer its address."""
    program = next(filter(None, map(shutil.which, REDIS_PROGRAMS)), None)
    if not program:
        raise NotInstalled("Redis is not installed: apt install redis-server")
    port = free_port()
    log = folder / "redis.log"
    subprocess.run(
        [
            program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
            "--databases", str(REDIS_DATABASES), "--daemonize", "yes", "--dir", str(folder),
            "--logfile", str(log),
        ],
        check=True, stdout=subprocess.DEVNULL, start_new_session=True, timeout=60,
    )  # fmt: skip
    url = f"redis://127.0.0.1:{port}"
    retry = redis.retry.Retry(redis.backoff.ConstantBackoff(0.05), 200)
    with redis.Redis.from_url(url, retry=retry, retry_on_error=[redis.ConnectionError]) as client:
        client.ping()
    return url


def stop_redis(url: str) -> None:
    with redis.Redis.from_url(url) as client:
        client.shutdown(nosave=True)


# ------------------------------------------------------------------ SMTP


@dataclass(frozen=True)
class Delivery:
    """A message as it arrived, with the envelope it came in."""

    sender: str
    recipients: list[str]
    message: EmailMessage


@dataclass
class PostOffice:
    """A real SMTP server on loopback that keeps what it is given."""

    url: str = ""
    deliveries: list[Delivery] = field(default_factory=list)
    refusal: str | None = None
    """What to answer instead of accepting, such as "451 try later"."""
    arrivals: Condition = field(default_factory=Condition, repr=False)

    @property
    def messages(self) -> list[EmailMessage]:
        return [delivery.message for delivery in self.deliveries]

    def to(self, address: str) -> list[EmailMessage]:
        return [one.message for one in self.deliveries if address in one.recipients]

    def wait_for(self, address: str, pattern: str, *, within: float = 60) -> str:
        """What a pattern finds in a letter to an address that has come or comes within a while."""

        def found() -> str | None:
            letters = [m.get_body(("plain",)) for m in self.to(address)]
            texts = [letter.get_content() for letter in letters if letter is not None]
            return next((m.group() for t in reversed(texts) if (m := re.search(pattern, t))), None)

        with self.arrivals:
            what = self.arrivals.wait_for(found, within)
        assert what, f"no letter to {address} holds {pattern}"
        return what

    def clear(self) -> None:
        self.deliveries.clear()
        self.refusal = None

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.refusal:
            return self.refusal
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, EmailMessage, policy=policy.default)
        with self.arrivals:
            self.deliveries.append(Delivery(envelope.mail_from or "", envelope.rcpt_tos, message))
            self.arrivals.notify_all()
        return "250 kept"


# ------------------------------------------------------------------ fixtures


@pytest.fixture(scope="session")
def postgresql(pytestconfig: pytest.Config) -> PostgreSQL:
    """The run's PostgreSQL."""
    url = os.environ.get("CONFER_TEST_POSTGRESQL_URL") or _once(
        pytestconfig, "postgresql", start_postgresql
    )
    return PostgreSQL(url, pytestconfig.stash[SHARED], _process(pytestconfig))


@pytest.fixture(scope="session")
def postgresql_url(postgresql: PostgreSQL) -> Iterator[str]:
    """An empty PostgreSQL database of this process's own."""
    yield postgresql.database("confer")
    postgresql.drop("confer")


@pytest.fixture(scope="session")
def redis_url(pytestconfig: pytest.Config) -> str:
    """An empty Redis database of this process's own."""
    url = os.environ.get("CONFER_TEST_REDIS_URL") or _once(pytestconfig, "redis", start_redis)
    number = int("".join(_numbers(Path(_process(pytestconfig)))) or 0) % REDIS_DATABASES
    with redis.Redis.from_url(f"{url}/{number}") as client:
        client.flushdb()
    return f"{url}/{number}"


@pytest.fixture(scope="session")
def post_office() -> Iterator[PostOffice]:
    office = PostOffice()
    controller = Controller(office, hostname="127.0.0.1", port=free_port(), decode_data=False)
    controller.start()
    office.url = f"smtp://127.0.0.1:{controller.port}"
    yield office
    controller.stop()


@pytest.fixture
def smtp(post_office: PostOffice) -> PostOffice:
    """The SMTP server, with nothing in it yet."""
    post_office.clear()
    return post_office


# ------------------------------------------------------------------ once for a run


def pytest_configure(config: pytest.Config) -> None:
    given: dict[str, Any] | None = getattr(config, "workerinput", None)
    shared = given["servers"] if given else tempfile.mkdtemp(prefix="confer-tests-")
    config.stash[SHARED] = Path(shared)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each process of a distributed run where the others share things."""
    node.workerinput["servers"] = str(node.config.stash[SHARED])


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput") or SHARED not in config.stash:
        return
    shared = config.stash[SHARED]
    if (shared / "redis.url").exists():
        stop_redis((shared / "redis.url").read_text())
    if (shared / "postgresql.url").exists():
        stop_postgresql(shared)
    shutil.rmtree(shared, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _once(config: pytest.Config, name: str, start: Callable[[Path], str]) -> str:
    """Start a server for the whole run, or find the one another process has started."""
    shared = config.stash[SHARED]
    address = shared / f"{name}.url"
    with _locked(shared / f"{name}.lock"):
        if not address.exists():
            try:
                address.write_text(start(shared))
            except NotInstalled as missing:
                pytest.skip(str(missing))
    return address.read_text()


@contextmanager
def _locked(path: Path) -> Iterator[Path]:
    """Hold a lock between processes; gives the path of a mark that says what was done under it."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield path.with_suffix(".done")


def _process(config: pytest.Config) -> str:
    given: dict[str, Any] | None = getattr(config, "workerinput", None)
    return str(given["workerid"]) if given else "gw0"
