"""A design on trial: which names it is shown with, and what the press makes of it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from app import typefaces
from app.accounts.models import Person
from app.designs import choices, pictures, sample, sheet, trial
from app.designs.catalogue import SHEETS
from app.designs.publishing import Owner, Specimen
from app.designs.rasters import picture
from app.files import files
from app.pdf import Press, Unprintable
from app.societies.drawings import Drawing
from app.societies.outlines import NotAMark
from app.texts import gettext as _

if TYPE_CHECKING:
    from app.designs.forms import TrialForm


@dataclass(frozen=True)
class Shown:
    """What the press made, or why it made nothing."""

    reasons: tuple[str, ...] = ()
    pdf: bytes | None = None
    png: bytes | None = None
    width: int = 0
    height: int = 0
    page: int = 1
    pages: int = 0
    name: str = ""

    @property
    def source(self) -> str:
        """The picture as the address of an image."""
        return "data:image/png;base64," + base64.b64encode(self.png or b"").decode()


def hostile_names() -> dict[str, str]:
    """What is special about the names that strain a sheet."""
    return {
        "longest": _("A very long name"),
        "one-word": _("A name of one word"),
        "unbroken": _("A word that cannot be broken"),
        "arabic": _("Arabic, from right to left"),
        "hebrew": _("Hebrew, from right to left"),
        "chinese": _("Japanese"),
        "korean": _("Korean"),
        "devanagari": _("Hindi"),
        "thai": _("Thai"),
        "greek": _("Greek"),
        "cyrillic": _("Ukrainian"),
        "stacked": _("Vietnamese, with stacked accents"),
        "emoji": _("With an emoji, which is refused"),
    }


def offer(form: TrialForm, people: Sequence[Person], societies: int) -> None:
    """Fill in what a preview may be shown with."""
    told = hostile_names()
    real = [(f"person-{p.id}", p.name) for p in people]
    strained = [(key, f"{trial.HOSTILE[key]} ({told[key]})") for key in trial.HOSTILE]
    offered: dict[str, list[tuple[str, str]]] = {_("Sample names"): [("", trial.USUAL), *strained]}
    if real:
        offered[_("People who may receive it")] = real
    form.holder.choices = offered
    form.societies.choices = [("", _("As they are: %(count)d", count=societies))]
    form.societies.choices += [(str(n), str(n)) for n in range(1, trial.MOST_SOCIETIES + 1)]
    form.page.choices = [("1", _("The sheet")), ("2", _("Second page")), ("3", _("Third page"))]


def facts(
    session: Session,
    owner: Owner,
    chosen: choices.Choices,
    form: TrialForm,
    people: Mapping[str, Person],
    *,
    on: date,
) -> dict[str, Any]:
    """The snapshot that a preview asks for."""
    holder, count = form.holder.data or "", form.societies.data or ""
    person = people.get(holder.removeprefix("person-")) if holder.startswith("person-") else None
    name = form.own_name.data or (person.name if person else trial.HOSTILE.get(holder, trial.USUAL))
    language = person.language if person and not form.own_name.data else "en"
    societies = int(count) if count in {"1", "2", "3", "4", "5", "6"} else None
    case = trial.Case(name=name, language=language, societies=societies)
    return trial.of(session, owner, chosen, case, on=on)


def set_(press: Press, facts: Mapping[str, Any], *, page: int = 1) -> Shown:
    """The sheet, or the reason in plain words why there is none."""
    name = str(facts["holder"]["name"])
    try:
        if missing := sheet.unprintable(facts):
            return Shown(reasons=tuple(sheet.explain(missing, _)), name=name)
        pdf = press.typeset(sheet.page(facts, pictures=pictures.of(facts)))
    except Unprintable as reason:
        return Shown(reasons=(str(reason),), name=name)
    png, width, height, pages = picture(pdf, page)
    return Shown((), pdf, png, width, height, min(max(page, 1), pages), pages, name)


def cases(
    session: Session, owner: Owner, chosen: choices.Choices, *, on: date
) -> list[dict[str, Any]]:
    """What a draft is proved with: the usual name first, then every printable one that strains it.

    All with the societies as they are. Names that take the same size and lines share a plate.
    """
    usual = trial.of(session, owner, chosen, trial.Case(), on=on)
    names = [name for name in trial.HOSTILE.values() if not typefaces.lacking(name)]
    return [usual, *(usual | {"holder": {**usual["holder"], "name": name}} for name in names)]


def prove(press: Press, cases: Sequence[Mapping[str, Any]]) -> Specimen:
    """Set every case; keep the first as the specimen. Raises `Unprintable` with the reason."""
    made = [press.typeset(sheet.page(one, pictures=pictures.of(one))) for one in cases]
    return Specimen(pdf=files.keep(made[0]), picture=files.keep(picture(made[0]).png))


@lru_cache(maxsize=8)
def plain(press: Press, code: str) -> bytes:
    """A sheet as we draw it, for two societies that exist on paper only, as a PNG."""
    occasion = SHEETS[code].occasions[0]
    kind = "diploma" if occasion == "diploma" else "attendance"
    facts = sample.snapshot(kind, trial.USUAL, societies=2)
    design = choices.whole({"sheet": code}, occasion=occasion)
    facts |= {"design": {"version": None, "choices": design}}
    return picture(press.typeset(sheet.page(facts)), across=640).png


def try_mark(press: Press, society: Mapping[str, str], drawing: Drawing) -> None:
    """Set a sheet with a mark; raises `NotAMark` when the press cannot print it."""
    facts = sample.snapshot("diploma", trial.USUAL, societies=1)
    digest = hashlib.sha256(drawing.content).hexdigest()
    own = {"mark": drawing.svg} if drawing.svg else {"mark": "", "mark_digest": digest}
    facts["awarding"] = [facts["awarding"][0] | dict(society) | own]
    facts["design"] = {"version": None, "choices": choices.whole({})}
    try:
        press.typeset(sheet.page(facts, pictures={digest: drawing.content}))
    except Unprintable as reason:
        raise NotAMark(_("The press cannot print this mark: %(reason)s", reason=reason)) from reason
