"""What employers' programs learn: with keys, in tables, in frames on other sites."""

from __future__ import annotations

import csv
import io
import json
import random
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from app.clock import now, today
from app.credentials import serial as serials
from app.journal.models import Entry
from app.verification import keyring, many
from app.verification.examine import by_serial
from app.verification.models import ApiKey

API = "/api/v1/verify"


@pytest.fixture
def token(session, ben) -> str:
    """A key that Ben holds for a hospital."""
    _key, text = keyring.make(
        session, person=ben, organisation="General Hospital", purpose="Applications", at=now()
    )
    session.commit()
    return text


def bearing(token: str) -> dict:
    return {"Authorization": f"Bearer {token}"}


def rows_of(text: str) -> list[dict]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


# ------------------------------------------------------------------ keys


def test_a_key_is_shown_once_and_only_its_hash_is_kept(browser, session, ben):
    browser.sign_in(ben).visit("/my/api-keys")
    page = browser.submit(organisation="General Hospital", purpose="", status=201)
    text = page.text.split("confer_")[1].split()[0]
    assert "curl " in page.text and "http://127.0.0.1:8000/api/v1/verify/many" in page.text
    key = session.scalars(ApiKey.all()).one()
    assert len(text) > 40 and text.encode() not in key.digest
    again = browser.visit("/my/api-keys")
    assert f"confer_{text}" not in again.html and key.beginning in again.html
    assert session.scalars(select(Entry.act).order_by(Entry.id.desc())).first() == "api_key.made"
    assert browser.client.get(f"{API}/{serials.new()}", headers=bearing(f"confer_{text}")).json


def test_a_withdrawn_key_opens_nothing(browser, session, ben, pia, token):
    sent = {"data": b"serial\n", "content_type": "text/csv"}
    assert browser.client.post(f"{API}/many", headers=bearing(token), **sent).status_code == 422
    key = session.scalars(ApiKey.all()).one()
    assert "/desk/api-keys" in browser.sign_in(pia).visit("/desk").links
    browser.visit("/desk/api-keys")
    browser.submit(f"/desk/api-keys/{key.id}/withdrawal")
    refused = browser.client.post(f"{API}/many", headers=bearing(token), **sent)
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == "Bearer"


def test_a_stranger_without_a_key_asks_one_serial_at_a_time(browser, anas_diploma):
    client = browser.client
    assert client.get(f"{API}/{anas_diploma.serial}").status_code == 200
    assert client.post(f"{API}/many", data=b"x", content_type="text/csv").status_code == 401
    assert client.post(f"{API}/file", data={"file": (io.BytesIO(b"x"), "x")}).status_code == 401
    wrong = [
        client.post(f"{API}/many", data=b"x", content_type="text/csv", headers=bearing("confer_x"))
        for _try in range(40)
    ]
    assert {answer.status_code for answer in wrong} == {401, 429}


def test_a_person_holds_five_keys_at_most(session, ben):
    from app.errors import Refusal

    for _count in range(keyring.MOST_KEYS):
        keyring.make(session, person=ben, organisation="A", purpose="", at=now())
    with pytest.raises(Refusal, match="5 keys already"):
        keyring.make(session, person=ben, organisation="A", purpose="", at=now())


def test_one_does_not_withdraw_the_key_of_another(browser, session, ana, token):
    key = session.scalars(ApiKey.all()).one()
    browser.sign_in(ana).post(f"/my/api-keys/{key.id}/withdrawal", status=404)
    session.refresh(key)
    assert key.is_living


# ------------------------------------------------------------------ answers


def test_a_program_is_told_in_json_what_is_wrong_whatever_it_accepts(browser, token):
    plain = {"Accept": "*/*"}
    missing = browser.client.get("/api/v1/nothing", headers=plain)
    assert (missing.status_code, missing.json["status"]) == (404, 404)
    key = {"Authorization": f"Bearer {token}", **plain}
    empty = browser.client.post(f"{API}/file", headers=key)
    assert empty.status_code == 422
    assert empty.json["reason"] == "Send the file as the part “file” of a form."
    assert browser.client.get("/nothing", headers=plain).mimetype == "text/html"


def test_any_site_may_read_the_proof_of_the_log_and_that_there_is_none(browser):
    answer = browser.client.get(f"/log/proof/{serials.new()}")
    assert answer.status_code == 404 and answer.json["reason"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_any_site_may_read_the_answer_and_it_says_its_version(browser, sealed_pdf, anas_diploma):
    for url in (f"{API}/{anas_diploma.serial}", f"/v/{anas_diploma.serial}?format=json"):
        answer = browser.client.get(url)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Set-Cookie" not in answer.headers
        said = answer.json
        assert said["version"] == "1" and said["verdict"] == "valid" and said["holder"] is None
        assert [seal["society"] for seal in said["seals"]] == [
            "European Society of Medical Imaging Informatics",
            "Society for Imaging Informatics in Medicine",
        ]
        assert [event["what"] for event in said["history"]] == ["decided", "issued", "expires"]


def test_a_program_sends_a_file(browser, sealed_pdf, anas_diploma, token):
    def ask(content: bytes) -> dict:
        sent = {"file": (io.BytesIO(content), "diploma.pdf")}
        return browser.client.post(f"{API}/file", data=sent, headers=bearing(token)).json

    assert ask(sealed_pdf)["file"]["state"] == "identical"
    flipped = bytearray(sealed_pdf)
    flipped[len(flipped) // 3] ^= 1
    assert ask(bytes(flipped))["verdict"] == "altered"


def test_a_table_comes_back_with_an_answer_in_each_row(browser, sealed_pdf, anas_diploma, token):
    unknown = serials.new()
    sent = (
        f"serial;name\r\n{anas_diploma.serial.lower()};LOPEZ, Ana\r\n{unknown};\r\n\r\nwrong;x\r\n"
    )
    answer = browser.client.post(
        f"{API}/many", data=sent.encode(), content_type="text/csv", headers=bearing(token)
    )
    first, second, third = rows_of(answer.text)
    assert (first["verdict"], first["valid"], first["name_matches"]) == ("valid", "yes", "yes")
    assert first["title"] == "Joint Certificate in Imaging Informatics"
    assert (second["verdict"], second["valid"], second["title"]) == ("unknown", "no", "")
    assert third["verdict"] == "unknown"


def test_a_table_is_sent_without_a_program_too(browser, sealed_pdf, anas_diploma, ben):
    browser.sign_in(ben).visit("/verify/many")
    table = f"{anas_diploma.serial},Ana Gomez\n".encode()
    page = browser.submit(table=(table, "serials.csv"), status=200)
    assert rows_of(page.response.text)[0]["name_matches"] == "no"
    assert "Lopez" not in page.response.text
    browser.visit("/verify/many")
    assert "holds no serial" in browser.submit(table=(b"\n\n", "x.csv"), status=422).text


def test_no_cell_of_an_answer_is_a_formula(session, sealed_pdf):
    hostile = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")', "|cmd", "%0A=1"]
    content = "\n".join(f'"{cell.replace(chr(34), chr(34) * 2)}","{cell[:2]}"' for cell in hostile)
    rows = many.read(content.encode())
    assert len(rows) == len(hostile)
    text = many.table(many.answered(session, rows, on=today()), at=now())
    for row in rows_of(text):
        for cell in row.values():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "|", "%"))


def test_names_are_not_guessed_by_table(session, sealed_pdf, anas_diploma):
    guesses = [many.Asked(anas_diploma.serial, f"Ana {n}") for n in range(10)]
    said = [one.name_matches for one in many.answered(session, guesses, on=today())]
    assert said[: many.MOST_NAMES] == ["no"] * many.MOST_NAMES
    assert all(one.startswith("not compared") for one in said[many.MOST_NAMES :])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("\n".join(["x"] * 2_001).encode(), "2,000 rows"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b'"' + b"x" * 200_000, "cannot be read"),
        (b"serial\n", "holds no serial"),
    ],
)
def test_a_table_that_cannot_be_answered_says_why(content, why):
    from app.errors import Refusal

    with pytest.raises(Refusal, match=why):
        many.read(content)


def test_two_thousand_rows_take_a_handful_of_statements(session, sealed_pdf, anas_diploma):
    """Of which each part holds something of ours, and of which the log tells."""
    from sqlalchemy import event

    from app.transparency import jobs

    rows = [many.Asked(serials.new()) for _row in range(2_000)]
    rows[::500] = [many.Asked(anas_diploma.serial)] * 4
    session.commit()
    jobs.take_in()
    session.expire_all()
    statements = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *a: statements.append(a[2]))
    said = list(many.answered(session, rows, on=today()))
    assert [one.verdict for one in said[::500]] == ["valid"] * 4
    assert [one.verdict for one in said].count("unknown") == 1_996
    assert len([one for one in statements if one.startswith("SELECT")]) <= 12


# ------------------------------------------------------------------ other sites


def test_a_frame_on_any_site_shows_how_it_stands_without_cookie_or_script(
    browser, sealed_pdf, anas_diploma
):
    answer = browser.client.get(f"/v/{anas_diploma.serial}/widget")
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers and "Set-Cookie" not in answer.headers
    assert "<script" not in answer.text and "Genuine and valid today" in answer.text
    assert "Ana Lopez" not in answer.text
    framed = browser.client.get(f"/v/{anas_diploma.serial}")
    assert framed.headers["X-Frame-Options"] == "DENY", "the control: no other page is framed"


def test_a_society_lets_the_visitors_of_its_own_site_ask_for_a_serial(
    browser, societies, sealed_pdf, anas_diploma
):
    copied = unescape(browser.visit("/verify/embed/eusomii").html)
    frame = copied.split('<iframe src="')[1].split('"')[0]
    assert browser.visit("/societies/eusomii").links.count("/verify/embed/eusomii") == 1
    answer = browser.client.get(frame)
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy and "form-action 'self'" in policy
    assert "script-src" not in policy and "<script" not in answer.text
    assert "X-Frame-Options" not in answer.headers and "Set-Cookie" not in answer.headers
    assert 'class="widget soc-eusomii"' in answer.text and 'target="_blank"' in answer.text

    asked = browser.client.get("/verify", query_string={"serial": anas_diploma.serial.lower()})
    assert asked.status_code == 303
    assert asked.location.endswith(f"/v/{anas_diploma.serial}")
    wrong = browser.client.get("/verify", query_string={"serial": "<not one>"})
    assert wrong.status_code == 422 and "cannot be a serial of ours" in wrong.text
    assert "&lt;not one&gt;" in wrong.text
    assert browser.client.get("/verify/frame/nobody").status_code == 404


def test_a_mark_says_in_words_how_it_stands(browser, session, sealed_pdf, anas_diploma):
    answer = browser.client.get(f"/v/{anas_diploma.serial}/mark.svg")
    assert answer.mimetype == "image/svg+xml" and "Verified at Confer: valid today" in answer.text
    anas_diploma.valid_until = today() - timedelta(days=1)
    session.commit()
    over = browser.client.get(f"/v/{anas_diploma.serial}/mark.svg?again").text
    assert "Looked up at Confer: expired" in over and "Verified" not in over
    page = browser.visit(f"/v/{anas_diploma.serial}/embed")
    assert f"/v/{anas_diploma.serial}/widget" in page.html
    for part in ("widget", "mark.svg", "embed"):
        assert browser.client.get(f"/v/{serials.new()}/{part}").status_code == 404


def test_employers_find_the_fingerprints_and_the_bundle(browser, session, sealed_pdf):
    from app.verification import carried

    page = browser.visit("/verify/by-other-means", budget=40)
    assert "eusomii-1" in page.text and "Made by the society itself" in page.text
    answer = browser.client.get("/trust.json")
    known = carried.read(answer.text)
    assert {key.name for key in known.seals.values()} == {"eusomii-1", "siim-1", "efrs-1"}
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


# ------------------------------------------------------------------ guessing


def test_ten_thousand_guesses_and_near_misses_find_nothing(session, sealed_pdf, anas_diploma):
    """Random serials that pass their check, and every one that differs in one or two places."""
    chance = random.Random(4)
    symbols = anas_diploma.serial.replace("-", "")
    number = 0
    for symbol in symbols[: serials.SYMBOLS]:
        number = number * 32 + serials.ALPHABET.index(symbol)
    guesses = [serials.new() for _guess in range(5_000)]
    for _guess in range(5_000):
        place, step = chance.randrange(serials.SYMBOLS), chance.randrange(1, 32)
        guesses.append(serials.written(number ^ (step << 5 * place)))
    found = {
        one
        for start in range(0, len(guesses), many.CHUNK)
        for one in many.answered(
            session, [many.Asked(g) for g in guesses[start : start + many.CHUNK]], on=today()
        )
        if one.verdict != "unknown"
    }
    assert found == set()
    assert by_serial(session, anas_diploma.serial, on=today()).is_good, "the control"


def test_every_miss_has_the_same_answer_and_then_there_are_none(browser, sealed_pdf, anas_diploma):
    near = anas_diploma.serial[:-1] + ("2" if anas_diploma.serial[-1] != "2" else "3")
    asked = [serials.new(), near, "x", "7" * 28, "%00"[:0] + "nothing", serials.new()[:14]]
    shapes = {
        json.dumps({k: v for k, v in answer.json.items() if k != "checked_at"}, sort_keys=True)
        for answer in (browser.client.get(f"{API}/{one}") for one in asked)
    }
    assert len(shapes) == 1
    later = [browser.client.get(f"{API}/{serials.new()}").status_code for _miss in range(45)]
    assert 429 in later and later[-1] == 429 and set(later) == {404, 429}
    assert browser.client.get(f"{API}/{anas_diploma.serial}").status_code == 200


def test_a_title_with_quotes_is_still_one_title_in_the_text_to_copy(browser, session, sealed_pdf,
                                                                    anas_diploma):  # fmt: skip
    title = 'Imaging "A" & more'
    anas_diploma.snapshot = {**anas_diploma.snapshot, "title": title}
    session.commit()
    page = browser.visit(f"/v/{anas_diploma.serial}/embed").html
    text = unescape(page.split('id="frame-text"')[1].split(">", 1)[1].split("</textarea>")[0])
    assert unescape(text.split('title="')[1].split('"')[0]) == title


def test_what_was_asked_stands_on_the_answer_that_nothing_is_known(browser):
    asked = serials.new()
    assert asked in browser.visit(f"/v/{asked}", status=404).text


def test_a_question_that_saves_nothing_does_not_say_that_nothing_was_saved(browser, ana):
    browser.sign_in(ana).visit("/verify/many")
    page = browser.submit(status=422)
    assert "Please look at this again" in page.text and "Not saved" not in page.text
