"""Accounts with meeting platforms, at the desk of the societies they belong to."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.access import Audience, current_person, one_or_404, open_to, society_ids
from app.addresses import external_url
from app.calls import CallFailed
from app.clock import now
from app.db import breathe, db
from app.forms import offered, render_form
from app.limits import Limit, guard
from app.meetings import words
from app.meetings.accounts import SECRETS, PlatformAccount
from app.meetings.forms import FORMS, AccountForm
from app.meetings.jobs import anywhere
from app.meetings.making import meetings_ahead
from app.meetings.platform import Provider
from app.sealed import CannotOpen
from app.societies.models import Office, Society

blueprint = Blueprint("platforms", __name__, url_prefix="/desk/platforms")
Page = Response | str | tuple[str, int]
TRIALS = Limit("platforms.try", burst=10, seconds=30)


@blueprint.get("")
@open_to(Audience.ADMINISTRATOR)
def index() -> str:
    accounts = db.session.scalars(PlatformAccount.of(_own())).all()
    return render_template(
        "meetings_staff/accounts.html", accounts=accounts, providers=words.providers()
    )


@blueprint.route("/new/<any(bigbluebutton, zoom, teams):provider>", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def enter(provider: str) -> Page:
    form = FORMS[Provider(provider)]()
    societies = _offer(form)
    form.require_secrets()
    if form.validate_on_submit() and form.leads_somewhere():
        account = PlatformAccount.enter(
            db.session, societies[form.society.data], form.provider, facts=form.facts,
            secrets=form.secrets, by=current_person(), at=now(),
        )  # fmt: skip
        db.session.flush()
        flash(_("%(name)s is entered. Try the connection now.", name=account.name), "good")
        return redirect(url_for(".show", id=account.id), 303)
    return render_form("meetings_staff/account_form.html", form, account=None,
                       secrets=SECRETS[form.provider], words=words.providers())  # fmt: skip


@blueprint.get("/<int:id>")
@open_to(Audience.ADMINISTRATOR)
def show(id: int) -> str:
    account = _mine(id)
    hook = ""
    if account.provider is Provider.ZOOM and account.retired_at is None:
        try:
            hook = external_url("meetings_hooks.zoom", token=account.secrets["hook"])
        except CannotOpen:
            hook = ""
    return render_template(
        "meetings_staff/account.html", account=account, hook=hook, providers=words.providers(),
        ahead=meetings_ahead(db.session, account, at=now()),
    )  # fmt: skip


@blueprint.route("/<int:id>/change", methods=["GET", "POST"])
@open_to(Audience.ADMINISTRATOR)
def change(id: int) -> Page:
    account = _mine(id, usable=True)
    form = FORMS[account.provider](obj=_Shown(account))
    del form.society
    if form.validate_on_submit() and form.leads_somewhere() and form.names_what_it_needs(account):
        account.change(facts=form.facts, secrets=form.secrets, by=current_person(), at=now())
        flash(_("Saved. Try the connection again."), "good")
        return redirect(url_for(".show", id=id), 303)
    return render_form("meetings_staff/account_form.html", form, account=account,
                       secrets=SECRETS[form.provider], words=words.providers())  # fmt: skip


@blueprint.post("/<int:id>/trial")
@open_to(Audience.ADMINISTRATOR)
def try_out(id: int) -> Response:
    """Call the platform and say in words how it went; nothing is made there."""
    guard((TRIALS, str(current_person().id)))
    account = _mine(id, usable=True)
    well, says = _tried(account)
    _mine(id, usable=True).note_trial(well, says, by=current_person(), at=now())
    flash(says, "good" if well else "bad")
    return redirect(url_for(".show", id=id), 303)


@blueprint.post("/<int:id>/retirement")
@open_to(Audience.ADMINISTRATOR)
def retire(id: int) -> Response:
    account = _mine(id)
    ahead = meetings_ahead(db.session, account, at=now())
    account.retire(by=current_person(), at=now(), meetings_ahead=ahead)
    flash(_("%(name)s is not used any longer. Its credentials are destroyed.", name=account.name),
          "good")  # fmt: skip
    return redirect(url_for(".index"), 303)


class _Shown:
    """What a form may show of an account: nothing that is sealed."""

    def __init__(self, account: PlatformAccount) -> None:
        self.name, self.address, self.host = account.name, account.address, account.host
        self.sign_in_address, self.flavour = account.sign_in_address, account.flavour


def _tried(account: PlatformAccount) -> tuple[bool, str]:
    try:
        platform = account.platform(anywhere=anywhere(), tries=1)
    except CannotOpen:
        return False, _("The credentials of the account cannot be read. Enter them anew.")
    breathe(db.session)
    try:
        return True, platform.check()
    except CallFailed as failed:
        return False, failed.says


def _own() -> list[int]:
    return society_ids(Office.COURSE_ADMINISTRATOR)


def _mine(id: int, *, usable: bool = False) -> PlatformAccount:
    """An account of a society in which the person is course administrator."""
    reach = PlatformAccount.usable(_own()) if usable else PlatformAccount.of(_own())
    return one_or_404(reach.where(PlatformAccount.id == id))


def _offer(form: AccountForm) -> dict[str, Society]:
    found = db.session.scalars(
        select(Society).where(Society.id.in_(_own())).order_by(Society.short)
    )
    societies = {society.code: society for society in found}
    form.society.choices = offered([(code, one.short) for code, one in societies.items()])
    return societies
