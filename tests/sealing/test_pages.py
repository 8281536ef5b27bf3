"""What officers see of diplomas that wait for seals, and how they hand signatures in."""

from __future__ import annotations

import base64
import io
import re
import subprocess
import sys
import zipfile

import pytest
from cryptography.hazmat.primitives import serialization
from sqlalchemy import select

from app import jobs
from app.clock import now
from app.files import files
from app.journal.models import Entry
from app.outbox.models import Message
from app.sealing import export, upload
from app.sealing.jobs import typeset
from app.sealing.models import SigningRequest
from app.signing_keys.life import retire
from tests.sealing.keys import seal_key

SIGNATURES = "/desk/seals/siim/signatures"


@pytest.fixture
def waiting(session, societies, susan, anas_diploma, bens_diploma, signs_elsewhere):
    """SIIM keeps its key itself; two diplomas wait for its signature."""
    _key, signer = signs_elsewhere(societies.siim)
    typeset(anas_diploma.id)
    session.expire_all()
    return signer


def requests(session):
    session.expire_all()
    return session.scalars(select(SigningRequest).order_by(SigningRequest.id)).all()


def packed(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def damaged(method: int) -> bytes:
    """A ZIP whose list is in order and whose packed bytes are not."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("a.sig", bytes(range(256)) * 8)
    content = bytearray(out.getvalue())
    begins = 30 + len("a.sig") + (9 if method == zipfile.ZIP_LZMA else 0)
    content[begins : begins + 40] = b"\xff" * 40
    return bytes(content)


def signed(session, signer) -> dict[str, bytes]:
    return {f"{one.credential.serial}.sig": signer.sign(one.to_sign) for one in requests(session)}


def hand_in(browser, content: bytes, name: str, status: int = 303):
    browser.visit("/desk/seals")
    return browser.submit(SIGNATURES, file=(content, name), status=status)


def test_officers_fetch_what_waits_sign_it_with_openssl_and_hand_it_in(
    browser, session, susan, waiting, anas_diploma, bens_diploma, tmp_path
):
    browser.sign_in(susan).visit("/desk/seals")
    assert "2 diplomas wait for the signature of SIIM" in browser.page.text
    archive = browser.visit("/desk/seals/siim/requests.zip").response.data
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        opened.extractall(tmp_path)
    pem = waiting.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (tmp_path / "KEY.pem").write_bytes(pem)
    command = (
        "sha256sum --quiet -c SHA256SUMS && python3 check_digests.py && for f in *.tbs; do "
        'openssl dgst -sha256 -sign KEY.pem -out "${f%.tbs}.sig" "$f"; done'
    )
    assert "openssl dgst -sha256 -sign KEY.pem" in (tmp_path / "README.txt").read_text()
    subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True, timeout=30)
    signatures = {path.name: path.read_bytes() for path in tmp_path.glob("*.sig")}

    hand_in(browser, packed(**signatures), "signatures.zip")
    assert "2 signatures were taken in" in browser.page.text
    session.commit()
    jobs.run_all()
    session.expire_all()
    assert [anas_diploma.is_ready, bens_diploma.is_ready] == [True, True]
    handed = session.scalars(select(Entry).where(Entry.act == "seal.handed_in")).all()
    assert {entry.actor_id for entry in handed} == {susan.id}


def unpacked(browser, folder, query=""):
    archive = browser.visit(f"/desk/seals/siim/requests.zip{query}").response.data
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        opened.extractall(folder)
        return opened.namelist()


def test_a_society_sees_that_what_it_signs_is_the_diploma_beside_it(
    browser, session, susan, waiting, anas_diploma, tmp_path
):
    browser.sign_in(susan)
    unpacked(browser, tmp_path)
    check = [sys.executable, "check_digests.py"]
    done = subprocess.run(
        check, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0 and done.stdout.count(" fits\n") == 2
    readme = (tmp_path / "README.txt").read_text()
    by_hand = readme.split("capitals or not:\n")[1].split("\n\n")[0]
    script = by_hand.replace("SERIAL", anas_diploma.serial)
    told = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True,
                          timeout=60, check=True).stdout  # fmt: skip
    digest = re.search(r"\b[0-9a-f]{64}\b", told).group()
    assert f"[HEX DUMP]:{digest.upper()}" in told

    pdf = tmp_path / f"{anas_diploma.serial}.pdf"
    whole = pdf.read_bytes()
    for other in (whole.replace(b"EuSoMII", b"EvSoMII"), whole + b"\n% and more"):
        pdf.write_bytes(other)
        done = subprocess.run(
            check, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 1
        assert f"{anas_diploma.serial} DOES NOT FIT" in done.stdout


def test_one_download_holds_so_many_diplomas_and_the_next_the_others(
    browser, session, susan, waiting, tmp_path, monkeypatch
):
    monkeypatch.setattr(export, "MOST", 1)
    page = browser.sign_in(susan).visit("/desk/seals")
    assert "Download 1 to 1 to sign" in page.text and "Download 2 to 2 to sign" in page.text
    links = [one for one in page.links if "requests.zip" in one]
    served = [unpacked(browser, tmp_path, one.partition("zip")[2]) for one in links]
    first, second = ({name for name in names if name.endswith(".tbs")} for names in served)
    assert len(first) == len(second) == 1 and first != second


def test_what_cannot_be_looked_at_is_not_given_to_be_signed(
    browser, session, susan, waiting, tmp_path
):
    lost, there = requests(session)
    files.remove(lost.file_digest)
    names = unpacked(browser.sign_in(susan), tmp_path)
    assert f"{there.credential.serial}.tbs" in names
    assert not [name for name in names if name.startswith(lost.credential.serial)]
    assert (
        f"cannot be read now:\n   {lost.credential.serial}" in (tmp_path / "README.txt").read_text()
    )


def test_each_file_is_told_what_became_of_it(browser, session, susan, waiting):
    one, other = signed(session, waiting).items()
    browser.sign_in(susan)
    hand_in(
        browser,
        packed(**{one[0]: one[1], other[0]: one[1], "notes.txt": b"Hello"}),
        "signatures.zip",
    )
    page = browser.page
    assert "1 signature was taken in" in page.text
    assert f"{other[0]}: This is not a signature" in page.text
    assert "notes.txt: no diploma of this serial waits for SIIM" in page.text
    assert [bool(one.signature) for one in requests(session)].count(True) == 1


def test_one_signature_may_come_in_letters(browser, session, susan, waiting):
    name, signature = next(iter(signed(session, waiting).items()))
    browser.sign_in(susan)
    hand_in(browser, base64.encodebytes(signature), name)
    assert [bool(one.signature) for one in requests(session)].count(True) == 1


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "", "Please choose the signature"),
        (b"x" * 5000, "much.sig", "neither a signature nor a ZIP"),
        (b"nothing", "note.sig", "no diploma of this serial"),
        (packed(), "empty.zip", "There is no signature in this file"),
        (packed(**{f"{n}.sig": b"" for n in range(2001)}), "many.zip", "up to 2000 signatures"),
        (packed(a=b"x")[:-30] + b"PK\x05\x06" + bytes(18), "no list.zip", "no signature in"),
        (damaged(zipfile.ZIP_DEFLATED), "deflate.zip", "This ZIP cannot be read"),
        (damaged(zipfile.ZIP_LZMA), "lzma.zip", "This ZIP cannot be read"),
        (damaged(zipfile.ZIP_BZIP2), "bzip2.zip", "This ZIP cannot be read"),
    ],
    ids=["nothing", "much", "a note", "empty", "many", "no list", "deflate", "lzma", "bzip2"],
)
def test_what_is_no_signature_changes_nothing(
    content, name, says, browser, session, susan, waiting
):
    browser.sign_in(susan)
    hand_in(browser, content, name, status=422)
    assert says in browser.page.text
    assert not any(one.signature for one in requests(session))


def test_a_file_in_a_zip_need_not_have_a_name():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo(""), b"x" * 70)

    assert [one.serial for one in upload.read("all.zip", out.getvalue())] == [None]


def test_a_file_in_a_zip_may_lie_about_its_size():
    """What a ZIP says of itself is not believed: no more is unpacked than a signature may hold."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.sig", bytes(50_000_000))
    (found,) = upload.read("bomb.zip", out.getvalue())
    assert found.signature == b""


def test_officers_look_at_the_diploma_before_they_sign(browser, session, susan, waiting):
    browser.sign_in(susan)
    one = requests(session)[0]
    pdf = browser.visit(f"/desk/seals/siim/{one.credential.serial}.pdf").response.data
    assert pdf.startswith(b"%PDF-")
    tbs = browser.visit(f"/desk/seals/siim/{one.credential.serial}.tbs").response.data
    assert tbs == one.to_sign


def test_after_a_change_of_keys_the_new_request_alone_is_served(
    browser, session, susan, societies, waiting, signs_elsewhere, anas_diploma
):
    _key, theirs = signs_elsewhere(societies.siim)
    jobs.run_all()
    old, new = (one for one in requests(session) if one.credential.serial == anas_diploma.serial)
    browser.sign_in(susan)
    served = browser.visit(f"/desk/seals/siim/{anas_diploma.serial}.tbs").response.data
    assert served == new.to_sign != old.to_sign
    archive = browser.visit("/desk/seals/siim/requests.zip").response.data
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        names = opened.namelist()
        assert opened.read(f"{anas_diploma.serial}.tbs") == new.to_sign
    assert len(names) == len(set(names)) == 7
    hand_in(browser, theirs.sign(new.to_sign), f"{anas_diploma.serial}.sig")
    assert "1 signature was taken in" in browser.page.text


def test_what_one_society_signs_is_not_there_for_another(browser, session, erik, fay, ana, waiting):
    serial = requests(session)[0].credential.serial
    for person in (erik, fay):
        browser.sign_in(person)
        for path in ("requests.zip", f"{serial}.tbs", f"{serial}.pdf"):
            browser.visit(f"/desk/seals/siim/{path}", status=404)
        browser.post(SIGNATURES, {}, status=404)
    browser.sign_in(ana).visit("/desk/seals", status=403)


def test_everybody_concerned_sees_that_it_waits_and_for_whom(
    browser, session, ana, erik, waiting, anas_diploma
):
    page = browser.sign_in(ana).visit(f"/my/certificates/{anas_diploma.serial}")
    assert "It waits for the seal of Society for Imaging Informatics in Medicine" in page.text
    assert "waits for the seal of SIIM" in browser.visit("/my/certificates").text
    page = browser.sign_in(erik).visit("/desk/seals")
    assert "Waiting for somebody else" in page.text
    assert anas_diploma.serial in page.text
    assert (
        "It waits for the seal of SIIM"
        in browser.visit(f"/desk/credentials/{anas_diploma.serial}").text
    )


def test_a_society_without_a_seal_is_led_to_making_one(
    browser, session, susan, societies, keys, anas_diploma
):
    retire(session, seal_key(session, societies.siim), by=None, at=now(), reason="Worn out.")
    session.commit()
    typeset(anas_diploma.id)
    page = browser.sign_in(susan).visit("/desk/seals")
    assert "Diplomas wait for a key of SIIM" in page.text
    assert "Make the seal" in page.text
    assert "Waiting for somebody else" not in page.text


def test_where_nothing_waits_the_page_says_so(browser, susan):
    assert "Nothing waits for a seal" in browser.sign_in(susan).visit("/desk/seals").text


def test_the_officers_are_written_to_once_and_find_what_waits_on_their_desk(
    browser, session, susan, waiting, bens_diploma
):
    typeset(bens_diploma.id)
    session.expire_all()
    letters = session.scalars(
        select(Message).where(Message.kind == "credentials/signature_awaited")
    ).all()
    assert susan.id in {letter.person_id for letter in letters}
    assert len({letter.person_id for letter in letters}) == len(letters)
    assert all("/desk/seals" in letter.plain for letter in letters)

    desk = browser.sign_in(susan).visit("/desk")
    assert "2 diplomas wait for the signature of SIIM" in desk.text
    assert "/desk/seals" in desk.links
    assert "/desk/seals" in browser.visit("/desk/keys").links


def test_the_count_says_how_many_wait_however_many_stand_on_the_page(
    browser, session, susan, waiting, monkeypatch
):
    monkeypatch.setattr("app.sealing.staff_views.SHOWN", 1)
    page = browser.sign_in(susan).visit("/desk/seals")
    assert "2 diplomas wait for the signature of SIIM" in page.text
    assert "One more is in the ZIP." in page.text
