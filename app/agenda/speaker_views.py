"""The personal page of a speaker, opened by a link alone; and the photographs for everybody."""

from __future__ import annotations

from dataclasses import dataclass

from flask import (
    Blueprint,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app import db, locale
from app.access import Audience, current_person, me, one_or_404, open_to
from app.accounts.models import Person
from app.agenda import handouts, profiles, words
from app.agenda.export import download, picture
from app.agenda.portraits import NotAPortrait, portrait
from app.agenda.profiles import Material, Release, SpeakerProfile
from app.agenda.reach import count, keep_secret, speaker_of
from app.agenda.speaker_forms import HandoutForm, IntroductionForm
from app.agenda.speakers import Speaker
from app.clock import now
from app.declared import takes_up_to
from app.files import files
from app.forms import render_form

blueprint = Blueprint("speaking", __name__, url_prefix="/speak/<token>")
portraits = Blueprint("portraits", __name__)
Page = Response | str | tuple[str, int]

blueprint.after_request(keep_secret)


@blueprint.get("")
@open_to(Audience.EVERYONE)
def show(token: str) -> Page:
    speaker = speaker_of(token)
    return render_template(
        "agenda/speak.html",
        speaker=speaker,
        token=token,
        told=words.told(speaker.activity, at=now(), zone=locale.zone()),
        materials=db.db.session.scalars(Material.by(speaker)).all(),
        is_mine=_is_mine(speaker, me()),
    )


@blueprint.route("/introduction", methods=["GET", "POST"])
@open_to(Audience.EVERYONE)
def introduce(token: str) -> Page:
    count(token)
    speaker = speaker_of(token)
    profile = speaker.profile
    form = IntroductionForm(
        affiliation=speaker.affiliation,
        biography=profile.biography if profile else "",
        photo_alt=profile.photo_alt if profile else "",
    )
    if not form.validate_on_submit():
        return render_form("agenda/speak_introduction.html", form, speaker=speaker, token=token)
    before = profile.photo if profile else None
    db.breathe(db.db.session)
    face = _face(form.photo.data)
    if face.fault:
        form.photo.errors = [face.fault]
        return render_form(
            "agenda/speak_introduction.html", form, speaker=speaker_of(token), token=token
        )
    speaker, at = speaker_of(token), now()
    profiles.introduce(speaker, affiliation=form.affiliation.data or "",
                       biography=form.biography.data or "", at=at)  # fmt: skip
    photo = None if form.no_photo.data else face.digest or before
    profiles.show_face(speaker, photo, alt=form.photo_alt.data or "", at=at)
    flash(_("Saved. This is how the webinar's page introduces you."), "good")
    return redirect(url_for(".show", token=token), 303)


@blueprint.route("/material", methods=["GET", "POST"])
@open_to(Audience.EVERYONE)
@takes_up_to(handouts.LARGEST)
def hand_in(token: str) -> Page:
    count(token)
    speaker, form = speaker_of(token), HandoutForm()
    if not form.validate_on_submit():
        return render_form("agenda/speak_material.html", form, speaker=speaker, token=token)
    db.breathe(db.db.session)
    content = form.file.data.read(handouts.LARGEST + 1)
    try:
        if len(content) > handouts.LARGEST:
            raise handouts.NotAHandout
        found = handouts.handout(content, form.file.data.filename or "")
    except handouts.NotAHandout:
        form.file.errors = [_("Please choose a PDF, a PPTX without macros, or a ZIP, up to 20 MB.")]
        return render_form(
            "agenda/speak_material.html", form, speaker=speaker_of(token), token=token
        )
    digest = files.keep(content)
    profiles.hand_in(
        speaker_of(token), name=found.name, type=found.type, content=content, digest=digest,
        release=Release(form.release.data), at=now(),
    )  # fmt: skip
    flash(_("%(file)s is here.", file=found.name), "good")
    return redirect(url_for(".show", token=token), 303)


@blueprint.get("/material/<int:id>")
@open_to(Audience.EVERYONE)
def material(token: str, id: int) -> Page:
    return download(_material(speaker_of(token), id))


@blueprint.post("/material/<int:id>/release")
@open_to(Audience.EVERYONE)
def release(token: str, id: int) -> Page:
    """Change when those who are enrolled may have a file."""
    wanted = request.form.get("release", "")
    if wanted not in set(Release):
        abort(400)
    _material(speaker_of(token), id).open_from(Release(wanted), at=now())
    flash(_("Saved."), "good")
    return redirect(url_for(".show", token=token), 303)


@blueprint.post("/material/<int:id>/removal")
@open_to(Audience.EVERYONE)
def take_back(token: str, id: int) -> Page:
    found = _material(speaker_of(token), id)
    found.take_back(at=now())
    flash(_("%(file)s is no longer handed out.", file=found.name), "good")
    return redirect(url_for(".show", token=token), 303)


@blueprint.post("/account")
@open_to(Audience.SIGNED_IN)
def link(token: str) -> Page:
    """Say that the account which is signed in is the speaker's, or no longer."""
    speaker, person = speaker_of(token), current_person()
    mine = _is_mine(speaker, person)
    profiles.belongs_to(speaker, None if mine else person, by=person, at=now())
    flash(_("Your account is no longer linked.") if mine else _("Your account is linked."), "good")
    return redirect(url_for(".show", token=token), 303)


@portraits.get("/portraits/<digest>.jpg")
@open_to(Audience.EVERYONE)
def face(digest: str) -> Response:
    """Only what is some speaker's photograph now: other files have digests too."""
    shown = select(SpeakerProfile.speaker_id).where(SpeakerProfile.photo == digest).limit(1)
    if db.db.session.scalars(shown).first() is None:
        abort(404)
    return picture(digest)


@dataclass(frozen=True)
class Face:
    """A photograph that was kept, or what is wrong with what came."""

    digest: str | None = None
    fault: str = ""


def _face(upload: FileStorage | None) -> Face:
    if not upload:
        return Face()
    try:
        return Face(files.keep(portrait(upload.read())))
    except NotAPortrait:
        return Face(fault=_("This is no photograph that can be read. Choose a PNG or a JPEG."))


def _material(speaker: Speaker, id: int) -> Material:
    return one_or_404(Material.by(speaker).where(Material.id == id))


def _is_mine(speaker: Speaker, person: Person | None) -> bool:
    profile = speaker.profile
    return person is not None and profile is not None and profile.person_id == person.id
