"""What other sites show of a credential: a small framed page, a mark, and the text to copy."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from app import limits
from app.access import Audience, one_or_404, open_to
from app.addresses import external_url
from app.clock import now, today
from app.db import breathe, db
from app.declared import shows_frames
from app.kept import for_strangers
from app.limits import MISSES, from_here
from app.societies.models import Society
from app.verification.examine import Verdict, by_serial

blueprint = Blueprint("verification_embed", __name__)
FRAMED = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; img-src 'self' data:; "
    "font-src 'self'; style-src 'self'; frame-ancestors *"
)
ASKING = FRAMED.replace("form-action 'none'", "form-action 'self'")


@blueprint.get("/v/<serial>/widget")
@open_to(Audience.EVERYONE)
@for_strangers
def widget(serial: str) -> ResponseReturnValue:
    """A page for a frame on any site: no cookie, no script, nothing to press but the link."""
    page = render_template("verification/widget.html", verdict=_known(serial), at=now())
    return _framed(page, FRAMED)


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


@blueprint.get("/verify/frame/<code>")
@open_to(Audience.EVERYONE)
@for_strangers
def ask(code: str) -> ResponseReturnValue:
    """A field for a serial, for a frame on a society's own site: the answer opens here, in a tab
    of its own. No cookie, no script."""
    page = render_template("verification/ask_framed.html", society=_society(code))
    return _framed(page, ASKING)


@blueprint.get("/verify/embed/<code>")
@open_to(Audience.EVERYONE)
@for_strangers
@shows_frames
def embed_asking(code: str) -> ResponseReturnValue:
    """The texts by which a society lets the visitors of its own site verify."""
    society = _society(code)
    return render_template(
        "verification/embed_asking.html",
        society=society,
        frame=external_url("verification_embed.ask", code=society.code),
        address=external_url("verification.index"),
    )


def _framed(page: str, policy: str) -> Response:
    answer = Response(page)
    answer.headers["Content-Security-Policy"] = policy
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _society(code: str) -> Society:
    return one_or_404(Society.by_name().where(Society.code == code))


def _known(serial: str) -> Verdict:
    verdict = by_serial(db.session, serial, on=today())
    if verdict.credential is None:
        breathe(db.session)
        limits.guard((MISSES, from_here()))
        abort(404)
    return verdict
