"""Our own files for the browser: addressed by content, made small, cached for ever."""

from __future__ import annotations

import hashlib
import io
import mimetypes
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, abort, current_app, send_file
from rjsmin import jsmin
from werkzeug.wrappers import Response

from app.access import Audience, open_to

STATIC = Path(__file__).parent / "static"
blueprint = Blueprint("assets", __name__)
mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("text/javascript", ".js")
COMMENT = re.compile(r"/\*.*?\*/", re.S)
BESIDE_SIGNS = re.compile(r" ?([{};,]) ?")


def cssmin(style: str) -> str:
    """A style sheet without comments and needless space; what stands between selectors stays."""
    return BESIDE_SIGNS.sub(r"\1", " ".join(COMMENT.sub("", style).split()))


SMALLER: dict[str, Callable[[str], str]] = {".css": cssmin, ".js": jsmin}


@lru_cache(maxsize=512)
def _digest(path: str, _modified: int) -> str:
    return hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:16]


def asset(path: str) -> str:
    """The address of one of our files; it changes when the file does.

    Style sheets name their fonts relatively, so the whole folder shares one digest of the tree.
    """
    return f"/static/{tree_digest()}/{path}"


def tree_digest() -> str:
    if current_app.debug or "tree" not in current_app.extensions["assets"]:
        parts = sorted(p for p in STATIC.rglob("*") if p.is_file())
        joined = "".join(
            f"{p.relative_to(STATIC)}{_digest(str(p.relative_to(STATIC)), p.stat().st_mtime_ns)}"
            for p in parts
        )
        digest = hashlib.sha256(joined.encode()).hexdigest()[:16]
        current_app.extensions["assets"]["tree"] = digest
    return str(current_app.extensions["assets"]["tree"])


@lru_cache(maxsize=64)
def small(path: Path, _modified: int) -> bytes:
    """A style sheet or script without what only its authors read."""
    return SMALLER[path.suffix](path.read_text()).encode()


@blueprint.get("/static/<digest>/<path:path>")
@open_to(Audience.EVERYONE)
def serve(digest: str, path: str) -> Response:
    file = (STATIC / path).resolve()
    if not file.is_relative_to(STATIC) or not file.is_file():
        abort(404)
    age = 31_536_000 if digest == tree_digest() else 60
    if file.suffix in SMALLER:
        content = small(file, file.stat().st_mtime_ns)
        etag = hashlib.sha256(content).hexdigest()[:16]
        name = file.name
        response = send_file(io.BytesIO(content), download_name=name, max_age=age, etag=etag)
    else:
        response = send_file(file, max_age=age)
    response.cache_control.public = True
    response.cache_control.immutable = digest == tree_digest()
    return response


@blueprint.get("/favicon.ico")
@open_to(Audience.EVERYONE)
def favicon() -> Response:
    return send_file(STATIC / "favicon.svg", mimetype="image/svg+xml", max_age=86_400)


def init_app(app: Flask) -> None:
    app.extensions["assets"] = {}
    app.register_blueprint(blueprint)
    app.jinja_env.globals["asset"] = asset
