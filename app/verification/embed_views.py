"""What other sites show of a credential: a small framed page, a mark, and the text to copy."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from app import limits
from app.access import Audience, open_to
from app.addresses import external_url
from app.clock import now, today
from app.db import breathe, db
from app.kept import for_strangers
from app.limits import MISSES, from_here
from app.verification.examine import Verdict, by_serial

blueprint = Blueprint("verification_embed", __name__)
FRAMED = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; img-src 'self' data:; "
    "font-src 'self'; style-src 'self'; frame-ancestors *"
)


@blueprint.get("/v/<serial>/widget")
@open_to(Audience.EVERYONE)
@for_strangers
def widget(serial: str) -> ResponseReturnValue:
    """A page for a frame on any site: no cookie, no script, nothing to press but the link."""
    page = render_template("verification/widget.html", verdict=_known(serial), at=now())
    answer = Response(page)
    answer.headers["Content-Security-Policy"] = FRAMED
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@blueprint.get("/v/<serial>/mark.svg")
@open_to(Audience.EVERYONE)
@for_strangers
def mark(serial: str) -> ResponseReturnValue:
    """A picture that says how the credential stands, to be shown as a link."""
    drawing = render_template("verification/mark.svg", verdict=_known(serial))
    answer = Response(drawing, mimetype="image/svg+xml")
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@blueprint.get("/v/<serial>/embed")
@open_to(Audience.EVERYONE)
def embed(serial: str) -> ResponseReturnValue:
    """The texts to copy into another site."""
    verdict = _known(serial)
    assert verdict.credential is not None
    number = verdict.credential.serial
    return render_template(
        "verification/embed.html",
        verdict=verdict,
        address=external_url("verification.show", serial=number),
        frame=external_url("verification_embed.widget", serial=number),
        picture=external_url("verification_embed.mark", serial=number),
    )


def _known(serial: str) -> Verdict:
    verdict = by_serial(db.session, serial, on=today())
    if verdict.credential is None:
        breathe(db.session)
        limits.guard((MISSES, from_here()))
        abort(404)
    return verdict
