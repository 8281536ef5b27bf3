"""On which days a country rests: a webinar then is planned on purpose, or by oversight."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from app import locale
from app.agenda import words
from app.texts import gettext as _

LIKED = ("en_GB", "en_US", "en")
"""Languages in which a country's holidays are read, the first that its calendar has."""


@lru_cache(maxsize=512)
def of_year(country: str, year: int) -> dict[date, str]:
    """The public holidays of a whole country, by day; nothing for one without a calendar.

    Those of single regions are left out: nearly every day is a holiday somewhere.
    """
    import holidays  # a tenth of a second, which no start of the application needs

    if country not in holidays.list_supported_countries(include_aliases=False):
        return {}
    calendar = holidays.country_holidays(country)
    language = next((one for one in LIKED if one in calendar.supported_languages), None)
    return dict(holidays.country_holidays(country, years=year, language=language).items())


def between(countries: Iterable[str], first: date, last: date) -> dict[date, dict[str, list[str]]]:
    """The holidays of these countries from day to day: name → the countries that keep it."""
    found: dict[date, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for country in sorted(set(countries)):
        for year in range(first.year, last.year + 1):
            for day, name in of_year(country, year).items():
                if first <= day <= last:
                    found[day][name].append(country)
    return {day: dict(names) for day, names in sorted(found.items())}


def told(names: dict[str, list[str]]) -> str:
    """Christmas Day in Austria and Netherlands; National Day in Austria"""
    return "; ".join(
        _("%(name)s in %(countries)s", name=name,
          countries=words.listed(locale.country(code) for code in countries))
        for name, countries in names.items()
    )  # fmt: skip
