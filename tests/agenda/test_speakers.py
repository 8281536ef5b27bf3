"""Speakers: their rows, the link to their page, photograph, biography and material."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta

import pytest
from PIL import Image, ImageFile
from sqlalchemy import select

from app.agenda.contributions import bring
from app.agenda.handouts import NotAHandout, handout
from app.agenda.kinds import Part
from app.agenda.models import Speaker
from app.agenda.portraits import NotAPortrait, portrait
from app.agenda.profiles import LINK_LIFE, Material, SpeakerInvitation, of_token
from app.agenda.speakers import Named, seated
from app.clock import now
from app.journal.models import Entry
from app.outbox.models import Message

PDF = b"%PDF-1.7\n% a handout"


def picture(size=(1200, 800), kind="JPEG", **facts):
    written = io.BytesIO()
    Image.new("RGB", size, "#356").save(written, kind, **facts)
    return written.getvalue()


def archive(*names):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return written.getvalue()


@pytest.fixture
def ida(session, webinar):
    [speaker] = webinar.speakers
    speaker.address = "ida@uppsala.example"
    session.flush()
    return speaker


@pytest.fixture
def link(browser, eva, ida, session):
    """The address of Ida's page, as her letter has it."""
    browser.sign_in(eva).visit(f"/desk/activities/{ida.activity_id}/speakers")
    browser.submit(f"/{ida.id}/invitation")
    browser.sign_out()
    return link_in(session)


def link_in(session):
    letter = session.scalars(select(Message).order_by(Message.id.desc())).first()
    return re.search(r"https?://[^/\s]+(/speak/\S+)", letter.plain)[1]


def acts(session):
    return list(session.scalars(select(Entry.act).order_by(Entry.id)))


def test_whoever_is_named_again_keeps_the_row(session, webinar, eva, ida):
    ana = Speaker(name="Dr Ana López", address="ana@a.example", position=2)
    webinar.speakers = [ida, ana]
    session.flush()

    webinar.speakers = seated(
        webinar.named, [Named("Prof Ana Lopez", address="Ana@a.example"), Named(ida.name, "Lund")]
    )

    assert [s.id for s in webinar.speakers] == [ana.id, ida.id]
    assert [s.name for s in webinar.speakers] == ["Prof Ana Lopez", "Dr Ida Nyström"]
    assert ida.affiliation == "Lund"


@pytest.mark.parametrize(
    ("before", "after", "is_same"),
    [
        ("Dr Jan Kowalski", "Prof Jan Kowalsky", True),
        ("I. Nystrom", "Dr Ida Nyström", True),
        ("Anna Meier", "Anna Meier-Huber", True),
        ("López, Ana", "Prof. Ana Lopez", True),
        ("Dr Anna Meier", "Dr Anna Huber", False),
        ("Dr Xaver Huber", "Dr Yvonne Maier", False),
        ("Prof. Li Wei", "Prof. Ada Byron", False),
    ],
)
def test_whoever_shares_an_address_inherits_nothing_unless_the_names_are_alike(
    before, after, is_same
):
    known = Speaker(name=before, address="secretariat@a.example", position=1)
    [row] = seated([known], [Named(after, address="secretariat@a.example")])
    assert (row is known) is is_same
    assert row.name == after


def test_nobody_inherits_the_row_of_somebody_else(session, webinar, ida):
    webinar.speakers = seated(webinar.named, [Named("Dr Ola Berg", ida.affiliation)])
    session.flush()

    [ola] = webinar.speakers
    assert ola.id != ida.id
    assert ida.has_left

    webinar.speakers = seated(webinar.named, [Named("Dr Ida Nyström")])
    assert webinar.speakers == [ida]
    assert ola.has_left


def test_the_programme_names_parts_and_addresses(browser, eva, session, webinar, ida):
    browser.sign_in(eva).visit(f"/desk/activities/{webinar.id}/texts")

    browser.submit(**{
        "speakers-0-address": "ida@kth.example",
        "speakers-1-name": "Mona Mod", "speakers-1-part": "moderator",
        "speakers-2-name": "Pat Plan", "speakers-2-part": "planner",
    })  # fmt: skip

    assert [(s.name, s.part) for s in webinar.speakers] == [
        ("Dr Ida Nyström", Part.SPEAKER),
        ("Mona Mod", Part.MODERATOR),
        ("Pat Plan", Part.PLANNER),
    ]
    page = browser.visit(f"/agenda/{webinar.id}")
    assert "Who moderates Mona Mod" in re.sub(r" M M", " M", page.text)
    assert "ida@kth.example" not in page.html
    assert "Pat Plan" not in page.text
    assert "Nobody" not in page.text
    browser.visit("/agenda?q=Pat+Plan")
    assert webinar.title not in browser.page.text


def test_a_letter_leads_to_the_page_without_an_account(browser, session, link, ida, webinar):
    page = browser.visit(link)

    assert webinar.title in page.text
    assert "Dr Ida Nyström" in page.text
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    token = link.rsplit("/", 1)[-1]
    assert len(token) >= 43
    [kept] = session.scalars(select(SpeakerInvitation))
    assert token.encode() not in kept.token_digest
    letter = session.scalars(select(Message)).one()
    assert letter.to == "ida@uppsala.example"
    assert "speaker.invited" in acts(session)


def test_the_link_opens_nothing_once_revoked_moved_left_or_old(
    browser, another_browser, eva, session, link, ida, webinar
):
    token = link.rsplit("/", 1)[-1]
    assert of_token(session, token, at=now()) is ida
    assert of_token(session, token, at=webinar.ends_at + LINK_LIFE) is None
    browser.visit(link[:-1] + ("A" if link[-1] != "A" else "B"), status=410)

    ida.address = "other@uppsala.example"
    browser.visit(link, status=410)
    ida.address = "ida@uppsala.example"
    browser.visit(link)
    ida.has_left = True
    browser.visit(link, status=410)
    ida.has_left = False

    another_browser.sign_in(eva).visit(f"/desk/activities/{webinar.id}/speakers")
    another_browser.submit(f"/{ida.id}/revocation")
    assert "no longer good" in browser.visit(link, status=410).text
    another_browser.submit(f"/{ida.id}/invitation")
    browser.visit(link_in(session))


def test_only_the_societies_that_hold_it_invite(browser, eva, give_mandate, make_person, ida,
                                               societies, session):  # fmt: skip
    stranger = make_person("Nora Fremd")
    give_mandate(stranger, "course administrator", societies.efrs)
    browser.sign_in(stranger)

    browser.visit(f"/desk/activities/{ida.activity_id}/speakers", status=404)
    browser.post(f"/desk/activities/{ida.activity_id}/speakers/{ida.id}/invitation", status=404)

    assert session.scalars(select(Message)).first() is None


def test_a_speaker_introduces_herself(browser, session, link, ida, webinar):
    browser.visit(f"{link}/introduction")

    browser.submit(
        affiliation="KTH Stockholm", biography="Ida **built** it. <script>x</script>",
        photo=(picture(), "me.jpg"), photo_alt="Ida at her desk",
    )  # fmt: skip

    public = browser.visit(f"/agenda/{webinar.id}")
    assert "KTH Stockholm" in public.text
    assert "<strong>built</strong>" in public.html
    assert "<script>x" not in public.html
    assert 'alt="Ida at her desk"' in public.html
    face = browser.visit(f"/portraits/{ida.profile.photo}.jpg").response
    assert face.mimetype == "image/jpeg"
    assert "immutable" in face.headers["Cache-Control"]
    assert Image.open(io.BytesIO(face.data)).size == (480, 480)

    old = ida.profile.photo
    browser.visit(f"{link}/introduction")
    browser.submit(no_photo="y")
    assert "<img" not in browser.visit(f"/agenda/{webinar.id}").html
    browser.visit(f"/portraits/{old}.jpg", status=404)
    assert acts(session).count("speaker.pictured") == 2


@pytest.mark.parametrize(
    "values",
    [
        {"biography": "x" * 1001},
        {"photo": (b"GIF89a", "me.gif")},
        {"photo": (b"<svg/>", "me.jpg")},
        {"photo": (picture()[:200], "me.jpg")},
    ],
)
def test_what_is_no_introduction_is_said_at_the_form(browser, session, link, ida, values):
    browser.visit(f"{link}/introduction")

    page = browser.submit(status=422, affiliation="Lund", **values)

    assert 'value="Lund"' in page.html
    assert "looks like" in page.text or "field-error" in page.html
    assert ida.affiliation == "Uppsala"
    assert ida.profile is None


def test_a_photograph_loses_what_it_says_of_its_place_and_time():
    taken = Image.Exif()
    taken[0x010F], taken[0x0112] = "Camera of Ida", 6
    sent = picture((300, 100), exif=taken)
    assert b"Camera of Ida" in sent

    kept = portrait(sent)

    assert b"Camera of Ida" not in kept
    assert b"Exif" not in kept
    assert Image.open(io.BytesIO(kept)).size == (480, 480)


@pytest.mark.parametrize(
    ("whole", "mangled"),
    [
        pytest.param(b"\x01\x1a\x00\x05", b"\x01\x0a\x00\x05", id="a fraction for a number"),
        pytest.param(b"\x01\x1a\x00\x05", b"\x01\x1a\x00\x07", id="bytes for a fraction"),
    ],
)
def test_a_picture_with_mangled_metadata_is_said_to_be_unreadable(whole, mangled):
    taken = Image.Exif()
    taken[0x010F], taken[0x0112], taken[0x011A] = "Camera", 6, 72.0
    sent = picture((60, 40), exif=taken)
    assert sent.count(whole) == 1
    assert portrait(sent)

    with pytest.raises(NotAPortrait):
        portrait(sent.replace(whole, mangled))


def test_half_a_portrait_is_none_even_where_a_library_has_allowed_it_for_all(monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    whole = picture((600, 600), "JPEG")
    with pytest.raises(NotAPortrait):
        portrait(whole[: len(whole) // 2])


def test_a_picture_of_unreasonable_size_is_not_read():
    with pytest.raises(NotAPortrait):
        portrait(picture((5200, 5200), "PNG"))


@pytest.mark.parametrize(
    ("content", "name", "kept_as"),
    [
        (PDF, "Slides.exe", "Slides.pdf"),
        (PDF, "../../etc/pass wd", "pass wd.pdf"),
        (archive("[Content_Types].xml", "ppt/presentation.xml"), "a.zip", "a.pptx"),
        (archive("notes.txt"), "C:\\work\\all.docx", "all.zip"),
        (PDF, "", "material.pdf"),
        (b"\xef\xbb\xbf\n" + PDF, "Slides.pdf", "Slides.pdf"),
    ],
)
def test_a_handout_is_what_it_holds_whatever_it_is_called(content, name, kept_as):
    assert handout(content, name).name == kept_as


@pytest.mark.parametrize(
    "content",
    [
        b"", b"MZ\x90", b"<html>", b"PK\x03\x04 broken",
        archive("[Content_Types].xml", "word/document.xml"),
        archive("[Content_Types].xml", "ppt/presentation.xml", "ppt/vbaProject.bin"),
        b"\x89PNG\r\n\x1a\n" + PDF, b"<html>" + archive("notes.txt"),
    ],
)  # fmt: skip
def test_other_kinds_of_files_are_not_taken(content):
    with pytest.raises(NotAHandout):
        handout(content, "slides.pdf")


def test_a_speaker_hands_in_releases_and_removes_material(browser, eva, session, link, ida):
    browser.visit(f"{link}/material")
    assert "Please choose a PDF" in browser.submit(file=(b"MZ", "a.pdf"), status=422).text
    browser.submit(file=(PDF, "Slides.pdf"))
    [material] = session.scalars(select(Material))
    activity, at = ida.activity, now()
    assert not material.is_open(activity, at)
    assert material.is_open(activity, activity.ends_at)

    browser.submit(f"/material/{material.id}/release", release="at once")
    assert material.is_open(activity, at)
    answer = browser.visit(f"{link}/material/{material.id}").response
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"] == "attachment; filename=Slides.pdf"

    browser.visit(link)
    browser.submit(f"/material/{material.id}/removal")
    assert not material.is_open(activity, at + timedelta(days=99))
    browser.visit(f"{link}/material/{material.id}", status=404)
    assert [a for a in acts(session) if a.startswith("material")] == [
        "material.handed_in",
        "material.released",
        "material.withdrawn",
    ]


def test_material_may_be_larger_than_other_files_but_not_without_end(browser, session, link):
    browser.visit(f"{link}/material")
    browser.submit(file=(PDF + bytes(12 * 1024 * 1024), "Large.pdf"))
    browser.visit(f"{link}/material")

    page = browser.submit(file=(PDF + bytes(25 * 1024 * 1024), "Huge.pdf"), status=413)

    assert "larger than 20 MB" in page.text
    assert [m.name for m in session.scalars(select(Material))] == ["Large.pdf"]


def test_a_speaker_with_an_account_says_so(browser, ana, session, link, ida):
    browser.sign_in(ana).visit(link)
    browser.submit("/account")
    assert ida.profile.person == ana

    browser.visit(link)
    browser.submit("/account")
    assert ida.profile.person is None


def test_what_the_link_alone_did_is_not_said_to_be_done_by_the_linked_account(
    browser, session, link, ida, ana
):
    browser.sign_in(ana).visit(link)
    browser.submit("/account")
    browser.sign_out().visit(f"{link}/introduction")
    browser.submit(affiliation="Lund")

    entries = {one.act: one for one in session.scalars(select(Entry))}
    assert entries["speaker.linked"].actor_id == ana.id
    introduced = entries["speaker.introduced"]
    assert introduced.actor_id is None
    assert introduced.actor_name == ida.name
    assert introduced.details["speaker"] == ida.name
    assert introduced.details["through"] == "personal page"


def test_a_society_beside_writes_only_to_the_speakers_whom_it_brought(
    browser, session, webinar, societies, sam, ida
):
    bring(webinar, societies.siim, [Named("Bo Beck", address="bo@siim.example")], by=sam, at=now())
    [bo] = [one for one in webinar.speakers if one is not ida]
    desk = f"/desk/activities/{webinar.id}/speakers"

    page = browser.sign_in(sam).visit(desk)
    assert [f["action"].endswith(f"/{bo.id}/invitation") for f in page.forms
            if "/invitation" in f["action"]] == [True]  # fmt: skip
    browser.submit(f"/{bo.id}/invitation")
    browser.post(f"{desk}/{bo.id}/revocation")
    browser.post(f"{desk}/{ida.id}/invitation", status=404)
    browser.post(f"{desk}/{ida.id}/revocation", status=404)
    assert [letter.to for letter in session.scalars(select(Message))] == ["bo@siim.example"]
