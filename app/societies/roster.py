"""Reading the roster of a society: a table of its members, as its own system writes it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import date

from app.errors import Refusal
from app.societies.memberships import Listed
from app.texts import gettext as _

MOST_ROWS = 100_000
MOST_BYTES = 10_000_000
LAPSED = {"lapsed", "inactive", "expired", "ended", "no", "abgelaufen"}
COLUMNS: dict[str, frozenset[str]] = {
    "address": frozenset({"address", "email", "e-mail", "mail", "email address", "e-mail address"}),
    "name": frozenset({"name", "full name", "full_name", "member"}),
    "first": frozenset({"first name", "given name", "given_name", "vorname"}),
    "last": frozenset({"last name", "family name", "family_name", "surname", "nachname"}),
    "number": frozenset({"number", "nr", "no", "id", "member no", "member_id", "member id",
                         "member number", "membership number"}),
    "until": frozenset({"until", "valid until", "valid_until", "expires", "expiry", "ends",
                        "gültig bis"}),
    "status": frozenset({"status", "state"}),
}  # fmt: skip
"""What the columns are called, in small letters, in any order."""


def read(data: bytes) -> list[Listed]:
    """The members a file lists; whoever has lapsed is not one. A refusal names line and cause."""
    rows = _rows(_text(data))
    columns = _columns(rows[0][1])
    if "address" not in columns:
        raise Refusal(_("The first line names no column for addresses, such as E-mail."))
    dates = [_cell(cells, columns, "until") for _number, cells in rows[1:]]
    is_month_first = _is_month_first(dates)
    members: dict[str, Listed] = {}
    for number, cells in rows[1:]:
        if _cell(cells, columns, "status").casefold() in LAPSED:
            continue
        address = _cell(cells, columns, "address").lower()
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", address):
            raise Refusal(_("Line %(number)d: %(said)s is no address.", number=number,
                            said=address[:80] or "—"))  # fmt: skip
        if address in members:
            raise Refusal(_("Line %(number)d: %(said)s stands there twice.", number=number,
                            said=address))  # fmt: skip
        until = _cell(cells, columns, "until")
        members[address] = Listed(
            address, _name(cells, columns), _cell(cells, columns, "number")[:40],
            _day(until, is_month_first, number) if until else None,
        )  # fmt: skip
    return list(members.values())


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise Refusal(_("The file is larger than a roster can be."))
    try:
        encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise Refusal(_("The file is no text in UTF-8. Save it as CSV UTF-8.")) from None
    if "\0" in text:
        raise Refusal(_("The file is no table of text. Save it as CSV UTF-8."))
    return text


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """The lines that are not blank, with their numbers."""
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error:
        raise Refusal(_("Line %(number)d cannot be read.", number=reader.line_num)) from None
    rows = [row for row in rows if any(row[1])]
    if len(rows) < 2:
        raise Refusal(_("The file lists nobody."))
    if len(rows) > MOST_ROWS:
        raise Refusal(_("The file has more than %(most)d lines.", most=MOST_ROWS))
    return rows


def _columns(heads: Sequence[str]) -> dict[str, int]:
    names = [head.casefold() for head in heads]
    return {
        what: place
        for what, known in COLUMNS.items()
        for place, name in enumerate(names)
        if name in known
    }


def _cell(cells: Sequence[str], columns: dict[str, int], what: str) -> str:
    place = columns.get(what)
    return cells[place] if place is not None and place < len(cells) else ""


def _name(cells: Sequence[str], columns: dict[str, int]) -> str:
    whole = _cell(cells, columns, "name")
    if whole:
        last, comma, first = whole.partition(",")
        return f"{first.strip()} {last.strip()}"[:200] if comma else whole[:200]
    parts = (_cell(cells, columns, "first"), _cell(cells, columns, "last"))
    return " ".join(part for part in parts if part)[:200]


def _is_month_first(dates: Sequence[str]) -> bool:
    """Whether dates with slashes are American: told by a day that no month has."""
    pairs = [one.split("/") for one in dates if re.fullmatch(r"\d{1,2}/\d{1,2}/\d{4}", one)]
    month_first = any(int(second) > 12 for _first, second, _year in pairs)
    day_first = any(int(first) > 12 for first, _second, _year in pairs)
    if pairs and month_first == day_first:
        raise Refusal(_("It is not clear which is the day and which the month in %(said)s. Write "
                        "dates as 2026-12-31.", said="/".join(pairs[0])))  # fmt: skip
    return month_first


def _day(text: str, is_month_first: bool, number: int) -> date:
    for pattern, order in (
        (r"(\d{4})-(\d{1,2})-(\d{1,2})", (0, 1, 2)),
        (r"(\d{1,2})\.(\d{1,2})\.(\d{4})", (2, 1, 0)),
        (r"(\d{1,2})/(\d{1,2})/(\d{4})", (2, 0, 1) if is_month_first else (2, 1, 0)),
    ):
        if found := re.fullmatch(pattern, text):
            year, month, day = (int(found.groups()[place]) for place in order)
            try:
                return date(year, month, day)
            except ValueError:
                break
    raise Refusal(_("Line %(number)d: %(said)s is no day. Write it as 2026-12-31.", number=number,
                    said=text[:40]))  # fmt: skip
