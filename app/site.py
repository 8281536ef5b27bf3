"""The public address of this site, for what names itself by it: credentials, DIDs, status lists."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app


def address() -> str:
    """Where the public finds this site, such as https://confer.example; no slash at the end."""
    return str(current_app.config["SETTINGS"].public_url)


def host() -> str:
    """The host and port in it, as they stand there."""
    return urlsplit(address()).netloc
