from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assessments.drawing import Item
from app.assessments.grading import grade, score, wrong


def paper(total: int) -> list[Item]:
    return [Item(f"{n}?", ("a", "b", "c"), n % 3) for n in range(total)]


def answered(total: int, right: int) -> list[int]:
    return [n % 3 if n < right else (n + 1) % 3 for n in range(total)]


counts = st.integers(1, 60).flatmap(lambda total: st.tuples(st.just(total), st.integers(0, total)))


@given(counts, st.integers(1, 100))
def test_a_test_is_passed_exactly_when_the_share_of_right_answers_reaches_the_mark(
    count: tuple[int, int], pass_mark: int
) -> None:
    total, right = count
    result = grade(paper(total), answered(total, right), pass_mark=pass_mark)

    assert (result.right, result.total) == (right, total)
    assert result.passed == (Fraction(right, total) >= Fraction(pass_mark, 100))


@given(counts, st.integers(1, 100))
def test_the_score_shown_never_contradicts_the_verdict(
    count: tuple[int, int], pass_mark: int
) -> None:
    total, right = count
    result = grade(paper(total), answered(total, right), pass_mark=pass_mark)

    assert result.passed == (score(right, total) >= pass_mark)


@given(counts)
def test_the_score_is_rounded_down(count: tuple[int, int]) -> None:
    total, right = count

    assert score(right, total) <= Fraction(100 * right, total) < score(right, total) + 1


@given(counts, st.integers(1, 100))
def test_one_more_right_answer_never_harms(count: tuple[int, int], pass_mark: int) -> None:
    total, right = count
    if right < total:
        fewer = grade(paper(total), answered(total, right), pass_mark=pass_mark)
        more = grade(paper(total), answered(total, right + 1), pass_mark=pass_mark)
        assert more.passed >= fewer.passed


@pytest.mark.parametrize(
    ("right", "total", "pass_mark", "passed"),
    [(3, 4, 75, True), (2, 3, 67, False), (2, 3, 66, True), (74, 100, 75, False), (5, 5, 100, True),
     (0, 1, 1, False)],
)  # fmt: skip
def test_at_the_mark_is_passed_and_one_less_is_not(
    right: int, total: int, pass_mark: int, passed: bool
) -> None:
    assert grade(paper(total), answered(total, right), pass_mark=pass_mark).passed is passed


@given(counts)
def test_the_wrong_questions_are_those_not_answered_right(count: tuple[int, int]) -> None:
    total, right = count

    assert wrong(paper(total), answered(total, right)) == list(range(right, total))


def test_a_paper_without_questions_or_with_an_answer_missing_is_not_graded() -> None:
    with pytest.raises(ValueError, match="at least one question"):
        grade([], [], pass_mark=75)
    with pytest.raises(ValueError, match="one answer to each"):
        grade(paper(2), [0], pass_mark=75)
