"""Issued certificates and diplomas, for those who issued them."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, func, select

from app.access import (
    Audience,
    current_person,
    is_platform_administrator,
    one_or_404,
    open_to,
    society_ids,
)
from app.addresses import key_asked
from app.clock import now, today
from app.credentials import corrections, renewal, typesetting, withholding
from app.credentials import serial as serials
from app.credentials.forms import (
    DeclineForm,
    ReinstatementForm,
    RevocationForm,
    SuspensionForm,
)
from app.credentials.jobs import verification_url
from app.credentials.models import CorrectionRequest, Credential
from app.credentials.reach import within
from app.credentials.standing import standing
from app.credentials.withholding import Decision
from app.db import db
from app.forms import render_form
from app.jobs import hand_over
from app.journal.models import record
from app.signing_keys import queries
from app.signing_keys.models import SigningKey
from app.societies.models import OFFICERS, Office

blueprint = Blueprint("credentials_staff", __name__, url_prefix="/desk/credentials")
PAGE = 50


@blueprint.get("")
@open_to(Audience.STAFF)
def index() -> ResponseReturnValue:
    found_by, asked = _reach(), request.args.get("q", "").strip()[:200]
    tab = next((tab for tab in ("failed", "corrections") if request.args.get(tab)), None)
    if asked:
        number = serials.read(asked)
        found_by = found_by.where(
            Credential.serial == number
            if number
            else Credential.snapshot["holder"]["name"].as_string().icontains(asked, autoescape=True)
        )
    if tab == "failed":
        found_by = found_by.where(Credential.is_failed())
    if tab == "corrections":
        found_by = found_by.where(corrections.is_asked())
    if before := key_asked("before"):
        found_by = found_by.where(Credential.id < before)
    found = (
        db.session.scalars(found_by.order_by(Credential.id.desc()).limit(PAGE + 1)).unique().all()
    )
    return render_template(
        "credentials_staff/index.html",
        rows=[(c, standing(c, on=today())) for c in found[:PAGE]],
        more=found[PAGE - 1].id if len(found) > PAGE else None,
        asked=asked,
        tab=tab,
        failed=_failed(),
        corrections=corrections.number_asked(db.session, _deciding(), by=current_person()),
    )


@blueprint.post("/attempts")
@open_to(Audience.STAFF)
def try_all_again() -> ResponseReturnValue:
    serials = typesetting.try_all_again(db.session, _retrying(), by=current_person(), at=now())
    said = ngettext(
        "%(num)d document is being made again.",
        "%(num)d documents are being made again.",
        len(serials),
    )
    flash(said if serials else _("Nothing waits to be made again."), "good")
    return redirect(url_for(".index"), 303)


@blueprint.post("/in-doubt/<int:key_id>")
@open_to(Audience.OFFICER)
def issue_anew(key_id: int) -> ResponseReturnValue:
    """Put what a reported key has put in doubt on new lists, as far as one's societies award it."""
    mine = society_ids(*OFFICERS)
    key = one_or_404(queries.whole().where(SigningKey.id == key_id, queries.within(mine)))
    lists = renewal.issue_anew(
        db.session, key, within(organising=[], awarding=mine), by=current_person(), at=now()
    )
    if not lists:
        flash(_("Whatever your society can put on a list stands on one already."))
        return redirect(url_for("keys_staff.show", id=key_id), 303)
    db.session.flush()
    flash(_("The list is drawn up. Read it, then freeze it so that it can be approved."), "good")
    if len(lists) > 1:
        return redirect(url_for("awards.index"), 303)
    return redirect(url_for("awards.show", id=lists[0].id), 303)


@blueprint.get("/<serial>")
@open_to(Audience.STAFF)
def show(serial: str) -> ResponseReturnValue:
    credential = _within(serial)
    return render_template(
        "credentials_staff/show.html",
        credential=credential,
        standing=standing(credential, on=today()),
        may_decide=_may_decide(credential),
        decline_form=DeclineForm(formdata=None),
    )


@blueprint.route("/<serial>/revocation", methods=["GET", "POST"])
@open_to(Audience.STAFF)
def withdraw(serial: str) -> ResponseReturnValue:
    credential = _decidable(serial)
    form = RevocationForm(earliest=credential.issued_on)
    if form.validate_on_submit():
        withholding.withdraw(db.session, credential, _decision(credential, form))
        flash(_("Withdrawn. Whoever verifies it sees this at once; the holder is told."), "good")
        return redirect(url_for(".show", serial=serial), 303)
    return render_form("credentials_staff/withdraw.html", form, credential=credential)


@blueprint.route("/<serial>/suspension", methods=["GET", "POST"])
@open_to(Audience.STAFF)
def suspend(serial: str) -> ResponseReturnValue:
    credential = _decidable(serial)
    form = SuspensionForm(earliest=credential.issued_on)
    if form.validate_on_submit():
        withholding.suspend(db.session, credential, _decision(credential, form))
        flash(_("Suspended. Whoever verifies it sees this at once; the holder is told."), "good")
        return redirect(url_for(".show", serial=serial), 303)
    return render_form("credentials_staff/suspend.html", form, credential=credential)


@blueprint.route("/<serial>/reinstatement", methods=["GET", "POST"])
@open_to(Audience.STAFF)
def reinstate(serial: str) -> ResponseReturnValue:
    credential = _decidable(serial)
    suspension = credential.suspension
    form = ReinstatementForm(earliest=suspension.on if suspension else credential.issued_on)
    if form.validate_on_submit():
        withholding.reinstate(db.session, credential, _decision(credential, form))
        flash(_("It counts again. The holder is told."), "good")
        return redirect(url_for(".show", serial=serial), 303)
    return render_form("credentials_staff/reinstate.html", form, credential=credential)


@blueprint.post("/<serial>/attempt")
@open_to(Audience.STAFF)
def try_again(serial: str) -> ResponseReturnValue:
    credential = _decidable(serial)
    if credential.has_failed:
        typesetting.try_again(credential, at=now())
        record(
            db.session,
            "credential.retried",
            by=current_person(),
            at=now(),
            on=credential,
            societies=credential.society_ids,
        )
        hand_over(db.session, "credentials.typeset", credential)
    flash(_("It is being made again."), "good")
    return redirect(url_for(".show", serial=serial), 303)


@blueprint.post("/<serial>/corrections/<int:id>/grant")
@open_to(Audience.STAFF)
def grant(serial: str, id: int) -> ResponseReturnValue:
    asked = _request(serial, id)
    answer = corrections.grant(
        db.session, asked, by=current_person(), at=now(), address=verification_url
    )
    flash(answer, "good")
    return redirect(url_for(".show", serial=serial), 303)


@blueprint.post("/<serial>/corrections/<int:id>/decline")
@open_to(Audience.STAFF)
def decline(serial: str, id: int) -> ResponseReturnValue:
    asked, form = _request(serial, id), DeclineForm()
    if form.validate_on_submit():
        corrections.decline(
            db.session, asked, by=current_person(), at=now(), reason=form.reason.data or ""
        )
        flash(_("Declined. The holder is sent the reason."), "good")
        return redirect(url_for(".show", serial=serial), 303)
    credential = asked.credential
    page = render_template(
        "credentials_staff/show.html",
        credential=credential,
        standing=standing(credential, on=today()),
        may_decide=True,
        decline_form=form,
    )
    return page, 422


def _reach() -> Select[Credential]:
    if is_platform_administrator():
        return Credential.whole()
    organising = society_ids(Office.COURSE_ADMINISTRATOR, *OFFICERS, Office.AUDITOR)
    awarding = society_ids(*OFFICERS, Office.AUDITOR)
    return within(organising=organising, awarding=awarding)


def _deciding() -> Select[Credential]:
    """What the person may withdraw or correct: their society's certificates, or its diplomas."""
    organising = society_ids(Office.COURSE_ADMINISTRATOR)
    return within(organising=organising, awarding=society_ids(*OFFICERS))


def _retrying() -> Select[Credential]:
    """What the person may have set again all at once: theirs to decide on, or everything."""
    return Credential.whole() if is_platform_administrator() else _deciding()


def _failed() -> int:
    ids = typesetting.failed_ids(_retrying()).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0


def _within(serial: str) -> Credential:
    return one_or_404(_reach().where(Credential.serial == serial))


def _may_decide(credential: Credential) -> bool:
    return (
        db.session.scalars(_deciding().where(Credential.id == credential.id)).unique().first()
        is not None
    )


def _decidable(serial: str) -> Credential:
    """Within reach and within the office: seeing without deciding is refused in words."""
    credential = _within(serial)
    if not _may_decide(credential):
        abort(403)
    return credential


def _request(serial: str, id: int) -> CorrectionRequest:
    credential = _decidable(serial)
    return next((r for r in credential.corrections if r.id == id), None) or abort(404)


def _decision(credential: Credential, form: RevocationForm) -> Decision:
    return Decision(
        by=current_person(),
        at=now(),
        on=form.on.data or today(),
        reason=form.reason.data or "",
        society_id=_acting_society(credential),
    )


def _acting_society(credential: Credential) -> int | None:
    """For which of the societies that issued it the person acts."""
    office = OFFICERS if credential.award_id else (Office.COURSE_ADMINISTRATOR,)
    return next((i for i in society_ids(*office) if i in credential.society_ids), None)
