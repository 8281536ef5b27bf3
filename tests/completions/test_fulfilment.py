from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assessments.queries import TestFacts
from app.completions.coursework import Coursework
from app.completions.fulfilment import next_thing, obstacles
from app.learning.progress import Progress, Step
from tests.cast import NOON

TEST = TestFacts(4, 75, 24)
OPEN = SimpleNamespace(grading=None, is_passed=False)
PASSED = SimpleNamespace(grading=object(), is_passed=True)
FAILED = SimpleNamespace(grading=object(), is_passed=False)


def work(*done: bool, test: TestFacts | None = None, sittings=(), opens_at=None, completion=None):
    lessons = Progress([Step(n, n, f"Lesson {n}", 5, is_done) for n, is_done in enumerate(done, 1)])
    return Coursework(lessons, test, sittings, opens_at, completion)


def kinds(of: Coursework) -> list[str]:
    return [missing.kind for missing in obstacles(of)]


@pytest.mark.parametrize(
    ("course", "missing"),
    [
        (work(), ["nothing to do"]),
        (work(True, True), []),
        (work(True, False), ["lessons"]),
        (work(test=TEST), ["test"]),
        (work(test=TEST, sittings=[PASSED]), []),
        (work(True, test=TEST, sittings=[FAILED]), ["test"]),
        (work(True, test=TEST, sittings=[OPEN]), ["test"]),
        (work(False, test=TEST, sittings=[PASSED]), ["lessons"]),
        (work(False, test=TEST), ["lessons", "test"]),
        (work(True, test=TEST, sittings=[PASSED]), []),
    ],
)
def test_a_course_is_done_when_its_lessons_and_its_test_are(
    course: Coursework, missing: list[str]
) -> None:
    assert kinds(course) == missing


@pytest.mark.parametrize(
    ("course", "kind"),
    [
        (work(), "nothing to do"),
        (work(True, False, test=TEST), "lesson"),
        (work(True, True, test=TEST), "test"),
        (work(True, test=TEST, sittings=[FAILED], opens_at=NOON + timedelta(hours=23)), "wait"),
        (work(True, test=TEST, sittings=[FAILED], opens_at=NOON), "test"),
        (work(False, test=TEST, sittings=[OPEN]), "resume"),
        (work(True, True), "complete"),
        (work(False, test=TEST, completion=object()), "completed"),
        (work(completion=object()), "completed"),
    ],
)
def test_there_is_one_next_thing_to_do(course: Coursework, kind: str) -> None:
    assert next_thing(course, at=NOON).kind == kind


@given(
    st.lists(st.booleans(), max_size=5), st.sampled_from([None, TEST]),
    st.lists(st.sampled_from([PASSED, FAILED]), max_size=3),
)  # fmt: skip
def test_what_comes_next_is_always_something_that_is_missing(done, test, sittings) -> None:
    course = work(*done, test=test, sittings=sittings)
    asks_for = {"lesson": "lessons", "test": "test", "nothing to do": "nothing to do"}

    missing, following = kinds(course), next_thing(course, at=NOON).kind

    assert (following == "complete") == (missing == [])
    if missing:
        assert asks_for[following] in missing


@given(st.lists(st.booleans(), max_size=5), st.sampled_from([None, TEST]), st.booleans())
def test_the_bar_is_full_exactly_when_nothing_is_missing(done, test, passed: bool) -> None:
    course = work(*done, test=test, sittings=[PASSED] if passed else [])

    assert (course.done == course.total and course.total > 0) == (kinds(course) == [])
