from datetime import timedelta
from typing import Any

import pytest

from app.assessments.readiness import obstacles
from tests.cast import NOON

READY: dict[str, Any] = {
    "questions": 4, "lessons_left": 0, "passed": False, "opens_at": None,
    "at": NOON,
}  # fmt: skip


def kinds(**facts: Any) -> list[str]:
    return [one.kind for one in obstacles(**{**READY, **facts})]


def test_nothing_stands_against_a_test_when_the_lessons_are_done() -> None:
    assert kinds() == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"questions": 0}, ["no test"]),
        ({"passed": True}, ["passed"]),
        ({"lessons_left": 2}, ["lessons first"]),
        ({"opens_at": NOON + timedelta(minutes=1)}, ["too soon"]),
        ({"opens_at": NOON}, []),
        (
            {"lessons_left": 1, "opens_at": NOON + timedelta(hours=24)},
            ["lessons first", "too soon"],
        ),
    ],
)
def test_each_reason_against_a_sitting_is_given(
    facts: dict[str, object], expected: list[str]
) -> None:
    assert kinds(**facts) == expected
