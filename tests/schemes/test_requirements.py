"""A requirement is met by what was completed, and by nothing else."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.schemes.models import RequirementKind
from app.schemes.requirements import Done, Required, weigh

JULY = datetime(2026, 7, 1, 16, tzinfo=UTC)
EUSOMII, SIIM, EFRS = 1, 2, 3
WEBINARS = Required(1, RequirementKind.WEBINARS, count=2, societies=frozenset({EUSOMII, SIIM}))
COURSE = Required(2, RequirementKind.COURSE, course_id=50, course_title="Foundations")


def webinar(number: int, *societies: int, days: int = 0, activity: int | None = None) -> Done:
    at = JULY + timedelta(days=days)
    facts: dict[str, Any] = {"seconds": 4620, "of_seconds": 5400, "societies": frozenset(societies)}
    return Done(number, activity or number, f"Webinar {number}", at, True, held_at=at, **facts)


def course(activity: int = 50, score: int = 80) -> Done:
    return Done(9, activity, "Foundations", JULY, False, score=score, pass_mark=75)


def test_webinars_of_any_awarding_society_count():
    standing = weigh(WEBINARS, [webinar(1, EUSOMII), webinar(2, SIIM, EFRS, days=3)])

    assert standing.met
    assert [done.activity_id for done in standing.evidence] == [1, 2]


def test_a_webinar_of_others_alone_does_not_count():
    standing = weigh(WEBINARS, [webinar(1, EUSOMII), webinar(2, EFRS)])

    assert not standing.met
    assert standing.missing == 1


def test_the_same_webinar_counts_once():
    standing = weigh(WEBINARS, [webinar(1, SIIM, activity=7), webinar(2, SIIM, activity=7)])

    assert standing.missing == 1


def test_only_the_named_course_counts():
    assert weigh(COURSE, [course()]).met
    assert weigh(COURSE, [course(activity=51), webinar(50, EUSOMII)]).missing == 1


def test_a_day_can_be_replayed():
    done = [webinar(1, EUSOMII), webinar(2, SIIM, days=10)]

    assert weigh(WEBINARS, done, on=date(2026, 7, 10)).missing == 1
    assert weigh(WEBINARS, done, on=date(2026, 7, 11)).met
    assert weigh(WEBINARS, done).met


def test_the_evidence_says_what_when_and_how_well():
    assert str(weigh(WEBINARS, [webinar(1, SIIM)]).evidence[0]) == (
        "Webinar 1: 1 July 2026 · present 77 of 90 minutes"
    )
    assert str(weigh(COURSE, [course()]).evidence[0]) == "Foundations: 1 July 2026 · score 80%"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(1, 6),
    st.lists(st.tuples(st.integers(1, 8), st.sampled_from([EUSOMII, SIIM, EFRS])), max_size=12),
)
def test_missing_is_what_the_distinct_fitting_webinars_leave_open(count, held):
    asked = Required(1, RequirementKind.WEBINARS, count=count, societies=frozenset({EUSOMII, SIIM}))
    society_of = {activity: society for activity, society in held}
    done = [webinar(n, society_of[a], activity=a) for n, (a, _s) in enumerate(held, 1)]

    standing = weigh(asked, done)

    fitting = sum(society != EFRS for society in society_of.values())
    assert standing.missing == max(0, count - fitting)
    assert len(standing.evidence) == min(count, fitting)
