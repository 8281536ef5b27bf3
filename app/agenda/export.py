"""Files that this room gives out: photographs for everybody, handouts to who may have them."""

from __future__ import annotations

import io

from flask import abort, make_response, request, send_file
from werkzeug.wrappers import Response

from app.agenda.profiles import Material
from app.files import Missing, files

YEAR = 365 * 24 * 3600


def picture(digest: str) -> Response:
    """A photograph: its address is its content, so that it may be kept for ever."""
    answer = make_response(_content(digest))
    answer.mimetype = "image/jpeg"
    answer.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    answer.set_etag(digest)
    return answer.make_conditional(request)


def download(material: Material) -> Response:
    """A handout, to be saved and never to be shown by the browser as a page of ours."""
    answer = send_file(
        io.BytesIO(_content(material.digest)), material.type, as_attachment=True,
        download_name=material.name, etag=False, max_age=0,
    )  # fmt: skip
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _content(digest: str) -> bytes:
    try:
        return files.read(digest)
    except Missing:
        abort(404)
