"""Settings of a deployment: one frozen dataclass, read from the environment, nowhere else.

Every missing or wrong setting is named at once, in one message (`Misconfigured`).
The meaning of each is documented in docs/operations.md.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent
T = TypeVar("T")
SEAL_LEVELS = ("B-B", "B-T", "B-LTA")


class Misconfigured(Exception):
    """One or more settings are missing or wrong; the message names all of them."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What differs between deployments. Sizes are bytes, times are seconds."""

    var: Path
    database_url: str
    jobs_url: str
    files_url: str
    smtp_url: str | None
    mail_from: str
    public_url: str
    secret_key: str = field(repr=False)
    port: int
    trusted_proxies: int
    debug: bool = False
    testing: bool = False
    web_workers: int = 2
    job_threads: int = 2
    upload_limit: int = 8 * 1024 * 1024
    demonstration: bool = False
    seal_keys: tuple[str, ...] = field(default=(), repr=False)
    """Seal credentials at rest: the first one seals, all of them open."""
    pkcs11_library: str | None = None
    pkcs11_pins: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Tokens that hold signing keys: the label of each, and the PIN that opens it."""
    calls_anywhere: bool = False
    """Whether the servers that are called may lie in a private network and answer without TLS."""
    timestamp_urls: tuple[str, ...] = ()
    """Time-stamp authorities (RFC 3161) in the order in which they are asked; "local" is ours."""
    timestamp_roots: Path | None = None
    """A PEM file: the authorities whose time stamps are believed; else whoever TLS vouches for."""
    seal_level: str = "B-B"
    """PAdES level of finished diplomas: B-B, B-T or B-LTA."""

    @property
    def is_secure(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def hosts(self) -> list[str]:
        """The host names this deployment answers to; any other is refused."""
        host = urlsplit(self.public_url).hostname or "localhost"
        return ["127.0.0.1", "localhost", "[::1]"] if _is_loopback(host) else [host]


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; raise `Misconfigured` with every fault in one message."""
    read = _Reader(os.environ if environ is None else environ)
    var = Path(read.text("CONFER_VAR", str(ROOT / "var"))).expanduser().resolve()
    port = read.number("CONFER_PORT", 8000, 1, 65535)
    public_url = read.checked(
        "CONFER_PUBLIC_URL", f"http://127.0.0.1:{port}", _public_url, "http(s)://host[:port]"
    )
    settings = Settings(
        var=var,
        port=port,
        public_url=public_url,
        database_url=read.checked(
            "CONFER_DATABASE_URL",
            f"sqlite:///{var / 'confer.db'}",
            _database_url,
            "sqlite:///path or postgresql://user@host/name",
        ),
        jobs_url=read.checked(
            "CONFER_JOBS_URL",
            f"sqlite:///{var / 'jobs.db'}",
            _jobs_url,
            "sqlite:///path, redis://host:port/n or postgresql://user@host/name",
        ),
        files_url=read.checked(
            "CONFER_FILES_URL",
            str(var / "files"),
            _files_url,
            "a folder, or an fsspec URL such as s3://bucket/prefix",
        ),
        smtp_url=read.checked(
            "CONFER_SMTP_URL", "", _smtp_url, "smtp://[user:password@]host[:port] or smtps://…"
        )
        or None,
        mail_from=read.checked(
            "CONFER_MAIL_FROM", _default_sender(public_url), _sender, "name@host"
        ),
        secret_key=read.checked(
            "CONFER_SECRET_KEY", "", _secret, "at least 32 characters, not a sample"
        ),
        trusted_proxies=read.number("CONFER_TRUSTED_PROXIES", 0, 0, 5),
        web_workers=read.number("CONFER_WEB_WORKERS", 2, 1, 64),
        job_threads=read.number("CONFER_JOB_THREADS", 2, 1, 32),
        debug=read.flag("CONFER_DEBUG"),
        demonstration=read.flag("CONFER_DEMONSTRATION"),
        seal_keys=tuple(
            read.checked(
                "CONFER_SEAL_KEY",
                "",
                lambda raw: all(_secret(key) for key in raw.split()),
                "keys of at least 32 random characters, the newest first, with spaces between",
            ).split()
        ),
        pkcs11_library=read.checked(
            "CONFER_PKCS11_LIBRARY", "", lambda raw: Path(raw).is_file(), "the path of a library"
        )
        or None,
        pkcs11_pins=_pins(
            read.checked(
                "CONFER_PKCS11_PINS",
                "",
                lambda raw: all(all(pin) for pin in _pins(raw)),
                "label=PIN for each token, with spaces between",
            )
        ),
        calls_anywhere=read.flag("CONFER_CALLS_ANYWHERE"),
        **_time_stamps(read),
    )
    read.finish()
    return settings if settings.secret_key else _with_own_secret(settings)


def _time_stamps(read: _Reader) -> dict[str, Any]:
    """Where they come from, who is believed, and how much of it a diploma carries."""
    default = "local" if read.flag("CONFER_DEMONSTRATION") else ""
    urls = tuple(
        read.checked(
            "CONFER_TIMESTAMP_URL",
            default,
            lambda raw: all(_timestamp_url(url) for url in raw.split()),
            "http(s)://host/path of RFC 3161 authorities with spaces between, or: local",
        ).split()
    )
    roots = read.checked(
        "CONFER_TIMESTAMP_ROOTS",
        "",
        lambda raw: Path(raw).is_file(),
        "a file of certificates (PEM)",
    )
    level = read.checked(
        "CONFER_SEAL_LEVEL",
        "B-T" if urls else "B-B",
        lambda raw: raw in SEAL_LEVELS,
        ", ".join(SEAL_LEVELS),
    )
    if level != "B-B" and not urls:
        read.faults.append(f"CONFER_SEAL_LEVEL {level} needs CONFER_TIMESTAMP_URL")
    if not roots and any(url.startswith("http://") for url in urls):
        read.faults.append("CONFER_TIMESTAMP_URL without https needs CONFER_TIMESTAMP_ROOTS")
    return {
        "timestamp_urls": urls,
        "timestamp_roots": Path(roots) if roots else None,
        "seal_level": level,
    }


class _Reader:
    """Reads settings and gathers what is wrong with them, to tell it all at once."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.faults: list[str] = []

    def text(self, name: str, default: str) -> str:
        return self.environ.get(name, "").strip() or default

    def number(self, name: str, default: int, least: int, most: int) -> int:
        raw = self.text(name, str(default))
        if raw.isascii() and raw.isdigit() and least <= int(raw) <= most:
            return int(raw)
        self.faults.append(f"{name} is {raw!r}; it takes a whole number from {least} to {most}")
        return default

    def flag(self, name: str) -> bool:
        raw = self.text(name, "0").lower()
        if raw not in {"0", "1", "true", "false", "yes", "no"}:
            self.faults.append(f"{name} is {raw!r}; it takes 1 or 0")
        return raw in {"1", "true", "yes"}

    def checked(self, name: str, default: str, check: Callable[[str], bool], form: str) -> str:
        raw = self.text(name, default)
        if raw and not _holds(check, raw):
            hidden = name in _UNSPOKEN or "@" in raw
            shown = "set, but not usable" if hidden else repr(raw)
            self.faults.append(f"{name} is {shown}; it takes {form}")
            return default
        return raw.rstrip("/") if name == "CONFER_PUBLIC_URL" else raw

    def finish(self) -> None:
        known = _NAMES | {f"CONFER_TEST_{name}" for name in _OF_TESTS}
        self.faults += [
            f"{name} is not a setting of Confer"
            for name in sorted(self.environ)
            if name.startswith("CONFER_") and name not in known
        ]
        if self.faults:
            raise Misconfigured("Confer cannot start:\n  - " + "\n  - ".join(self.faults))


_OF_TESTS = ("ALL", "WHOLE", "POSTGRESQL_URL", "REDIS_URL")
_NAMES = {
    "CONFER_VAR", "CONFER_DATABASE_URL", "CONFER_JOBS_URL", "CONFER_FILES_URL", "CONFER_SMTP_URL",
    "CONFER_MAIL_FROM", "CONFER_PUBLIC_URL", "CONFER_SECRET_KEY", "CONFER_PORT",
    "CONFER_TRUSTED_PROXIES", "CONFER_WEB_WORKERS", "CONFER_JOB_THREADS", "CONFER_DEBUG",
    "CONFER_DEMONSTRATION", "CONFER_SEAL_KEY", "CONFER_CALLS_ANYWHERE",
    "CONFER_TIMESTAMP_URL", "CONFER_TIMESTAMP_ROOTS", "CONFER_SEAL_LEVEL",
    "CONFER_PKCS11_LIBRARY", "CONFER_PKCS11_PINS",
}  # fmt: skip
_UNSPOKEN = {"CONFER_SECRET_KEY", "CONFER_SEAL_KEY", "CONFER_PKCS11_PINS"}


def _with_own_secret(settings: Settings) -> Settings:
    """The embedded default makes its own secret once and keeps it in the data folder."""
    from dataclasses import replace

    settings.var.mkdir(parents=True, exist_ok=True)
    path = settings.var / "secret-key"
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return replace(settings, secret_key=path.read_text().strip())


def _holds(check: Callable[[str], bool], raw: str) -> bool:
    """Whether a value passes; an address that cannot even be taken apart does not."""
    try:
        return check(raw)
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    return host in {"localhost", "127.0.0.1", "::1"}


def _public_url(url: str) -> bool:
    parts = urlsplit(url)
    named = bool(parts.hostname) and parts.port != 0  # asking for the port checks that it is one
    return parts.scheme in {"http", "https"} and named and parts.path in {"", "/"}


def _database_url(url: str) -> bool:
    return url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://"))


def _jobs_url(url: str) -> bool:
    return url.startswith(("sqlite:///", "redis://", "rediss://", "postgresql://"))


def _files_url(url: str) -> bool:
    return "://" not in url or url.split("://", 1)[0] in {"file", "s3", "gs", "az", "memory"}


def _timestamp_url(url: str) -> bool:
    parts = urlsplit(url)
    reached = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    return url == "local" or reached


def _smtp_url(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and parts.port != 0


def _sender(address: str) -> bool:
    return address.count("@") == 1 and not any(c.isspace() for c in address)


def _default_sender(public_url: str) -> str:
    return f"confer@{urlsplit(public_url).hostname or 'localhost'}"


def _pins(raw: str) -> tuple[tuple[str, str], ...]:
    """Labels of tokens and their PINs; either may write a space or an equals sign as %20, %3D."""
    pairs = (one.partition("=") for one in raw.split())
    return tuple((unquote(label), unquote(pin)) for label, _equals, pin in pairs)


def _secret(value: str) -> bool:
    return len(value) >= 32 and len(set(value)) >= 10
