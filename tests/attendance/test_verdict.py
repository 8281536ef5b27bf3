"""The rule by which somebody was there: one function, every case."""

from datetime import UTC, datetime, timedelta

import pytest

from app.agenda.kinds import Proof
from app.attendance.presence import NOT_THERE, Interval, Measure
from app.attendance.verdict import Outcome, Signs, verdict

HOUR = 3600
REPORT, CODE, POLL = Proof.REPORT, Proof.CODE, Proof.POLL
SIX = datetime(2026, 10, 14, 16, tzinfo=UTC)


def there(minutes: int, most: int | None = None) -> Measure:
    stay = Interval(SIX, SIX + timedelta(minutes=minutes))
    return Measure((stay,), minutes * 60, (most if most is not None else minutes) * 60)


@pytest.mark.parametrize(
    ("proofs", "measured", "signs", "outcome", "by"),
    [
        # The report alone.
        ((REPORT,), there(48), Signs(), Outcome.PRESENT, REPORT),
        ((REPORT,), there(47), Signs(), Outcome.ABSENT, REPORT),
        ((REPORT,), NOT_THERE, Signs(3, 3), Outcome.ABSENT, None),
        # A sum only: proved, ruled out, or open.
        ((REPORT,), there(48, 60), Signs(), Outcome.PRESENT, REPORT),
        ((REPORT,), there(30, 60), Signs(), Outcome.OPEN, None),
        ((REPORT,), there(30, 47), Signs(), Outcome.ABSENT, REPORT),
        # Codes beside it: they speak where the report is silent or leaves it open …
        ((REPORT, CODE), NOT_THERE, Signs(3, 2), Outcome.PRESENT, CODE),
        ((REPORT, CODE), there(30, 60), Signs(3, 2), Outcome.PRESENT, CODE),
        ((REPORT, CODE), NOT_THERE, Signs(3, 1), Outcome.ABSENT, None),
        ((REPORT, CODE), there(30, 60), Signs(3, 1), Outcome.OPEN, None),
        # … and never against it.
        ((REPORT, CODE), there(30), Signs(3, 3), Outcome.ABSENT, REPORT),
        ((REPORT, CODE), there(60), Signs(3, 0), Outcome.PRESENT, REPORT),
        # Codes alone: the report does not count.
        ((CODE,), there(60), Signs(3, 0), Outcome.ABSENT, None),
        ((CODE,), NOT_THERE, Signs(1, 1), Outcome.PRESENT, CODE),
        ((CODE,), NOT_THERE, Signs(0, 0), Outcome.ABSENT, None),
        ((POLL,), NOT_THERE, Signs(4, 3), Outcome.PRESENT, POLL),
    ],
)
def test_what_is_known_is_weighed_against_the_rule(
    proofs: tuple[Proof, ...], measured: Measure, signs: Signs, outcome: Outcome, by: Proof | None
) -> None:
    found = verdict(proofs, measured, of=HOUR, threshold=80, signs=signs)

    assert (found.outcome, found.by) == (outcome, by)


def test_two_thirds_of_the_codes_are_needed_rounded_up() -> None:
    assert [Signs(shown).needed for shown in range(8)] == [0, 1, 2, 2, 3, 4, 4, 5]
    assert not Signs(0, 0).suffice, "nothing shown proves nothing"
