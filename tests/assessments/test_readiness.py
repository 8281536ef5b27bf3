from datetime import timedelta
from typing import Any

import pytest

from app.assessments.readiness import obstacles
from tests.cast import NOON

READY: dict[str, Any] = {
    "questions": 4, "lessons_left": 0, "passed": False, "last_graded_at": None, "wait_hours": 24,
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
        ({"last_graded_at": NOON - timedelta(hours=23, minutes=59)}, ["too soon"]),
        ({"last_graded_at": NOON - timedelta(hours=24)}, []),
        ({"last_graded_at": NOON, "wait_hours": 0}, []),
        ({"lessons_left": 1, "last_graded_at": NOON}, ["lessons first", "too soon"]),
    ],
)
def test_each_reason_against_a_sitting_is_given(
    facts: dict[str, object], expected: list[str]
) -> None:
    assert kinds(**facts) == expected
