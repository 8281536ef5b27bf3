"""What a stranger learns: genuine or not, valid or not, and no name that the holder keeps."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest
from sqlalchemy import select

from app.clock import now
from app.credentials import serial as serials
from app.credentials.issuing import correct
from app.credentials.models import Credential
from app.credentials.withholding import withdraw
from app.files import files
from app.sealing.jobs import typeset
from app.verification.names import same
from tests.cast import in_error
from tests.credentials.conftest import address
from tests.sealing.keys import give_keys


@pytest.fixture
def diploma(session, anas_diploma) -> Credential:
    """Ana's diploma with its file."""
    give_keys(session)
    typeset(anas_diploma.id)
    session.expire_all()
    return anas_diploma


@pytest.fixture
def pdf(diploma) -> bytes:
    return files.read(diploma.file_digest)


def drop(browser, content: bytes, *, name: str = "diploma.pdf", status: int = 200):
    browser.visit("/verify")
    return browser.submit("/verify/file", file=(content, name), status=status)


def test_a_serial_typed_by_hand_leads_to_the_verdict(browser, diploma):
    browser.visit("/verify")
    page = browser.submit("/verify", serial=diploma.serial.lower().replace("-", " "))
    assert "Genuine and valid today" in page.text
    assert diploma.serial in page.text
    assert "Joint Certificate in Imaging Informatics" in page.text


def test_a_serial_with_a_slip_of_the_pen_is_answered_at_the_field(browser, diploma):
    browser.visit("/verify")
    slip = diploma.serial[:-1] + ("A" if diploma.serial[-1] != "A" else "B")
    page = browser.submit("/verify", serial=slip, status=422)
    assert "cannot be a serial of ours" in page.text
    assert slip in page.html


def test_the_issued_file_is_identical_byte_for_byte(browser, pdf):
    page = drop(browser, pdf)
    assert "Genuine and valid today" in page.text
    assert "Identical, byte for byte" in page.text


def test_one_changed_byte_is_altered_and_the_original_is_named(browser, diploma, pdf):
    changed = bytearray(pdf)
    changed[-20] ^= 1
    page = drop(browser, bytes(changed))
    assert "Altered" in page.text
    assert "Genuine and valid" not in page.text
    assert diploma.serial in page.text


def test_something_appended_is_altered(browser, pdf):
    assert "Altered" in drop(browser, pdf + b"\n% an incremental update\n%%EOF\n").text


def test_a_strangers_pdf_is_unknown(browser, diploma):
    page = drop(browser, b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF")
    assert "This file was not issued here" in page.text


def test_a_file_that_is_no_pdf_is_refused_in_words(browser):
    assert "not a PDF" in drop(browser, b"PK\x03\x04 not a pdf", status=422).text


def test_no_file_is_refused_in_words(browser):
    browser.visit("/verify")
    assert "choose the file" in browser.submit("/verify/file", status=422).text


def test_the_name_is_shown_only_when_the_holder_shows_it(browser, session, diploma):
    assert "Ana Lopez" not in browser.visit(f"/v/{diploma.serial}").html
    diploma.shows_name = True
    session.commit()
    assert "Ana Lopez" in browser.visit(f"/v/{diploma.serial}").text


def test_a_visitor_compares_a_name_they_were_given(browser, diploma):
    browser.visit(f"/v/{diploma.serial}/name")
    assert "Yes: this is the name" in browser.submit(name="lopez, ANA", status=200).text
    page = browser.submit(name="Ana Gomez", status=200)
    assert "No: this is not the name" in page.text
    assert "Lopez" not in page.html
    assert "Please type the name" in browser.submit(name=" ", status=422).text


@pytest.mark.parametrize(
    ("given", "printed", "expected"),
    [
        ("Ana Lopez", "Ana Lopez", True),
        ("łukasiewicz-ångström zoë", "Zoë Łukasiewicz-Ångström", True),
        ("محمد بن عبد الله", "محمد بن عبد الله", True),
        ("Ana", "Ana Lopez", False),
        ("", "Ana Lopez", False),
        ("...", "Ana Lopez", False),
    ],
)
def test_names_are_compared_without_case_accents_and_order(given, printed, expected):
    assert same(given, printed) is expected


def test_a_withdrawn_diploma_stays_verifiable_as_withdrawn(
    browser, session, diploma, pdf, erik, societies
):
    withdraw(session, diploma, in_error(erik, societies.eusomii))
    session.commit()
    for page in (browser.visit(f"/v/{diploma.serial}"), drop(browser, pdf)):
        assert "Genuine, but withdrawn" in page.text
        assert "Issued in error." not in page.text
        assert "What was issued" not in page.text
    altered = drop(browser, pdf + b" ").text
    assert "Altered" in altered and "What was issued It was withdrawn on" in altered


def test_an_expired_diploma_says_so(browser, session, diploma):
    diploma.valid_until = date(2026, 10, 31)
    session.commit()
    assert "Genuine, but expired" in browser.visit(f"/v/{diploma.serial}").text


def test_a_superseded_certificate_leads_to_the_version_in_force(
    browser, session, ana, erik, anas_certificate
):
    typeset(anas_certificate.id)
    ana.name = "Ana María López"
    session.expire(anas_certificate)
    new = correct(session, anas_certificate, by=erik, at=now(), address=address)
    session.commit()
    page = browser.visit(f"/v/{anas_certificate.serial}")
    assert "replaced by a newer version" in page.text
    assert f"/v/{new.serial}" in page.html


def test_a_document_in_preparation_proves_nothing_yet(browser, anas_diploma):
    page = browser.visit(f"/v/{anas_diploma.serial}")
    assert "In preparation" in page.text
    assert "Genuine" not in page.text


def test_machines_get_the_same_answer(browser, diploma, pdf):
    answer = browser.visit(f"/v/{diploma.serial}?format=json").json
    assert answer["valid"] is True
    assert answer["verdict"] == "valid"
    assert answer["holder"] is None
    assert answer["awarded_by"][1] == "Society for Imaging Informatics in Medicine"
    by_header = browser.client.get(
        f"/v/{diploma.serial}", headers={"Accept": "application/json"}
    ).json
    assert {**by_header, "checked_at": 0} == {**answer, "checked_at": 0}


def test_nothing_is_said_of_a_serial_that_was_never_issued(browser, diploma):
    page = browser.visit(f"/v/{serials.new()}", status=404)
    assert "Nothing was issued under this serial" in page.text


def test_guessing_finds_nothing_and_is_stopped(browser, diploma):
    statuses = [browser.client.get(f"/v/{serials.new()}").status_code for _ in range(60)]
    assert set(statuses) == {404, 429}
    assert statuses.index(429) <= 40
    assert browser.client.get(f"/v/{diploma.serial}").status_code == 200


def test_whoever_has_guessed_too_often_is_answered_at_no_address(browser, diploma):
    for _ in range(30):
        browser.client.get(f"/v/{serials.new()}")
    parts = ("name", "credential.json", "credential.jwt", "badge.png", "badge.svg", "widget")
    answers = [browser.client.get(f"/v/{serials.new()}/{part}") for part in parts]
    assert [answer.status_code for answer in answers] == [429] * len(parts)
    assert browser.client.get(f"/v/{diploma.serial}/widget").status_code == 200


def test_looking_something_up_changes_nothing(browser, session, diploma):
    from app.journal.models import Entry

    before = len(session.scalars(select(Entry.id)).all())
    browser.visit(f"/v/{diploma.serial}")
    assert len(session.scalars(select(Entry.id)).all()) == before


def test_the_command_gives_the_verdict_on_a_file(stage, diploma, pdf, tmp_path):
    path = tmp_path / "diploma.pdf"
    path.write_bytes(pdf)
    genuine = stage.test_cli_runner().invoke(args=["verification", "examine", str(path), "--json"])
    assert json.loads(genuine.output)["verdict"] == "valid"
    assert genuine.exit_code == 0
    path.write_bytes(pdf + b" ")
    altered = stage.test_cli_runner().invoke(args=["verification", "examine", str(path), "--json"])
    assert json.loads(altered.output)["verdict"] == "altered"
    assert altered.exit_code == 1


def test_the_qr_code_and_the_address_lead_here(diploma, pdf):
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        links = [str(a["/A"]["/URI"]) for a in document.pages[0].get("/Annots", []) if "/A" in a]
    assert diploma.snapshot["verify_url"] in links
