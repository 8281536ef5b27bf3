"""What waits for seals, for the officers of the societies that award."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from typing import IO

from flask import Blueprint, abort, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, select
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.access import Audience, current_person, one_or_404, open_to, society_ids
from app.addresses import key_asked
from app.clock import now
from app.credentials.models import Credential
from app.db import breathe, db
from app.errors import Refusal
from app.files import files
from app.sealing import export, upload
from app.sealing.forms import SignaturesForm
from app.sealing.models import SigningRequest
from app.sealing.queries import awaited, numbers, to_sign_alone, waiting_for_others
from app.sealing.upload import HandedIn
from app.sealing.waiting import answer
from app.societies.models import OFFICERS, Society

blueprint = Blueprint("seals_staff", __name__, url_prefix="/desk/seals")
SHOWN = 50
"""So many of what waits stand on a page; the ZIPs hold all."""
TOLD = 12
"""So many files that were not taken in are named with their reason."""


@blueprint.get("")
@open_to(Audience.OFFICER)
def index() -> ResponseReturnValue:
    return _page(SignaturesForm(formdata=None))


@blueprint.get("/<code>/requests.zip")
@open_to(Audience.OFFICER)
def bundle(code: str) -> ResponseReturnValue:
    """What waits after a request, by its number, as many as one ZIP takes."""
    society, after = _ours(code), key_asked("after") or 0
    some = _awaited(society).where(SigningRequest.id > after).order_by(None)
    found = some.order_by(SigningRequest.id).limit(export.MOST).options(to_sign_alone())
    waiting = [export.Waiting.of(one) for one in db.session.scalars(found)]
    if not waiting:
        abort(404)
    breathe(db.session)
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    export.write(out, waiting, files.read)
    out.seek(0)
    return _download(out, f"to-sign-{code}.zip", "application/zip")


@blueprint.get("/<code>/<serial>.tbs")
@open_to(Audience.OFFICER)
def to_sign(code: str, serial: str) -> ResponseReturnValue:
    asked = _asked(code, serial)
    return _download(io.BytesIO(asked.to_sign), export.name_of(asked), "application/octet-stream")


@blueprint.get("/<code>/<serial>.pdf")
@open_to(Audience.OFFICER)
def document(code: str, serial: str) -> ResponseReturnValue:
    """The document as it stands: what the society looks at before it signs."""
    asked = _asked(code, serial)
    content = io.BytesIO(files.read(asked.file_digest))
    return _download(content, f"{serial}-unfinished.pdf", "application/pdf")


@blueprint.post("/<code>/signatures")
@open_to(Audience.OFFICER)
def hand_in(code: str) -> ResponseReturnValue:
    society, form = _ours(code), SignaturesForm()
    if not form.validate_on_submit():
        return _page(form, code), 422
    chosen: FileStorage = form.file.data
    try:
        found = upload.read(chosen.filename or "", chosen.stream.read())
    except Refusal as reason:
        form.file.errors = [str(reason)]
        return _page(form, code), 422
    taken, refused = _take_in(society, found)
    if not taken:
        form.file.errors = _told(refused) or [_("There is no signature in this file.")]
        return _page(form, code), 422
    said = ngettext("%(num)d signature was taken in; the diploma goes on.",
                    "%(num)d signatures were taken in; the diplomas go on.", taken)  # fmt: skip
    flash(said, "good")
    for says in _told(refused):
        flash(says, "warn")
    return redirect(url_for(".index"), 303)


def _take_in(society: Society, found: Sequence[HandedIn]) -> tuple[int, list[str]]:
    """How many were good, and for each other file why it was not."""
    these = Credential.serial.in_([one.serial for one in found if one.serial])
    wanted = _awaited(society).options(to_sign_alone())
    waiting = {one.credential.serial: one for one in db.session.scalars(wanted.where(these))}
    taken, refused = 0, []
    for one in found:
        asked = waiting.get(one.serial or "")
        if one.serial is None and len(found) == 1:
            asked = _only(db.session.scalars(wanted.limit(2)).all())
        if asked is None:
            refused.append(_("%(name)s: no diploma of this serial waits for %(society)s.",
                             name=one.name, society=society.short))  # fmt: skip
            continue
        try:
            answer(db.session, asked, one.signature, by=current_person(), at=now())
            taken += 1
        except Refusal as reason:
            refused.append(f"{one.name}: {reason}")
    return taken, refused


def _told(refused: Sequence[str]) -> list[str]:
    more = len(refused) - TOLD
    rest = ngettext(
        "One more file was not taken in.", "%(num)d more files were not taken in.", more
    )
    return [*refused[:TOLD], *([rest] if more > 0 else [])]


def _page(form: SignaturesForm, code: str | None = None) -> str:
    mine = society_ids(*OFFICERS)
    groups = [
        (society, number, db.session.scalars(_awaited(society).limit(SHOWN)).all())
        for society, number in numbers(db.session, mine, at=now())
    ]
    others, more = waiting_for_others(
        db.session, mine, after=key_asked("after") or 0, most=SHOWN, at=now()
    )
    return render_template(
        "seals_staff/index.html",
        groups=groups,
        others=others,
        more=more,
        forms_of={
            society.code: _at(form if code in (None, society.code) else None, society.code)
            for society, _number, _requests in groups
        },
        answered=code,
        parts={
            society.code: _parts(society) if number > export.MOST else []
            for society, number, _requests in groups
        },
        sign_all=export.SIGN_ALL,
        mine=mine,
    )


def _parts(society: Society) -> list[tuple[int, int, int]]:
    """The ZIPs of all that waits for a society: after which request each begins, and which of
    them it holds, counted from one."""
    alone = _awaited(society).order_by(None).with_only_columns(SigningRequest.id)
    ids = db.session.execute(alone.order_by(SigningRequest.id)).scalars().all()
    return [
        (ids[start - 1] if start else 0, start + 1, min(start + export.MOST, len(ids)))
        for start in range(0, len(ids), export.MOST)
    ]


def _at(form: SignaturesForm | None, code: str) -> SignaturesForm:
    """The form of one society: several stand on a page, and no two fields have the same id."""
    own = SignaturesForm(formdata=None)
    if form is not None:
        own.file.errors = form.file.errors
    own.file.id = f"file-{code}"
    return own


def _ours(code: str) -> Society:
    mine = society_ids(*OFFICERS)
    return one_or_404(select(Society).where(Society.code == code, Society.id.in_(mine)))


def _asked(code: str, serial: str) -> SigningRequest:
    return one_or_404(_awaited(_ours(code)).where(Credential.serial == serial))


def _awaited(society: Society) -> Select[SigningRequest]:
    return awaited([society.id], at=now())


def _only(found: Sequence[SigningRequest]) -> SigningRequest | None:
    return found[0] if len(found) == 1 else None


def _download(content: IO[bytes], name: str, kind: str) -> Response:
    response = send_file(
        content, mimetype=kind, as_attachment=True, download_name=name, etag=False,
        max_age=0,
    )  # fmt: skip
    response.headers["Cache-Control"] = "no-store"
    return response
