"""Calls to other people's servers: over TLS, to public addresses, with an end, and without a trace
of a secret.

The address of a server is given to us by people, so a call could be turned against our own network.
The name is resolved once, every address it has must be public, and the call goes to one of these;
redirections are not followed. `anywhere` lifts this for tests and the demonstration.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from app.clock import now
from app.texts import gettext as _

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

log = logging.getLogger("confer.calls")
logging.getLogger("urllib3").setLevel(logging.WARNING)  # its debug lines hold whole addresses

CONNECT_SECONDS, READ_SECONDS, LONGEST_SECONDS = 5.0, 15.0, 60.0
LARGEST_ANSWER = 16 * 1024 * 1024
TRIES = 3
PATIENCE = 3.0
"""Seconds that a call waits by itself when it is asked to come back; longer is for its caller."""
REPEATABLE = frozenset({"GET", "HEAD", "PUT", "DELETE", "PATCH"})
OVERLOADED = frozenset({429, 503})
BROKEN = frozenset({500, 502, 504})


class CallFailed(Exception):
    """A call that had no good answer, in words for whoever has to see to it.

    `is_lasting`: trying again later will not help. `after`: seconds to wait before it.
    """

    def __init__(self, says: str, *, is_lasting: bool = False, after: float | None = None) -> None:
        super().__init__(says)
        self.says, self.is_lasting, self.after = says, is_lasting, after


@dataclass(frozen=True)
class Answer:
    """What the other server said."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def json(self) -> dict[str, Any]:
        """The object it holds; an empty one when it holds none."""
        try:
            found = json.loads(self.body or b"{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


def call(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    body: Mapping[str, Any] | None = None,
    content: bytes | None = None,
    anywhere: bool = False,
    openly: bool = False,
    tries: int = TRIES,
) -> Answer:
    """Call and answer whatever the other server said, save that it is overloaded or broken.

    It is tried again when that cannot do anything twice: a POST only where it was turned away.
    `openly` lets it go without TLS: what comes back is signed itself, and nothing of it is secret.
    """
    full = f"{url}{'&' if '?' in url else '?'}{urlencode(query)}" if query else url
    sent = dict(headers or {}) | {"User-Agent": "Confer"}
    payload = content
    if form is not None:
        payload = urlencode(form).encode()
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    elif body is not None:
        payload, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
    for left in range(tries - 1, -1, -1):
        try:
            answer = _once(method, full, sent, payload, anywhere, openly)
        except CallFailed as failed:
            if not left or failed.is_lasting or method not in REPEATABLE:
                raise
            continue
        if answer.status in OVERLOADED:
            wait = retry_after(answer.headers.get("Retry-After"), now())
            if not left or wait > PATIENCE:
                raise CallFailed(_("The server is busy and asks us to come back later."),
                                 after=wait)  # fmt: skip
            time.sleep(wait)
        elif answer.status in BROKEN:
            if not left or method not in REPEATABLE:
                says = _("The server has a fault of its own (%(status)s).", status=answer.status)
                raise CallFailed(says)
        else:
            return answer
    raise AssertionError("the last try answers or raises")


def retry_after(told: str | None, at: datetime) -> float:
    """Seconds to wait: told as a number, as a date of HTTP, or as one of ISO (Zoom)."""
    told = (told or "").strip()
    if told.isascii() and told.isdigit():
        return min(float(told), 86400.0)
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            until = read(told)
        except ValueError:
            continue
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return min(max(0.0, (until - at).total_seconds()), 86400.0)
    return 1.0


def check_address(url: str, *, anywhere: bool = False) -> str:
    """What is wrong with an address that people entered, in words; nothing when it is good."""
    try:
        _where(url, anywhere)
    except CallFailed as failed:
        return failed.says
    return ""


def _where(url: str, anywhere: bool, openly: bool = False) -> tuple[str, str, int, str]:
    """(scheme, host, port, network address) of a call, or the reason why it is not made."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise CallFailed(_("This is not an address."), is_lasting=True) from None
    if parts.scheme != "https" and not ((anywhere or openly) and parts.scheme == "http"):
        raise CallFailed(_("The address must begin with https://."), is_lasting=True)
    if not host or parts.username or parts.password or parts.fragment:
        raise CallFailed(_("This is not the address of a server."), is_lasting=True)
    port = port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise CallFailed(_("There is no server of the name %(host)s.", host=host)) from None
    addresses = [str(entry[4][0]) for entry in found]
    if not anywhere and not all(is_public(address) for address in addresses):
        raise CallFailed(
            _("%(host)s lies in a private network; only public servers are called.", host=host),
            is_lasting=True,
        )
    return parts.scheme, host, port, addresses[0]


def is_public(address: str) -> bool:
    """Whether a network address belongs to the public internet."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        for inner in (ip.ipv4_mapped, ip.sixtofour, ip.teredo and ip.teredo[1]):
            if inner:
                return is_public(str(inner))
        if ip in ipaddress.ip_network("64:ff9b::/96"):  # an IPv4 address behind a translator
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and not ip.is_multicast


def _once(
    method: str,
    url: str,
    headers: dict[str, str],
    payload: bytes | None,
    anywhere: bool,
    openly: bool,
) -> Answer:
    from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
    from urllib3.exceptions import HTTPError, NewConnectionError, SSLError, TimeoutError

    scheme, host, port, address = _where(url, anywhere, openly)
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    timeout = Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
    shared: dict[str, Any] = {"timeout": timeout, "maxsize": 1, "retries": False}
    pool: HTTPConnectionPool = (
        HTTPSConnectionPool(
            address,
            port,
            server_hostname=host,
            assert_hostname=host,
            cert_reqs="CERT_REQUIRED",
            **shared,
        )
        if scheme == "https"
        else HTTPConnectionPool(address, port, **shared)
    )
    started = time.monotonic()
    status = "failed"
    try:
        with pool:
            response = pool.urlopen(
                method, target, body=payload, headers=headers | {"Host": _named(host, port)},
                redirect=False, preload_content=False, retries=False,
            )  # fmt: skip
            answer = _read(response, host)
        status = str(answer.status)
        return answer
    except SSLError:
        told = _("%(host)s has no certificate that we trust.", host=host)
        raise CallFailed(told, is_lasting=True) from None
    except NewConnectionError:
        raise CallFailed(_("%(host)s does not answer.", host=host)) from None
    except TimeoutError:
        raise CallFailed(_("%(host)s took too long to answer.", host=host)) from None
    except (HTTPError, OSError):
        raise CallFailed(_("The connection to %(host)s broke off.", host=host)) from None
    finally:
        log.info("%s %s %s, %.0f ms", method, host, status, (time.monotonic() - started) * 1000)


def _named(host: str, port: int) -> str:
    name = f"[{host}]" if ":" in host else host
    return name if port in {80, 443} else f"{name}:{port}"


def _read(response: BaseHTTPResponse, host: str) -> Answer:
    if 300 <= response.status < 400:
        told = _("%(host)s sends us to another address. Enter that one instead.", host=host)
        raise CallFailed(told, is_lasting=True)
    body, give_up_at = bytearray(), time.monotonic() + LONGEST_SECONDS
    while piece := response.read1(65536):
        body += piece
        if len(body) > LARGEST_ANSWER:
            raise CallFailed(_("%(host)s answered with too much.", host=host), is_lasting=True)
        if time.monotonic() > give_up_at:
            raise CallFailed(_("%(host)s took too long to answer.", host=host))
    return Answer(response.status, response.headers, bytes(body))
