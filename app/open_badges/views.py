"""What machines read: DID documents and status lists, open to everyone; credentials and badges, for
their holder and for whoever was given an address with its key.

None of it names a holder, none of it sets a cookie, and any site may read it.
"""

from __future__ import annotations

import json
from datetime import datetime

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from app import limits, locale
from app.access import Audience, current_person, me, one_or_404, open_to
from app.clock import now
from app.credentials import serial as serials
from app.credentials.models import Credential
from app.db import breathe, db
from app.error_pages import wants_json
from app.limits import MISSES, from_here
from app.open_badges import baking, compact, did, elm, picture, queries, sharing
from app.open_badges.models import OpenBadge, StatusList, StatusPurpose
from app.schemes.models import Edition, Endorsement, Scheme
from app.societies.models import Society
from app.web import attached, for_any_site

blueprint = Blueprint("open_badges", __name__)
DID, JSON, VC, JWT = (
    "application/did+json",
    "application/json",
    "application/vc",
    "application/vc+jwt",
)
MINUTES = 60


@blueprint.get("/schemes/<code>/did.json")
@open_to(Audience.EVERYONE)
def joint_did(code: str) -> ResponseReturnValue:
    scheme = one_or_404(Scheme.whole().where(Scheme.code == code))
    return _open(json.dumps(did.joint(db.session, scheme), indent=1), DID, 5 * MINUTES)


@blueprint.get("/societies/<code>/did.json")
@open_to(Audience.EVERYONE)
def society_did(code: str) -> ResponseReturnValue:
    society = one_or_404(select(Society).where(Society.code == code))
    return _open(json.dumps(did.society(db.session, society), indent=1), DID, 5 * MINUTES)


@blueprint.get("/schemes/<code>/status/<purpose>/<int:number>")
@open_to(Audience.EVERYONE)
def status_list(code: str, purpose: str, number: int) -> ResponseReturnValue:
    """A list as JSON with its proof, or as a VC-JWT for whoever asks for one."""
    if purpose not in set(StatusPurpose):
        abort(404)
    found = one_or_404(
        select(StatusList)
        .join(StatusList.scheme)
        .where(Scheme.code == code, StatusList.number == number)
        .where(StatusList.purpose == StatusPurpose(purpose))
    )
    if found.document is None:
        abort(404)
    wanted = request.accept_mimetypes.best_match([JSON, VC, JWT], default=JSON)
    if wanted == JWT and found.compact is not None:
        return _open(found.compact, JWT, 5 * MINUTES)
    return _open(found.document, VC if wanted == VC else JSON, 5 * MINUTES)


@blueprint.get("/schemes/<code>/endorsements/<int:id>")
@open_to(Audience.EVERYONE)
def endorsement(code: str, id: int) -> ResponseReturnValue:
    """One that was withdrawn is gone; credentials that name it name its hash."""
    found = one_or_404(
        select(Endorsement)
        .join(Endorsement.edition)
        .join(Edition.scheme)
        .where(Scheme.code == code, Endorsement.id == id)
    )
    if found.withdrawn_at is not None:
        return _taken_back(found.society, found.withdrawn_at)
    return _open(found.document, JSON, 5 * MINUTES)


def _taken_back(society: Society, at: datetime) -> Response:
    """Whoever follows what a credential names learns who took it back, and when."""
    said = _("%(society)s took this endorsement back on %(day)s.", society=society.name,
             day=locale.day(at))  # fmt: skip
    if wants_json():
        told = _open(json.dumps({"status": 410, "reason": said}), JSON, 5 * MINUTES)
    else:
        told = _open(f"{said}\n", "text/plain", 5 * MINUTES)
    told.status_code = 410
    return told


@blueprint.get("/schemes/<code>/badge.<form>")
@open_to(Audience.EVERYONE)
def drawing(code: str, form: str) -> ResponseReturnValue:
    """The picture of a scheme's badge, without anybody's credential."""
    scheme = one_or_404(Scheme.whole().where(Scheme.code == code))
    badge = queries.badge_of(scheme)
    if form == "svg":
        return _open(picture.svg(badge), "image/svg+xml", 60 * MINUTES)
    if form == "png":
        return _open(picture.png(badge), "image/png", 60 * MINUTES)
    abort(404)


@blueprint.get("/v/<serial>/credential.json")
@open_to(Audience.EVERYONE)
def credential(serial: str) -> ResponseReturnValue:
    """The joint credential, as it was attached to the diploma."""
    found = _published(serial)
    return _open(found.document, JSON, 60 * MINUTES)


@blueprint.get("/v/<serial>/credential.jwt")
@open_to(Audience.EVERYONE)
def compact_credential(serial: str) -> ResponseReturnValue:
    found = _published(serial)
    scheme = queries.scheme_of(found)
    text = compact.signed(db.session, scheme, json.loads(found.document), at=now())
    return _open(text, JWT, 5 * MINUTES) if text else abort(404)


@blueprint.get("/v/<serial>/badge.<form>")
@open_to(Audience.EVERYONE)
def baked(serial: str, form: str) -> ResponseReturnValue:
    """The picture of the badge with the credential inside."""
    found = _published(serial)
    badge = queries.badge_for(found)
    if form == "svg":
        text = baking.bake_svg(picture.svg(badge), found.document)
        return _download(text, "image/svg+xml", f"badge-{serial}.svg")
    if form == "png":
        content = baking.bake_png(picture.png(badge), found.document)
        return _download(content, "image/png", f"badge-{serial}.png")
    abort(404)


@blueprint.get("/my/certificates/<serial>/europass.json")
@open_to(Audience.SIGNED_IN)
def europass(serial: str) -> ResponseReturnValue:
    """The diploma in the European Learning Model, unsigned and with the holder's name."""
    mine = Credential.of(current_person()).where(Credential.serial == serial)
    found = one_or_404(
        mine.where(Credential.award_id.is_not(None), Credential.file_digest.is_not(None))
    )
    text = json.dumps(elm.document(found), indent=1, ensure_ascii=False)
    answer = Response(text, mimetype="application/json", headers={"Cache-Control": "no-store"})
    return attached(answer, f"europass-{serial}.json")


def _published(serial: str) -> OpenBadge:
    """The joint credential under a serial, for whoever may have it; asked for at random, there is
    soon no answer."""
    number = serials.read(serial)
    found = db.session.scalars(queries.published(number or "")).unique().one_or_none()
    if found is None or not (_has_key(found) or _is_own(found)):
        breathe(db.session)
        limits.guard((MISSES, from_here()))
        abort(404)
    return found


def _has_key(found: OpenBadge) -> bool:
    secret = current_app.config["SETTINGS"].secret_key
    return sharing.opens(secret, found.credential.serial, request.args.get("key", ""))


def _is_own(found: OpenBadge) -> bool:
    person = me()
    return person is not None and found.credential.person_id == person.id


def _download(content: str | bytes, kind: str, name: str) -> Response:
    return attached(_open(content, kind, 60 * MINUTES), name)


def _open(content: str | bytes, kind: str, seconds: int) -> Response:
    """An answer that any site may read and keep for a while."""
    answer = for_any_site(Response(content, mimetype=kind))
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    is_for_all = "serial" not in (request.view_args or {}) or "key" in request.args
    kept = f"public, max-age={seconds}" if is_for_all else "private, no-cache"
    answer.headers["Cache-Control"] = kept
    answer.vary.add("Accept")
    answer.add_etag()
    return answer.make_conditional(request)  # type: ignore[return-value]
