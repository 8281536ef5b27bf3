"""Loading a report at the desk: what fits is taken in once, the rest is answered in words."""

from io import BytesIO

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from app.attendance.forms import ReportForm
from app.attendance.models import Participant, Presence, PresenceReport
from app.attendance.upload import received
from app.files import files
from app.journal.models import Entry
from app.societies.models import Office
from tests.attendance.reports import SAMPLE, line, report
from tests.cast import make_webinar

pytestmark = pytest.mark.usefixtures("the_day_after")


def load(browser, activity, content=SAMPLE, name="zoom.csv", status=303, **fields):
    browser.visit(f"/desk/activities/{activity.id}/presence/report")
    return browser.submit(file=(content, name), status=status, **fields)


def counts(session):
    return [
        session.scalar(select(func.count()).select_from(table))
        for table in (PresenceReport, Participant, Presence)
    ]


def test_a_report_is_taken_in_and_kept_as_it_came(browser, session, eva, the_webinar, learners):
    page = load(browser.sign_in(eva), the_webinar)

    taken = session.scalars(select(PresenceReport)).one()
    assert "zoom.csv is loaded." in page.text
    assert files.read(taken.file_digest) == SAMPLE
    assert (taken.zone, taken.provider) == ("Europe/Vienna", "zoom-webinar")
    assert session.scalars(select(Entry).where(Entry.act == "presence.reported")).one()


def test_the_name_of_a_report_fits_every_header(stage):
    with stage.test_request_context(method="POST"):
        form = ReportForm(zone="UTC")
        form.file.data = FileStorage(BytesIO(SAMPLE), "C:\\zoom\nof\r1.csv")
        came = received(form, 1)

    assert came is not None
    assert (came.name, came.content) == ("zoomof1.csv", SAMPLE)


def test_the_same_file_twice_is_one_report(browser, session, eva, the_webinar, learners):
    load(browser.sign_in(eva), the_webinar)
    before = counts(session)

    page = load(browser, the_webinar, name="again.csv")

    assert "nothing was doubled" in page.text
    assert counts(session) == before


def test_hosts_and_panelists_are_set_aside_as_such(browser, session, eva, the_webinar, learners):
    load(browser.sign_in(eva), the_webinar)
    page = browser.visit(f"/desk/activities/{the_webinar.id}/presence?show=aside")
    panel = session.scalars(select(Participant).where(Participant.role != "attendee")).all()

    assert panel
    assert all(one.is_set_aside and one.decided_by is None for one in panel)
    assert all(one.name in page.text for one in panel)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty"),
        (b"%PDF-1.7 not a report", "This is a PDF, not an attendance report"),
        (SAMPLE[: len(SAMPLE) // 2], "please download it again"),
        (report(line(joined="yesterday")), "Line 7 has “yesterday” under “Join Time”"),
        (b"Poll Report,\r\n", "This is Zoom's poll report"),
        (bytes(range(256)) * 40, "is not UTF-8 text"),
    ],
)
def test_a_wrong_or_half_file_is_explained_beside_the_field(
    browser, session, eva, the_webinar, content, said
):
    page = load(browser.sign_in(eva), the_webinar, content, status=422, zone="Europe/Lisbon")

    assert said in page.text
    assert page.form()["fields"]["zone"] == ["Europe/Lisbon"]
    assert counts(session) == [0, 0, 0]


def test_no_file_at_all_is_asked_for(browser, session, eva, the_webinar):
    browser.sign_in(eva).visit(f"/desk/activities/{the_webinar.id}/presence/report")

    assert "Please choose the file of the report." in browser.submit(status=422).text


def test_an_unknown_zone_is_refused_at_its_field(browser, session, eva, the_webinar):
    page = load(browser.sign_in(eva), the_webinar, status=422, zone="Europe/Atlantis")

    assert "choice" in page.text
    assert counts(session) == [0, 0, 0]


def test_an_over_large_file_is_refused_whole(browser, session, eva, the_webinar):
    page = load(browser.sign_in(eva), the_webinar, b"x" * (9 * 1024 * 1024), status=413)

    assert "larger than 8 MB" in page.text
    assert counts(session) == [0, 0, 0]


def test_a_report_of_another_webinar_is_doubted_and_needs_a_tick(
    browser, session, eva, societies, the_webinar, learners
):
    other = make_webinar(
        session, eva, societies.eusomii, title="Radiation protection for children",
        starts_at=the_webinar.starts_at.replace(day=7),
    )  # fmt: skip
    page = load(browser.sign_in(eva), other, status=422)
    assert "This report is about “DICOMweb, FHIR and IHE in practice”" in page.text
    assert "started on" in page.text
    assert counts(session) == [0, 0, 0]

    assert "Is this the right report?" in browser.submit(status=422).text
    page = browser.submit(sure="y")

    assert "zoom.csv is loaded." in page.text
    assert session.scalars(select(PresenceReport)).one().activity_id == other.id


def test_a_wrong_zone_is_doubted_and_put_right_without_choosing_the_file_again(
    browser, session, eva, the_webinar, learners
):
    page = load(browser.sign_in(eva), the_webinar, status=422, zone="UTC")
    assert "if they were moved by −2:00 hours" in page.text
    assert "you need not choose it again" in page.text

    page = browser.submit(zone="Europe/Vienna")

    assert "zoom.csv is loaded." in page.text
    assert session.scalars(select(PresenceReport)).one().zone == "Europe/Vienna"


def test_a_tick_counts_only_for_the_doubts_that_were_shown(browser, session, eva, the_webinar):
    load(browser.sign_in(eva), the_webinar, status=422, zone="UTC")

    page = browser.submit(zone="Asia/Tokyo", sure="y", status=422)

    assert "moved by" in page.text
    assert counts(session) == [0, 0, 0]


def test_a_seal_of_another_webinar_or_a_forged_one_opens_nothing(
    browser, session, eva, societies, the_webinar
):
    other = make_webinar(session, eva, societies.eusomii, starts_at=the_webinar.starts_at)
    load(browser.sign_in(eva), the_webinar, status=422, zone="UTC")
    seal = browser.page.form()["fields"]["kept"][0]

    for kept, activity in ((seal, other), (seal + "x", the_webinar), ("x", the_webinar)):
        url = f"/desk/activities/{activity.id}/presence/report"
        page = browser.post(url, {"kept": kept, "zone": "UTC", "sure": "y"}, status=422)
        assert "choose the file" in page.text
    assert counts(session) == [0, 0, 0]


def test_a_wrong_report_is_taken_out_and_loaded_again(browser, session, eva, the_webinar, learners):
    load(browser.sign_in(eva), the_webinar, status=422, zone="UTC")
    browser.submit(sure="y")

    page = browser.submit("/withdrawal")
    assert "no longer counts" in page.text
    assert "Load the report of the session." in page.text
    page = load(browser, the_webinar)

    assert "is loaded" in page.text
    zones = session.scalars(select(PresenceReport.zone).order_by(PresenceReport.id)).all()
    assert zones == ["UTC", "Europe/Vienna"]


def test_other_societies_learners_and_strangers_reach_nothing(
    browser, session, eva, ana, societies, the_webinar, learners, make_person, give_mandate
):
    load(browser.sign_in(eva), the_webinar)
    someone = session.scalars(select(Participant)).first()
    taken = session.scalars(select(PresenceReport)).one()
    efrs = make_person("Eli Stone")
    give_mandate(efrs, Office.COURSE_ADMINISTRATOR, societies.efrs)
    url = f"/desk/activities/{the_webinar.id}"

    for person, status in ((efrs, 404), (ana, 403)):
        browser.sign_in(person)
        for path in ("presence", "presence/report", f"presence/{someone.id}", "settlement"):
            browser.visit(f"{url}/{path}", status=status)
        for path in (
            "presence/report", f"presence/{someone.id}", "settlement",
            f"presence/report/{taken.id}/withdrawal",
        ):  # fmt: skip
            browser.post(f"{url}/{path}", status=status)
    assert taken.ended_at is None


def test_a_draft_a_course_and_nothing_have_no_presence(browser, session, eva, societies, course):
    draft = make_webinar(session, eva, societies.eusomii, announced=False)
    browser.sign_in(eva)

    for id in (draft.id, course.id, 999):
        browser.visit(f"/desk/activities/{id}/presence", status=404)


def test_a_participant_of_one_webinar_is_not_decided_through_another(
    browser, session, eva, societies, the_webinar, learners
):
    other = make_webinar(session, eva, societies.eusomii)
    load(browser.sign_in(eva), the_webinar)
    someone = session.scalars(select(Participant)).first()

    browser.visit(f"/desk/activities/{other.id}/presence/{someone.id}", status=404)
