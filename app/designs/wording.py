"""What stands on the face of a credential, in one language.

The officers' own texts go before ours. They are printed as they were written; only the places of
a closed list are filled in.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from app.designs import languages
from app.designs.scripts import isolated

PLACES = ("societies", "edition", "title", "decided_on", "issued_on", "valid_until")
PLACE = re.compile(r"\{(" + "|".join(PLACES) + r")\}")


@dataclass(frozen=True)
class Fact:
    """A label and its value; the value of a slot differs between the holders of a list."""

    label: str
    value: str
    slot: str = ""


class Words:
    """The words of a face; `is_brief` leaves the societies to name themselves where they sign."""

    def __init__(
        self, snapshot: Mapping[str, Any], choices: Mapping[str, Any], language: str
    ) -> None:
        self.language = language
        self.locale = languages.locale(language)
        self._facts = snapshot
        self._own = (choices.get("texts") or {}).get(language) or {}
        self._catalogue = languages.catalogue(language)
        self._is_diploma = snapshot["kind"] == "diploma"
        self._several = len(snapshot["awarding"]) > 1

    def _(self, text: str, **values: object) -> str:
        told = self._catalogue.gettext(text)
        return told % values if values else told

    @property
    def direction(self) -> str:
        return languages.direction(self.language)

    @property
    def heading(self) -> str:
        """What a certificate is called; a diploma is called by the title of its scheme."""
        _ = self._
        if own := self._text("title"):
            return own
        if self._is_diploma:
            return str(self._facts["title"])
        attended = self._facts["kind"] == "attendance"
        return _("Certificate of attendance") if attended else _("Certificate of completion")

    @property
    def has_own_heading(self) -> bool:
        """Whether this language has a heading that is not merely the scheme's."""
        return bool(self._text("title")) or not self._is_diploma

    def lead(self, *, is_brief: bool) -> str:
        _ = self._
        if own := self._text("lead"):
            return own
        if not self._is_diploma:
            return _("This is to certify that")
        certifies = self._facts["nature"] == "certification"
        if is_brief and certifies:
            return _("By this diploma the societies that sign below jointly declare that")
        if is_brief:
            return _("is awarded jointly by the societies that sign below to")
        if certifies and self._several:
            return _("By this diploma %(societies)s jointly declare that", societies=self.societies)
        if certifies:
            return _("By this diploma %(societies)s declares that", societies=self.societies)
        if self._several:
            return _("is awarded jointly by %(societies)s to", societies=self.societies)
        return _("is awarded by %(societies)s to", societies=self.societies)

    @property
    def citation(self) -> str:
        _, edition = self._, self._facts["edition"]
        if own := self._text("citation"):
            return own
        if not self._is_diploma:
            return self._attended
        if self._facts["nature"] == "certification":
            if edition:
                return _("is certified under this scheme, edition %(edition)s, "
                         "having met each of its requirements", edition=edition)  # fmt: skip
            return _("is certified under this scheme, having met each of its requirements")
        if edition:
            return _("who has completed the certificate programme, edition %(edition)s, "
                     "and met each of its requirements", edition=edition)  # fmt: skip
        return _("who has completed the certificate programme and met each of its requirements")

    @property
    def _attended(self) -> str:
        _ = self._
        kind = (self._facts["activity"] or {}).get("kind")
        if self._facts["kind"] == "attendance":
            return _("attended the webinar") if kind == "webinar" else _("attended")
        return _("completed the course") if kind == "course" else _("completed")

    def organisers(self, *, is_brief: bool) -> str:
        if is_brief:
            return self._("organised by the societies that sign below")
        return self._("organised by %(societies)s", societies=self.societies)

    @property
    def note(self) -> str:
        return self._text("note")

    @property
    def societies(self) -> str:
        _ = self._
        names = [_("the %(society)s", society=isolated(s["name"])) for s in self._facts["awarding"]]
        return self.listed(names)

    @property
    def dates(self) -> list[Fact]:
        """When it was decided and issued, and how long it is valid."""
        _, facts = self._, []
        if self._facts["decided_on"] and self._is_diploma:
            facts.append(Fact(_("decided on"), self.day(self._facts["decided_on"])))
        facts.append(Fact(_("issued on"), self.day(self._facts["issued_on"])))
        if self._facts["valid_until"]:
            facts.append(Fact(_("valid until"), self.day(self._facts["valid_until"])))
        elif self._is_diploma:
            facts.append(Fact(_("does not expire"), ""))
        return facts

    @property
    def activity(self) -> list[Fact]:
        """What is said about a webinar or a course."""
        _, activity = self._, self._facts["activity"] or {}
        facts = []
        if activity.get("held"):
            facts.append(Fact(_("held"), isolated(activity["held"])))
        if activity.get("minutes_present") is not None:
            facts.append(Fact(_("present"), "", "present"))
        if activity.get("score") is not None:
            facts.append(Fact(_("test"), "", "score"))
        if activity.get("speakers"):
            facts.append(Fact(_("with"), isolated(activity["speakers"])))
        if activity.get("language"):
            facts.append(Fact(_("language"), isolated(activity["language"])))
        return facts

    def present(self, minutes: int, of_minutes: int | None) -> str:
        if of_minutes is None:
            return self._("%(present)s minutes", present=minutes)
        return self._("%(present)s of %(minutes)s minutes", present=minutes, minutes=of_minutes)

    def score(self, score: float, threshold: float | None) -> str:
        if threshold is None:
            return self._("%(score)s %%", score=score)
        return self._("%(score)s %%; the pass mark is %(threshold)s %%",
                      score=score, threshold=threshold)  # fmt: skip

    def sealed(self, society: str) -> str:
        """What is printed where a society's electronic seal is invisible in the file."""
        is_sealed = self._facts.get("sealed")
        if is_sealed:
            return self._("sealed electronically by %(society)s", society=isolated(society))
        if is_sealed is False and self._is_diploma:
            return self._("without an electronic seal")
        return ""

    def mark(self, society: str) -> str:
        return self._("Mark of %(society)s", society=society)

    @property
    def status(self) -> str:
        return self._(
            "Whether this document is valid today is said at the address on its first page, by "
            "the code or the number. The elements follow Annex I of the Recommendation of the "
            "Council of the European Union of 16 June 2022 (2022/C 243/02)."
        )

    @property
    def sample(self) -> str:
        return self._("SAMPLE")

    def description(self, name: str) -> str:
        if self._is_diploma:
            return self._("Diploma of %(name)s", name=name)
        if self._facts["kind"] == "attendance":
            return self._("Certificate of attendance of %(name)s", name=name)
        return self._("Certificate of completion of %(name)s", name=name)

    @property
    def copy(self) -> str:
        language = languages.own_name(self.language)
        if self._is_diploma:
            return self._("Copy in %(language)s of the diploma", language=language)
        return self._("Copy in %(language)s of the certificate", language=language)

    def day(self, text: str) -> str:
        return str(format_date(date.fromisoformat(text), "long", locale=self.locale))

    def short_day(self, text: str) -> str:
        return str(format_date(date.fromisoformat(text), "medium", locale=self.locale))

    def listed(self, names: Sequence[str]) -> str:
        return str(format_list(list(names), style="standard", locale=self.locale))

    def number(self, value: float) -> str:
        return str(format_decimal(value, locale=self.locale))

    def country(self, code: str | None) -> str:
        return str(self.locale.territories.get(code or "", code or ""))

    def _text(self, name: str) -> str:
        text = self._own.get(name)
        return PLACE.sub(self._filled, text.strip()) if isinstance(text, str) else ""

    def _filled(self, place: re.Match[str]) -> str:
        if place[1] == "societies":
            return self.societies
        value = self._facts.get(place[1])
        return self.day(value) if value and place[1].endswith(("_on", "_until")) else value or ""
