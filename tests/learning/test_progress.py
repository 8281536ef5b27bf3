from hypothesis import given
from hypothesis import strategies as st

from app.learning.progress import Progress, Step


def lessons(*done: bool) -> Progress:
    return Progress([Step(n, n, f"Lesson {n}", 10, d) for n, d in enumerate(done, 1)])


def test_the_next_lesson_is_the_first_that_is_not_done() -> None:
    assert lessons(True, False, False).next == Step(2, 2, "Lesson 2", 10)
    assert lessons(True, True).next is None


def test_after_a_lesson_comes_the_next_undone_one_and_then_those_left_out_before() -> None:
    assert lessons(False, True, True, False).after(2) == Step(4, 4, "Lesson 4", 10)
    assert lessons(False, True, True).after(3) == Step(1, 1, "Lesson 1", 10)
    assert lessons(True, True).after(1) is None


@given(st.lists(st.booleans(), max_size=60))
def test_what_is_done_and_what_is_left_are_all_lessons(done: list[bool]) -> None:
    progress = lessons(*done)

    assert progress.done + progress.left == progress.total == len(done)
    assert (progress.next is None) == (progress.left == 0)


@given(st.lists(st.booleans(), max_size=20), st.integers(-3, 25))
def test_a_place_outside_the_course_holds_no_lesson(done: list[bool], position: int) -> None:
    found = lessons(*done).at(position)

    assert (found is not None) == (1 <= position <= len(done))
    assert found is None or found.position == position
