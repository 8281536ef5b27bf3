"""Dates, numbers, names of countries and languages, in the reader's language and zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, cast
from zoneinfo import ZoneInfo, available_timezones

import nh3
from babel import Locale, dates, numbers
from flask import Flask, g, request
from flask_babel import Babel, get_locale
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

from app.texts import catalogue

babel = Babel()
LANGUAGES = ("en",)
"""Languages of the interface; the source language is British English."""
TEACHING_LANGUAGES = ("en", "de", "es", "fr", "it", "nl", "pl", "pt", "sv", "el", "tr", "uk", "ar")
_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
_TAGS = {
    "p", "h3", "h4", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "a", "hr", "br",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


def zone() -> str:
    """The IANA zone in which this reader sees times: theirs, the one chosen here, or Vienna's."""
    from app.access import me

    person = me()
    if person is not None:
        return person.zone
    chosen = request.cookies.get("zone", "") if request else ""
    return chosen if chosen in zones() else "Europe/Vienna"


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    return frozenset(z for z in available_timezones() if "/" in z or z == "UTC") - _ALIASES


_ALIASES = frozenset(
    z
    for z in available_timezones()
    if z.startswith(("Etc/", "SystemV/", "US/", "Canada/", "Brazil/", "Mexico/", "Chile/"))
)


def in_zone(moment: datetime, name: str | None = None) -> datetime:
    return moment.astimezone(ZoneInfo(name or zone()))


def moment(value: datetime, name: str | None = None) -> str:
    """Wed 14 October 2026, 18:00 CEST"""
    local = in_zone(value, name)
    return f"{long_day(local.date())}, {local.strftime('%H:%M')} {_letters(local)}"


def clock(value: datetime, name: str | None = None) -> str:
    return in_zone(value, name).strftime("%H:%M")


def abbreviation(value: datetime, name: str | None = None) -> str:
    """CEST, EST, or UTC+3 where the zone has no letters."""
    return _letters(in_zone(value, name))


def _letters(local: datetime) -> str:
    letters = local.tzname() or "UTC"
    return letters if letters.isalpha() else f"UTC{letters}"


def span(start: datetime, end: datetime, name: str | None = None) -> str:
    """18:00–19:30 CEST"""
    first, last = in_zone(start, name), in_zone(end, name)
    return f"{first.strftime('%H:%M')}–{last.strftime('%H:%M')} {_letters(last)}"


@lru_cache(maxsize=4096)
def _written(value: date, pattern: str, language: Locale) -> str:
    """Babel reads its pattern anew for every date; pages show the same days again and again."""
    return str(dates.format_date(value, pattern, language))


def _date(value: date | datetime, pattern: str) -> str:
    """A moment is shown by its day in the reader's zone."""
    if isinstance(value, datetime):
        value = in_zone(value).date()
    return _written(value, pattern, _locale())


def day(value: date | datetime) -> str:
    """21 November 2026"""
    return _date(value, "d MMMM yyyy")


def long_day(value: date | datetime) -> str:
    """Sat 21 November 2026"""
    return _date(value, "EEE d MMMM yyyy")


def long_day_in(value: datetime, name: str, language: str, *, weekday: bool = False) -> str:
    """Wednesday 14 October 2026, in a zone and a language: for documents, whoever reads them."""
    form = "EEEE d MMMM yyyy" if weekday else "d MMMM yyyy"
    return dates.format_date(in_zone(value, name).date(), form, Locale.parse(_regional(language)))


def language_in(code: str, language: str) -> str:
    """The name of a language in a language."""
    return str(Locale.parse(_regional(language)).languages.get(code, code))


def short_day(value: date | datetime) -> str:
    return _date(value, "d MMM yyyy")


def weekday(value: date | datetime) -> str:
    return _date(value, "EEE")


def full_weekday(value: date) -> str:
    """Wednesday"""
    return _date(value, "EEEE")


def month(value: date) -> str:
    return _date(value, "MMMM yyyy")


def month_name(value: date) -> str:
    """August, by itself"""
    return _date(value, "LLLL")


def number(value: float) -> str:
    return numbers.format_decimal(value, locale=_locale())


def percent(value: float) -> str:
    """75 → 75%; the value is in hundredths."""
    return numbers.format_percent(value / 100, locale=_locale())


def country(code: str | None) -> str:
    return str(_locale().territories.get(code or "", code or ""))


def language_name(code: str | None) -> str:
    return str(_locale().languages.get(code or "", code or ""))


def countries() -> list[tuple[str, str]]:
    """ISO 3166 codes with their names, by name."""
    names = _locale().territories
    found = [
        (c, str(n))
        for c, n in names.items()
        if len(c) == 2 and c.isalpha() and c not in _NOT_COUNTRIES
    ]
    return sorted(found, key=lambda pair: pair[1])


_NOT_COUNTRIES = {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"}


def languages() -> list[tuple[str, str]]:
    return sorted(((c, language_name(c)) for c in TEACHING_LANGUAGES), key=lambda pair: pair[1])


def _lower_heading(self: RendererHTML, tokens: Sequence[Token], at: int, *rest: Any) -> str:
    """Headings of a text stand below the page's own: they start at the third level."""
    tokens[at].tag = "h3" if tokens[at].tag in {"h1", "h2", "h3"} else "h4"
    return self.renderToken(tokens, at, *rest)


_markdown.add_render_rule("heading_open", _lower_heading)
_markdown.add_render_rule("heading_close", _lower_heading)


@lru_cache(maxsize=512)
def _html(text: str) -> str:
    return nh3.clean(
        _markdown.render(text),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
    )


def markdown(text: str | None) -> Markup:
    """Markdown of a stranger as harmless HTML."""
    return Markup(_html(text or ""))


def _locale() -> Locale:
    """The reader's locale, asked for once in a request: a page writes a hundred dates and texts."""
    if not g:
        return _parsed("en_GB")
    found = g.get("locale")
    if found is None:
        found = g.locale = get_locale()
    return cast(Locale, found)


def _choose() -> Locale:
    from app.access import me

    person = me()
    if person is not None and person.language in LANGUAGES:
        return _parsed(_regional(person.language))
    wished = request.accept_languages.best_match(LANGUAGES) if request else None
    return _parsed(_regional(wished or "en"))


@lru_cache(maxsize=64)
def _parsed(language: str) -> Locale:
    """One object for each language, so that what is kept by locale is found by identity."""
    return Locale.parse(language)


@pass_eval_context
def _gettext(context: EvalContext, text: str, /, **values: object) -> str:
    """`_` of the templates: values are escaped where the page is, the text itself is ours."""
    return _filled(context, catalogue().gettext(text), values)


@pass_eval_context
def _ngettext(
    context: EvalContext, singular: str, plural: str, num: int, /, **values: object
) -> str:
    text = catalogue().ngettext(singular, plural, num)
    return _filled(context, text, {"num": num, **values})


def _filled(context: EvalContext, text: str, values: dict[str, object]) -> str:
    if context.autoescape:
        text = Markup(text)
    return text % values if values or "%" in text else text


def _regional(language: str) -> str:
    return "en_GB" if language == "en" else language


def init_app(app: Flask) -> None:
    app.config["BABEL_DEFAULT_LOCALE"] = "en_GB"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "UTC"
    babel.init_app(app, locale_selector=_choose, timezone_selector=zone)
    app.jinja_env.filters.update(
        date=day,
        shortdate=short_day,
        longdate=long_day,
        weekday=weekday,
        moment=moment,
        clock=clock,
        month=month,
        number=number,
        percent=percent,
        country=country,
        languagename=language_name,
        markdown=markdown,
        abbreviation=abbreviation,
        inzone=in_zone,
    )
    app.jinja_env.globals.update(span=span, _=_gettext, gettext=_gettext, ngettext=_ngettext)
    app.context_processor(_context)


def _context() -> dict[str, object]:
    return {"zone": g.setdefault("zone", zone()), "locale": _locale(), "utc": UTC}
