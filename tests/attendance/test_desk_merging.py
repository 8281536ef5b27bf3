"""A late export, a second platform, decisions that are remembered: nothing counts twice."""

from datetime import date, time

import pytest
from sqlalchemy import select

from app.agenda.planning import Hour
from app.attendance.models import Participant, Recognition
from app.attendance.standing import standing
from app.enrolments.booking import enrol
from app.enrolments.models import Enrolment
from tests.attendance import files
from tests.attendance.reports import SAMPLES, line, report
from tests.attendance.test_desk_decisions import still_open
from tests.attendance.test_desk_upload import counts, load
from tests.cast import NOON, make_webinar

pytestmark = pytest.mark.usefixtures("the_day_after")


def zoom(*people):
    return report(*[line(name=name, address=address, left=left) for name, address, left in people])


SHORT = "Oct 14, 2026 18:30:00"
LONG = "Oct 14, 2026 19:15:00"
BEN = "ben@clinic.example"
STRANGE = ("radiology pc 3", "", SHORT)


def seconds_of(session, activity, person):
    enrolment = session.scalars(Enrolment.live(person, activity)).one()
    return standing(session, activity).measured(enrolment.id).seconds


def decide(browser, activity, participant, **decision):
    browser.post(f"/desk/activities/{activity.id}/presence/{participant.id}", decision)


@pytest.mark.parametrize(
    ("sample", "is_doubted"),
    [
        ("zoom-webinar.csv", False),
        ("zoom-meeting.csv", False),
        ("bbb-dashboard.csv", False),
        ("teams.tsv", True),
        ("bbb-callback.json", True),
    ],
)
def test_every_sample_is_loaded_in_the_browser_and_kept(
    browser, session, eva, the_webinar, learners, sample, is_doubted
):
    content = (SAMPLES / sample).read_bytes()
    url = f"/desk/activities/{the_webinar.id}/presence"
    load(browser.sign_in(eva), the_webinar, content, sample, status=422 if is_doubted else 303)
    if is_doubted:  # they are about webinars with other titles
        browser.submit(sure="y")

    found = session.scalars(select(Participant).where(Participant.role == "attendee")).all()
    kept = browser.visit(f"{url}/report/{found[0].report_id}/file")
    assert len(found) == 42
    assert sample in browser.visit(url).text
    assert kept.response.data == content
    assert sample in kept.response.headers["Content-Disposition"]


def test_a_longer_export_adds_what_is_missing_and_counts_nothing_twice(
    browser, session, eva, ben, small
):
    load(browser.sign_in(eva), small, zoom(("Ben Okoro", BEN, SHORT), STRANGE))
    assert seconds_of(session, small, ben) == 1800

    load(browser, small, zoom(("Ben Okoro", BEN, LONG), STRANGE))

    assert counts(session)[0] == 2
    assert seconds_of(session, small, ben) == 4500
    page = browser.visit(f"/desk/activities/{small.id}/presence", budget=14)
    assert page.text.count("radiology pc 3") == page.text.count("pc 3")
    assert "To settle (1)" in page.text, "one machine in two reports is one question"


def test_a_decision_holds_for_the_same_identity_in_every_report(browser, session, eva, ana, small):
    load(browser.sign_in(eva), small, zoom(("Ben Okoro", BEN, SHORT), STRANGE))
    (machine,) = still_open(session)
    decide(browser, small, machine, decision="aside", reason="nobody")

    load(browser, small, zoom(("Ben Okoro", BEN, LONG), STRANGE))
    assert still_open(session) == []
    other = next(
        one for one in session.scalars(select(Participant)) if one.name == machine.name != ""
        and one.id != machine.id
    )  # fmt: skip
    hers = session.scalars(Enrolment.live(ana, small)).one()
    decide(browser, small, other, decision="match", enrolment=str(hers.id))

    assert {machine.enrolment_id, other.enrolment_id} == {hers.id}
    assert seconds_of(session, small, ana) == 1800


def test_the_report_of_a_second_platform_is_joined_to_the_first(browser, session, eva, ben, small):
    load(browser.sign_in(eva), small, zoom(("Ben Okoro", BEN, SHORT)))
    teams = files.lines(
        *files.OLDER[:1],
        f"Ben Okoro\t10/14/2026, 6:20:00 PM\t10/14/2026, 7:00:00 PM\t40m\t{BEN}\tAttendee\t",
    )

    load(browser, small, teams, "teams.csv")

    assert seconds_of(session, small, ben) == 3600, "18:00 to 18:30 and 18:20 to 19:00 is an hour"


def test_who_was_recognised_once_is_known_in_the_next_webinar(
    browser, session, eva, ana, small, societies
):
    load(browser.sign_in(eva), small, zoom(("pc 7", "", LONG)))
    (machine,) = still_open(session)
    hers = session.scalars(Enrolment.live(ana, small)).one()
    decide(browser, small, machine, decision="match", enrolment=str(hers.id), remember="y")
    later = make_webinar(
        session, eva, societies.eusomii, starts_at=small.starts_at, title=small.title
    )
    enrol(session, later, ana, at=NOON)

    load(browser, later, zoom(("7 PC", "", LONG)))

    assert seconds_of(session, later, ana) == 4500
    came = browser.visit(f"/desk/activities/{later.id}/presence?show=came")
    assert "Known from an earlier decision" in came.text
    remembered = browser.visit("/desk/presence/remembered")
    assert "pc 7" in remembered.text
    assert "on Zoom webinar" in remembered.text


def test_a_decision_that_is_not_to_be_remembered_is_not(browser, session, eva, ana, small):
    load(browser.sign_in(eva), small, zoom(("pc 7", "", LONG)))
    (machine,) = still_open(session)
    hers = session.scalars(Enrolment.live(ana, small)).one()

    decide(browser, small, machine, decision="match", enrolment=str(hers.id))

    assert session.scalars(select(Recognition)).all() == []


def test_only_an_address_is_remembered_unasked_for_a_name_may_be_somebody_elses(
    browser, session, eva, ana, small
):
    load(browser.sign_in(eva), small, zoom(("iPhone", "", LONG), ("Ana", "ana@home.example", LONG)))
    ticked = 'name="remember" value="y" checked'
    for one in still_open(session):
        page = browser.visit(f"/desk/activities/{small.id}/presence/{one.id}?q=ana")
        assert 'name="remember" value="y"' in page.html
        assert (ticked in page.html) is bool(one.address)


def test_what_is_remembered_can_be_forgotten_and_a_second_thought_forgets_it(
    browser, session, eva, ana, small
):
    load(browser.sign_in(eva), small, zoom(("pc 7", "", LONG), ("pc 8", "", LONG)))
    hers = session.scalars(Enrolment.live(ana, small)).one()
    for machine in still_open(session):
        decide(browser, small, machine, decision="match", enrolment=str(hers.id), remember="y")
    first, second = session.scalars(select(Recognition).order_by(Recognition.id)).all()

    browser.post(f"/desk/presence/recognitions/{first.id}/withdrawal")
    machine = session.scalars(select(Participant).where(Participant.name == "pc 8")).one()
    decide(browser, small, machine, decision="reopen")

    assert first.ended_at is not None
    assert second.ended_at is not None
    assert "Nobody yet" in browser.visit("/desk/presence/remembered").text


def test_an_address_comes_before_what_was_remembered(
    browser, session, eva, ana, ben, small, societies
):
    Recognition.remember(
        session, societies.eusomii, ana, name="", address=BEN, provider="", by=eva, at=NOON
    )

    load(browser.sign_in(eva), small, zoom(("Ben Okoro", BEN, LONG)))

    assert seconds_of(session, small, ben) == 4500
    assert seconds_of(session, small, ana) == 0


def test_names_alike_enough_are_confirmed_all_at_once(browser, session, eva, ana, ben, small):
    load(
        browser.sign_in(eva), small,
        zoom(("Lopez Ana", "", LONG), ("Ben Okorro", "", LONG), STRANGE),
    )  # fmt: skip
    page = browser.visit(f"/desk/activities/{small.id}/presence")
    assert "the names are alike by 100%" in page.text

    page = browser.submit("/confirmations", least="100")
    assert "1 person is matched by name." in page.text
    assert seconds_of(session, small, ana) == 4500
    assert seconds_of(session, small, ben) == 0
    browser.submit("/confirmations", least="85")

    assert seconds_of(session, small, ben) == 4500
    assert [one.name for one in still_open(session)] == ["radiology pc 3"]
    browser.post(f"/desk/activities/{small.id}/presence/confirmations", {"least": "7"}, status=422)


def test_a_name_that_two_people_bear_is_not_confirmed_with_the_others(
    browser, session, eva, make_person, small
):
    for number in range(2):
        twin = make_person("Ana Lopez", f"twin{number}@clinic.example")
        enrol(session, small, twin, at=NOON)
    load(browser.sign_in(eva), small, zoom(("Ana Lopez", "", LONG)))

    browser.post(f"/desk/activities/{small.id}/presence/confirmations", {"least": "80"})

    assert len(still_open(session)) == 1


def test_what_a_learner_sees_of_their_presence(browser, session, eva, ben, small):
    enrolment = session.scalars(Enrolment.live(ben, small)).one()
    url = f"/enrolments/{enrolment.id}/presence"
    assert "Nothing is measured yet." in browser.sign_in(ben).visit(url).text

    load(browser.sign_in(eva), small, zoom(("Ben Okoro", BEN, LONG)))
    page = browser.sign_in(ben).visit(url)

    assert "75 of 90 minutes" in page.text
    assert "18:00 to 19:15" in page.text
    assert "So far you count as present." in page.text
    assert 'class="lane-part"' in page.html


def test_a_sum_is_shown_to_the_learner_as_no_more_than_that(browser, session, eva, ben, small):
    row = '"Ben Okoro","FALSE","5","00:01:00","-","3","0","0","1",'
    times = '"10/14/2026, 6:00:00 PM","10/14/2026, 7:30:00 PM","01:00:00",""'
    load(browser.sign_in(eva), small, files.lines(files.DASHBOARD[0], row + times))
    browser.visit(f"/desk/activities/{small.id}/presence")
    browser.submit("/confirmations", least="100")
    enrolment = session.scalars(Enrolment.live(ben, small)).one()

    page = browser.sign_in(ben).visit(f"/enrolments/{enrolment.id}/presence")

    assert "a sum only: between 60 and 60 minutes" in page.text
    assert "So far you were not there long enough." in page.text


@pytest.mark.parametrize("kind", sorted(files.RIGHT))
def test_a_damaged_file_of_every_kind_is_explained_and_nothing_is_lost(
    browser, session, eva, small, kind
):
    whole = files.RIGHT[kind]
    page = load(
        browser.sign_in(eva),
        small,
        whole.replace(b"Ben", b"B\0n"),
        status=422,
        zone="Europe/Lisbon",
    )

    assert "Line" in page.text
    assert page.form()["fields"]["zone"] == ["Europe/Lisbon"]
    assert counts(session) == [0, 0, 0]


def test_presence_is_summed_over_several_sessions(browser, session, eva, ben, small):
    hours = [
        Hour(on=date(2026, 10, 14), start=time(18), minutes=45, fold=0),
        Hour(on=date(2026, 10, 14), start=time(19), minutes=30, fold=0),
    ]
    small.meets(hours, "Europe/Vienna")
    session.flush()

    load(browser.sign_in(eva), small, zoom(("Ben Okoro", BEN, LONG)))

    enrolment = session.scalars(Enrolment.live(ben, small)).one()
    known = standing(session, small)
    assert known.of == 75 * 60
    assert known.measured(enrolment.id).seconds == 60 * 60, "45 minutes, then 15; no break"
    assert known.reached == [enrolment.id]
    page = browser.sign_in(ben).visit(f"/enrolments/{enrolment.id}/presence")
    assert "60 of 75 minutes" in page.text
    assert page.html.count('class="lane"') == 2
