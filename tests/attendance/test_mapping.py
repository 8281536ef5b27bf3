"""A table with headings that nobody here knows: found, guessed, said once, and read."""

from datetime import UTC, datetime

import pytest

from app.attendance.local_times import Order
from app.attendance.mapping import ColumnPlan, Lines, guessed
from app.attendance.presence import Interval, measure
from app.attendance.reading import Unmapped, read
from app.attendance.unreadable import Kind
from tests.attendance import files
from tests.attendance.reports import VIENNA

SESSION = Interval(
    datetime(2026, 10, 14, 16, tzinfo=UTC), datetime(2026, 10, 14, 17, 30, tzinfo=UTC)
)
POLISH_SUMMARY = (
    "1. Podsumowanie",
    "Tytuł spotkania\tIHE po prostu",
    "Uczestnicy obecni\t2",
    "Godzina rozpoczęcia\t14.10.2026, 17:50:00",
    "",
)
POLISH_PEOPLE = (
    "2. Uczestnicy",
    "Imię i nazwisko\tPierwsze dołączenie\tOstatnie opuszczenie\tCzas trwania\tAdres e-mail\tRola",
    "Zofia Nowak\t14.10.2026, 18:00:00\t14.10.2026, 19:00:00\t1 godz.\tzofia@example.eu\tUczestnik",
    "Jan Gość\t14.10.2026, 18:00:00\t14.10.2026, 19:00:00\t45 min 10 s\t\tUczestnik",
    "",
)
POLISH_STAYS = (
    "3. Działania podczas spotkania",
    "Imię i nazwisko\tGodzina dołączenia\tGodzina opuszczenia\tCzas trwania\tAdres e-mail\tRola",
    "Zofia Nowak\t14.10.2026, 18:00:00\t14.10.2026, 19:00:00\t1 godz.\tzofia@example.eu\tUczestnik",
    "Jan Gość\t14.10.2026, 18:00:00\t14.10.2026, 18:30:00\t30 min\t\tUczestnik",
    "Jan Gość\t14.10.2026, 18:40:00\t14.10.2026, 18:55:10\t15 min 10 s\t\tUczestnik",
)
POLISH = files.lines(*POLISH_SUMMARY, *POLISH_PEOPLE, *POLISH_STAYS).decode().encode("utf-16")
TOTALS_ONLY = files.lines(*POLISH_SUMMARY, *POLISH_PEOPLE).decode().encode("utf-16")


def unmapped(data: bytes, **how: bool) -> Unmapped:
    with pytest.raises(Unmapped) as caught:
        read(data, zone=VIENNA, **how)
    return caught.value


def test_a_polish_report_of_teams_asks_what_its_columns_are() -> None:
    asked = unmapped(POLISH)

    assert asked.problem.kind is Kind.UNKNOWN_COLUMNS
    assert asked.found.heading.number == 12
    assert [line.cells[0] for line in asked.found.shown] == ["Zofia Nowak", "Jan Gość", "Jan Gość"]


def test_what_stands_in_the_columns_suggests_what_they_are() -> None:
    guess = guessed(unmapped(POLISH).found)

    assert guess.columns == {"name": 0, "joined": 1, "left": 2, "duration": 3, "address": 4}
    assert (guess.lines, guess.order) == (Lines.STAYS, Order.DAY_FIRST)


def test_once_said_the_table_is_read_and_read_by_itself_the_next_time() -> None:
    found = unmapped(POLISH).found
    plans = {found.signature: ColumnPlan({"name": 0, "joined": 1, "left": 2, "address": 4})}

    report = read(POLISH, zone=VIENNA, plans=plans)

    zofia, jan = report.participants
    assert (zofia.address, jan.address) == ("zofia@example.eu", None)
    assert measure(jan.intervals, [SESSION]).seconds == 45 * 60 + 10
    with pytest.raises(Unmapped):
        read(TOTALS_ONLY, zone=VIENNA, plans=plans), "other columns are another table"


def test_totals_are_read_in_the_words_of_their_language() -> None:
    found = unmapped(TOTALS_ONLY).found
    plan = ColumnPlan(
        {"name": 0, "joined": 1, "left": 2, "duration": 3}, Lines.TOTALS, hours=("godz.",)
    )

    zofia, jan = read(TOTALS_ONLY, zone=VIENNA, plans={found.signature: plan}).participants

    assert (len(zofia.intervals), len(zofia.totals)) == (1, 0)
    assert jan.totals[0].seconds == 45 * 60 + 10


def test_a_date_that_may_be_either_is_asked_about_and_then_read() -> None:
    either = files.lines(files.PLAIN[0], "Ana,,05/10/2026 18:00,05/10/2026 19:00")
    asked = unmapped(either)
    plan = ColumnPlan(guessed(asked.found).columns, order=Order.DAY_FIRST)

    (ana,) = read(either, zone=VIENNA, plans={asked.found.signature: plan}).participants

    assert asked.problem.kind is Kind.DAY_OR_MONTH
    assert ana.intervals[0].joined == datetime(2026, 10, 5, 16, tzinfo=UTC)


def test_any_table_can_be_asked_about() -> None:
    assert unmapped(files.RIGHT["teams"], ask=True).found.heading.number == 13
    assert read(files.RIGHT["teams"], zone=VIENNA).rows, "but nobody is asked without need"


def test_a_plan_is_the_same_after_it_was_written_down() -> None:
    plan = ColumnPlan({"name": 2}, Lines.TOTALS, Order.YEAR_FIRST, ("godz.",), ("min",), ("s",))

    assert ColumnPlan.from_kept(plan.kept()) == plan


def test_a_text_without_times_is_no_table_of_people() -> None:
    with pytest.raises(Exception, match="does not begin an attendance report") as caught:
        read(b"name,country,city\r\nAna,ES,Madrid\r\n", zone=VIENNA)
    assert not isinstance(caught.value, Unmapped)
