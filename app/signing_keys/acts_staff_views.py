"""What officers do with the keys of their society, and administrators with the shared ones."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, url_for
from flask_babel import gettext as _
from sqlalchemy import or_, select
from werkzeug.wrappers import Response

from app import hardware
from app.access import (
    Audience,
    current_person,
    is_platform_administrator,
    one_or_404,
    open_to,
    society_ids,
)
from app.clock import now
from app.db import breathe, db
from app.errors import Refusal
from app.forms import render_form
from app.limits import Limit, guard
from app.locale import zone
from app.signing_keys import asking, confirming, doubts, emails, life, making, queries
from app.signing_keys.forms import (
    ChainForm,
    CompromiseForm,
    MakingForm,
    RetirementForm,
    TokenForm,
)
from app.signing_keys.models import Purpose, SigningKey
from app.signing_keys.signing import new_private
from app.societies.models import OFFICERS, Society

blueprint = Blueprint("keys_acts", __name__, url_prefix="/desk/keys")
Page = Response | str | tuple[str, int]
LOOKS = Limit("keys.confirm", burst=10, seconds=60)
ASKS = Limit("keys.request", burst=10, seconds=60)
MAKES = Limit("keys.make", burst=10, seconds=120)


@blueprint.route("/new/<code>", methods=["GET", "POST"])
@open_to(Audience.PUBLISHER)
def make(code: str) -> Page:
    """Make a seal that is kept here."""
    society = _own(code)
    form = MakingForm()
    if _present(society) is None:
        del form.starts
    if form.validate_on_submit():
        guard((MAKES, str(current_person().id)))
        breathe(db.session)
        made = new_private(form.chosen)  # RSA takes its time; nobody waits for it
        key = making.make_with_proof(
            db.session, _own(code), by=current_person(), at=now(), made=made, waits=form.waits,
            algorithm=form.chosen,
        )  # fmt: skip
        return _made(key)
    return _form("make", form, society)


@blueprint.route("/new/<code>/token", methods=["GET", "POST"])
@open_to(Audience.PUBLISHER)
def make_in_token(code: str) -> Page:
    """Make a seal in one of the tokens that this machine reaches."""
    society = _own(code)
    form = TokenForm()
    form.offer(hardware.tokens())
    if _present(society) is None:
        del form.starts
    if form.validate_on_submit():
        guard((MAKES, str(current_person().id)))
        named = making.named_for(_own(code))
        breathe(db.session)
        made = making.place_in_token(form.token.data, form.chosen, code=code, named=named,
                                     at=now())  # fmt: skip
        key = making.make_in_token(
            db.session, _own(code), made, by=current_person(), at=now(), waits=form.waits
        )
        return _made(key)
    return _form("token", form, society)


@blueprint.route("/new/<code>/elsewhere", methods=["GET", "POST"])
@open_to(Audience.PUBLISHER)
def take_in(code: str) -> Page:
    """Enter the certificate of a seal that the society keeps itself."""
    society = _own(code)
    form = ChainForm()
    if form.validate_on_submit():
        try:
            key = making.take_in(
                db.session, society, form.found, by=current_person(), at=now(),
                is_qualified=form.is_qualified.data,
            )  # fmt: skip
        except Refusal as refusal:
            form.file.errors = refusal.reasons
        else:
            return _made(key)
    return _form("elsewhere", form, society)


@blueprint.post("/<int:id>/succession")
@open_to(Audience.PUBLISHER)
def succeed(id: int) -> Response:
    """Put a new key in the place of one for credentials or for the log."""
    algorithm = _mine(id).algorithm
    breathe(db.session)
    made = new_private(algorithm)
    key = making.make_successor(db.session, _mine(id), by=current_person(), at=now(), made=made)
    return _made(key)


@blueprint.post("/<int:id>/request")
@open_to(Audience.PUBLISHER)
def request(id: int) -> Response:
    guard((ASKS, str(current_person().id)))
    write = asking.writes(_mine(id))
    breathe(db.session)
    text = write()  # a token may be slow; nobody waits for it
    key = _mine(id)
    asking.request(db.session, key, by=current_person(), at=now(), text=text)
    flash(_("The certificate request is ready. Send it to the authority of your choice; nothing in "
            "it is secret."), "good")  # fmt: skip
    return _show(key)


@blueprint.route("/<int:id>/certificates", methods=["GET", "POST"])
@open_to(Audience.PUBLISHER)
def certify(id: int) -> Page:
    key = _mine(id)
    form = ChainForm()
    if form.validate_on_submit():
        try:
            asking.take_in_chain(
                db.session, key, form.found, by=current_person(), at=now(),
                is_qualified=form.is_qualified.data,
            )  # fmt: skip
        except Refusal as refusal:
            form.file.errors = refusal.reasons
        else:
            flash(_("The certificate is in place."), "good")
            return _show(key)
    return render_form("signing_keys_staff/certify.html", form, key=key)


@blueprint.post("/<int:id>/force")
@open_to(Audience.PUBLISHER)
def put_in_force(id: int) -> Response:
    key = _mine(id)
    life.put_in_force(db.session, key, by=current_person(), at=now())
    flash(_("%(name)s signs from now on.", name=key.name), "good")
    return _show(key)


@blueprint.route("/<int:id>/retirement", methods=["GET", "POST"])
@open_to(Audience.PUBLISHER)
def retire(id: int) -> Page:
    key = _mine(id)
    form = RetirementForm()
    if form.validate_on_submit():
        life.retire(db.session, key, by=current_person(), at=now(), reason=form.reason.data or "")
        flash(_("%(name)s signs nothing new. What it signed stands.", name=key.name), "good")
        return _show(key)
    return render_form("signing_keys_staff/retire.html", form, key=key)


@blueprint.route("/<int:id>/compromise", methods=["GET", "POST"])
@open_to(Audience.PUBLISHER)
def report(id: int) -> Page:
    key = _mine(id)
    form = CompromiseForm(zone())
    if form.validate_on_submit():
        life.report(db.session, key, since=form.moment, by=current_person(), at=now(),
                    reason=form.reason.data or "")  # fmt: skip
        left = doubts.in_doubt(db.session, key, since=form.moment)
        emails.reported(db.session, key, in_doubt=len(left), at=now())
        flash(_("%(name)s signs nothing from this moment on. See below what to do next.",
                name=key.name), "bad")  # fmt: skip
        return _show(key)
    return render_form("signing_keys_staff/report.html", form, key=key,
                       signed=len(doubts.signed_with(db.session, key)))  # fmt: skip


@blueprint.post("/<int:id>/confirmation")
@open_to(Audience.PUBLISHER)
def confirm(id: int) -> Response:
    """Look whether the society shows the key on its own website."""
    guard((LOOKS, str(current_person().id)))
    key = _mine(id)
    address = confirming.address_of(key.society) if key.society is not None else None
    if address is None:
        raise Refusal(_("No website is known of this society. The administrators of the platform "
                        "can enter it."))  # fmt: skip
    breathe(db.session)
    anywhere = current_app.config["SETTINGS"].calls_anywhere
    document = confirming.fetch(address, anywhere=anywhere)
    key = _mine(id)
    confirming.confirm(db.session, key, document, address, by=current_person(), at=now())
    flash(_("Confirmed: %(address)s shows this key.", address=address), "good")
    return _show(key)


def _form(way: str, form: MakingForm | ChainForm, society: Society) -> Page:
    return render_form(
        f"signing_keys_staff/{way}.html", form, society=society, present=_present(society),
        has_tokens=bool(hardware.tokens()),
    )  # fmt: skip


def _made(key: SigningKey) -> Response:
    db.session.flush()
    if key.in_force_at is None:
        told = _("%(name)s is made. Ask for its certificate, or put it in force.", name=key.name)
    else:
        told = _("%(name)s is made and signs from now on.", name=key.name)
    flash(told, "good")
    return _show(key)


def _show(key: SigningKey) -> Response:
    return redirect(url_for("keys_staff.show", id=key.id), 303)


def _present(society: Society) -> SigningKey | None:
    return queries.in_force(db.session, Purpose.SEAL, at=now(), society_id=society.id)


def _own(code: str) -> Society:
    """A society whose officer the person is."""
    mine = society_ids(*OFFICERS)
    return one_or_404(select(Society).where(Society.code == code, Society.id.in_(mine)))


def _mine(id: int) -> SigningKey:
    """A key on which the person may act: their society's; for administrators the shared ones."""
    own = SigningKey.society_id.in_(society_ids(*OFFICERS))
    shared = SigningKey.society_id.is_(None)
    reach = or_(own, shared) if is_platform_administrator() else own
    return one_or_404(queries.whole().where(SigningKey.id == id, reach))
