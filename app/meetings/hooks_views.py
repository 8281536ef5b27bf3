"""Where platforms call us. Each call is verified over its raw body; a wrong one leaves nothing.

These are the only addresses without the token of our own forms: a platform has none, and proves
itself by its signature instead.
"""

from __future__ import annotations

import json
import logging
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from app.access import Audience, open_to
from app.addresses import external_url
from app.clock import now
from app.db import db
from app.limits import Limit, from_here, guard
from app.meetings import signatures
from app.meetings.accounts import PlatformAccount
from app.meetings.hearing import hear, meeting_called
from app.meetings.platform import Provider
from app.meetings.telling import from_bigbluebutton, from_minutes, from_zoom
from app.sealed import CannotOpen
from app.web import csrf

blueprint = Blueprint("meetings_hooks", __name__, url_prefix="/hooks")
csrf.exempt(blueprint)
log = logging.getLogger("confer.hooks")

CALLS = Limit("hooks", burst=3000, seconds=0.02)
EVENT_BYTES = 64 * 1024
MINUTES_BYTES = 8 * 1024 * 1024


@blueprint.post("/zoom/<token>")
@open_to(Audience.EVERYONE)
def zoom(token: str) -> Response:
    raw = _raw(EVENT_BYTES)
    account, secrets = _called(token, Provider.ZOOM)
    secret = secrets.get("webhook_secret", "")
    stamp = request.headers.get("x-zm-request-timestamp", "")
    signature = request.headers.get("x-zm-signature", "")
    if account is None or not signatures.zoom_signed(secret, stamp, raw, signature, at=now()):
        return _refuse("zoom")
    told = _object(raw)
    if told.get("event") == "endpoint.url_validation":
        payload = told.get("payload")
        plain = payload.get("plainToken") if isinstance(payload, dict) else None
        answer = signatures.zoom_answer(secret, str(plain or "")[:500])
        return Response(json.dumps(answer), 200, mimetype="application/json")
    if found := from_zoom(told):
        number, event = found
        if meeting := meeting_called(db.session, account, number):
            hear(db.session, meeting, [event], at=now())
    return Response(status=204)


@blueprint.post("/bbb/<token>/events/<key>")
@open_to(Audience.EVERYONE)
def bigbluebutton(token: str, key: str) -> Response:
    raw = _raw(EVENT_BYTES)
    account, secrets = _called(token, Provider.BIGBLUEBUTTON)
    callback = external_url("meetings_hooks.bigbluebutton", token=token, key=key)
    checksum = request.args.get("checksum", "")
    secret = secrets.get("secret", "")
    if account is None or not signatures.bigbluebutton_signed(secret, callback, raw, checksum):
        return _refuse("bigbluebutton")
    form = dict(parse_qsl(raw.decode("utf-8", "replace"), max_num_fields=20))
    meeting = meeting_called(db.session, account, key)
    try:
        told = json.loads(form.get("event", "null"))
    except (ValueError, RecursionError):
        told = None
    if meeting is not None:
        events = [event for name, event in from_bigbluebutton(told) if name == key]
        hear(db.session, meeting, events, at=now())
    return Response(status=204)


@blueprint.post("/bbb/<token>/minutes")
@open_to(Audience.EVERYONE)
def minutes(token: str) -> Response:
    """BigBlueButton's account of a meeting that is over."""
    raw = _raw(MINUTES_BYTES)
    account, secrets = _called(token, Provider.BIGBLUEBUTTON)
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    secret = secrets.get("secret", "")
    if account is None or not signatures.bigbluebutton_bearer(secret, bearer, at=now()):
        return _refuse("bigbluebutton")
    name, events = from_minutes(_object(raw))
    if meeting := meeting_called(db.session, account, name):
        hear(db.session, meeting, events, at=now())
    return Response(status=204)


def _raw(most: int) -> bytes:
    """The body as it came, if it is not too much."""
    guard((CALLS, from_here()))
    if (request.content_length or 0) > most:
        raise RequestEntityTooLarge
    request.max_content_length = most
    return request.get_data(cache=False)


def _called(token: str, provider: Provider) -> tuple[PlatformAccount | None, dict[str, str]]:
    """The account to which this address was given, and its secrets."""
    account = db.session.scalars(PlatformAccount.called_at(token)).one_or_none()
    if account is None or account.provider is not provider:
        return None, {}
    try:
        return account, account.secrets
    except CannotOpen:
        return None, {}


def _refuse(platform: str) -> Response:
    """No detail for whoever called, and no trace but a line in the log."""
    log.warning("a callback of %s from %s was not signed by it", platform, from_here())
    return Response(status=403)


def _object(raw: bytes) -> dict[str, Any]:
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
