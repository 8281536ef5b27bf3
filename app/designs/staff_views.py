"""Designs at the desk: drafts with a live preview, publishing, and the versions published."""

from __future__ import annotations

from datetime import timedelta

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import Audience, current_person, open_to, society_ids
from app.clock import now, today
from app.db import db
from app.designs import choices, comparing, publishing, queries, reach, showing
from app.designs.catalogue import SHEETS
from app.designs.forms import DesignForm, TrialForm
from app.designs.models import Design
from app.designs.printing import press
from app.designs.publishing import Owner
from app.designs.trial import occasion
from app.errors import Refusal
from app.files import files
from app.forms import render_form
from app.limits import Limit, guard
from app.pdf import Unprintable
from app.schemes.models import Scheme
from app.societies.models import OFFICERS, Society

blueprint = Blueprint("designs", __name__, url_prefix="/desk/designs")
OWNER = "/<any(schemes, societies):kind>/<code>"
PREVIEWS = Limit("design preview", 40, 1.5)


@blueprint.get("")
@open_to(Audience.OFFICER)
def index() -> ResponseReturnValue:
    mine = society_ids(*OFFICERS)
    schemes = db.session.scalars(queries.reach(mine)).all()
    societies = db.session.scalars(Society.by_name().where(Society.id.in_(mine))).all()
    begun = queries.designs_of(db.session, [s.id for s in schemes], mine)
    return render_template(
        "designs_staff/index.html", schemes=schemes, societies=societies,
        by_scheme={d.scheme_id: d for d in begun}, by_society={d.society_id: d for d in begun},
        is_changed=_is_changed, default=choices.DEFAULT_SHEET,
    )  # fmt: skip


@blueprint.get("/sheets/<sheet>.png")
@open_to(Audience.OFFICER)
def specimen(sheet: str) -> Response:
    """What a sheet looks like before anything about it is chosen."""
    if sheet not in SHEETS:
        abort(404)
    answer = _picture(showing.plain(press(), sheet))
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


@blueprint.route(OWNER, methods=["GET", "POST"])
@open_to(Audience.OFFICER)
def edit(kind: str, code: str) -> ResponseReturnValue:
    if "preview" in request.form:
        guard((PREVIEWS, f"{current_person().id}"))
    owner = reach.owner(kind, code)
    form, trial = _forms(owner)
    if "preview" in request.form:
        shown = _shown(owner, form, trial)
        return render_template("designs_staff/edit.html", form=form, trial=trial, shown=shown,
                               **_page(owner, kind))  # fmt: skip
    if form.validate_on_submit() and _change(owner, form):
        flash(_("The draft is kept. Nothing is issued with it until you publish it."), "good")
        return redirect(url_for(".edit", kind=kind, code=code), 303)
    return render_form("designs_staff/edit.html", form, trial=trial, shown=None,
                       **_page(owner, kind))  # fmt: skip


@blueprint.post(f"{OWNER}/preview")
@open_to(Audience.OFFICER)
def preview(kind: str, code: str) -> ResponseReturnValue:
    """The preview alone, for a page that renews it while somebody chooses."""
    guard((PREVIEWS, f"{current_person().id}"))
    owner = reach.owner(kind, code)
    shown = _shown(owner, *_forms(owner))
    return render_template("designs_staff/_preview.html", shown=shown), 200 if shown.png else 422


@blueprint.post(f"{OWNER}/preview.pdf")
@open_to(Audience.OFFICER)
def preview_pdf(kind: str, code: str) -> ResponseReturnValue:
    guard((PREVIEWS, f"{current_person().id}"))
    owner = reach.owner(kind, code)
    shown = _shown(owner, *_forms(owner))
    if shown.pdf is None:
        raise Refusal(*shown.reasons)
    return _pdf(shown.pdf, f"preview-{code}.pdf")


@blueprint.route(f"{OWNER}/publication", methods=["GET", "POST"])
@open_to(Audience.OFFICER)
def publish(kind: str, code: str) -> ResponseReturnValue:
    """What would change for those who are awarded from now on, and the act that makes it so."""
    if request.method == "POST":
        guard((PREVIEWS, f"{current_person().id}"))
    owner = reach.owner(kind, code)
    design = queries.begun(db.session, owner) or abort(404)
    if request.method == "GET":
        return render_template(
            "designs_staff/publish.html", design=design, owner=owner, kind=kind,
            digest=choices.digest(design.draft), **_compared(design),
        )  # fmt: skip
    version = publishing.publish(
        db.session, design, _specimen(owner, design.draft),
        seen=request.form.get("digest", ""), by=current_person(), at=now(),
    )  # fmt: skip
    db.session.flush()
    flash(_("Version %(number)d is published. What is frozen or issued from now on carries it.",
            number=version.number), "good")  # fmt: skip
    return redirect(url_for(".show", id=version.id), 303)


@blueprint.get("/versions/<int:id>")
@open_to(Audience.OFFICER)
def show(id: int) -> ResponseReturnValue:
    version = reach.version(id)
    design = version.design
    shorts = {s.code: s.short for s in design.societies}
    return render_template(
        "designs_staff/show.html", version=version, design=design,
        told=comparing.told(version.choices, shorts), **_owner(design),
    )  # fmt: skip


@blueprint.get("/versions/<int:id>.png")
@open_to(Audience.OFFICER)
def picture(id: int) -> Response:
    return _kept(_picture(files.read(reach.version(id).picture_digest)))


@blueprint.get("/versions/<int:id>.pdf")
@open_to(Audience.OFFICER)
def document(id: int) -> Response:
    version = reach.version(id)
    return _kept(_pdf(files.read(version.specimen_digest), f"design-{id}.pdf"))


def _forms(owner: Owner) -> tuple[DesignForm, TrialForm]:
    """The forms of a design's page, with what is kept unless something was sent."""
    societies = _societies(owner)
    form = DesignForm()
    form.shape(occasion(owner), societies)
    if not form.is_submitted():
        design = queries.begun(db.session, owner)
        form.show(design.draft if design else publishing.read(owner, {}), societies)
    trial = TrialForm(prefix="show-")
    showing.offer(trial, reach.names(db.session, owner), len(societies))
    return form, trial


def _change(owner: Owner, form: DesignForm) -> bool:
    """Keep what was sent; faults go to their fields, so that nothing typed is lost."""
    try:
        publishing.change(db.session, owner, form.chosen(_societies(owner)),
                          by=current_person(), at=now())  # fmt: skip
    except choices.Unfit as unfit:
        form.tell(unfit.faults, _societies(owner))
        return False
    return True


def _shown(owner: Owner, form: DesignForm, trial: TrialForm) -> showing.Shown:
    """The sheet as the form has it now, set by the press; nothing is written."""
    try:
        chosen = publishing.read(owner, form.chosen(_societies(owner)))
    except choices.Unfit as unfit:
        return showing.Shown(reasons=tuple(dict.fromkeys(f.reason for f in unfit.faults)))
    names = {str(p.id): p for p in reach.names(db.session, owner)}
    facts = showing.facts(db.session, owner, chosen, trial, names, on=today())
    db.session.commit()  # nobody waits for the press
    return showing.set_(press(), facts, page=int(trial.page.data or 1))


def _specimen(owner: Owner, draft: choices.Choices) -> publishing.Specimen:
    """Set the draft with the names that strain it most, and keep the usual one."""
    cases = showing.cases(db.session, owner, draft, on=today())
    db.session.commit()  # nobody waits for the press
    try:
        return showing.prove(press(), cases)
    except Unprintable as reason:
        raise Refusal(
            _("The press cannot set this draft, so it cannot be published."), str(reason)
        ) from reason


def _page(owner: Owner, kind: str) -> dict[str, object]:
    design = queries.begun(db.session, owner)
    return {
        "owner": owner, "kind": kind, "design": design, "societies": _societies(owner),
        "is_changed": design is not None and _is_changed(design),
        "sheets": [s for s in SHEETS.values() if str(occasion(owner)) in s.occasions],
    }  # fmt: skip


def _owner(design: Design) -> dict[str, object]:
    owner = design.scheme or design.society
    return {"owner": owner, "kind": "schemes" if design.scheme else "societies"}


def _compared(design: Design) -> dict[str, object]:
    last = design.latest
    shorts = {s.code: s.short for s in design.societies}
    usual = choices.whole({}, occasion=str(design.occasion))
    before = last.choices if last else usual
    return {"last": last, "rows": comparing.differences(before, design.draft, shorts),
            "english": comparing.staying_english(design.draft),
            "is_changed": _is_changed(design)}  # fmt: skip


def _is_changed(design: Design) -> bool:
    """Whether the draft says something that the last version does not."""
    return design.latest is None or design.latest.digest != choices.digest(design.draft)


def _societies(owner: Owner) -> list[Society]:
    return owner.awarding if isinstance(owner, Scheme) else [owner]


def _picture(png: bytes) -> Response:
    answer = make_response(png)
    answer.mimetype = "image/png"
    return answer


def _pdf(content: bytes, name: str) -> Response:
    answer = make_response(content)
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _kept(answer: Response) -> Response:
    """What a version looks like never changes."""
    answer.cache_control.private = True
    answer.cache_control.max_age = int(timedelta(days=30).total_seconds())
    return answer
