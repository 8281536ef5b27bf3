"""Addresses of this site: how they are read, built and gone on to."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.routing import IntegerConverter, Map, MapAdapter, Rule

from app import db


class Key(IntegerConverter):
    """The key of a row, as far as a column holds one: beyond that there is nothing."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=db.LARGEST_KEY)


class Route(Rule):
    """A rule that learns to build its addresses when the first one is asked for.

    Werkzeug compiles two functions for each rule at once: a quarter of a second for hundreds.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiler, name = super()._compile_builder, "_build_unknown" if append_unknown else "_build"

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            compiled = compiler(append_unknown).__get__(rule, None)
            setattr(rule, name, compiled)
            built: tuple[str, str] = compiled(**values)
            return built

        return build


def external_url(endpoint: str, **values: Any) -> str:
    """An absolute address, always on the configured public address, never on the Host header."""
    public = current_app.config["SETTINGS"].public_url
    return f"{public}{_addresses(current_app.url_map).build(endpoint, values)}"


@lru_cache(maxsize=8)
def _addresses(addresses: Map) -> MapAdapter:
    """Paths of this site, whoever asks: neither the request nor its host takes part."""
    return addresses.bind("")


def safe_next(target: str | None, default: str) -> str:
    """A path on this site to go on to; anything else is replaced by the default."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return default
    if any(ord(c) < 33 or c in "\\\x7f" for c in target):
        return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc else target


def key_asked(name: str) -> int | None:
    """The key from which an address reads a list on; none when it names nothing that is one."""
    text = request.args.get(name, "")
    is_number = text.isascii() and text.isdigit() and len(text) < 16
    return min(int(text), db.LARGEST_KEY) if is_number else None
