"""Platform administrators read what was written to people."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

import pytest

from app.clock import now
from app.jobs import run_all
from app.outbox.models import masked


def fetch(browser, url):
    """What is no page of this site: a letter, a file."""
    browser.session.commit()
    with browser.app.app_context():
        return browser.client.get(url)


PART = {
    "name": "wébinar.ics",
    "type": "text/calendar; charset=utf-8",
    "text": "BEGIN:VCALENDAR\r\n",
}


def test_letters_are_listed_with_how_they_stand(browser, write, pia, session):
    kept, sent, failed = write("a@x.example"), write("b@x.example"), write("c@x.example")
    sent.deliver(at=now())
    failed.waits, failed.attempts, failed.last_error = False, 12, "SMTPDataError: 554 no"
    session.commit()
    page = browser.sign_in(pia).visit("/outbox")

    rows = re.findall(r'<bdi>(\w@x.example)</bdi>.*?class="state (\w+)"', page.html, re.S)
    assert dict(rows) == {"a@x.example": "plain", "b@x.example": "good", "c@x.example": "bad"}
    assert "No mail server is set" in page.text
    assert kept.id


def test_letters_are_filtered(browser, write, pia, session):
    write("a@x.example"), write("b@x.example").deliver(at=now())
    write("c@x.example", subject="100% sure").waits = False
    session.commit()
    browser.sign_in(pia)

    def listed(query):
        return set(re.findall(r"(\w)@x\.example", browser.visit(f"/outbox?{query}").html))

    assert listed("") == {"a", "b", "c"}
    assert listed("which=waiting") == {"a"}
    assert listed("which=sent") == {"b"}
    assert listed("which=failed") == {"c"}
    assert listed("to=100%25") == {"c"}
    assert listed("which=nonsense&before=x") == {"a", "b", "c"}


def test_the_list_goes_back_by_key(browser, write, pia):
    ids = [write().id for _n in range(60)]
    page = browser.sign_in(pia).visit("/outbox")
    older = browser.visit(next(link for link in page.links if "before=" in link))

    seen = [int(m) for p in (page, older) for m in re.findall(r'href="/outbox/(\d+)"', p.html)]
    assert seen == ids[::-1]
    assert len(page.statements) == len(older.statements)


def test_a_letter_is_read_as_text_and_as_its_reader_sees_it(browser, write, pia, session):
    message = write(subject="Choose a new password", attachments=[PART])
    page = browser.sign_in(pia).visit(f"/outbox/{message.id}")
    assert "Someone has asked for a new password" in page.text
    assert message.message_id in page.text

    answer = fetch(browser, f"/outbox/{message.id}/letter")
    assert answer.text == message.html
    policy = answer.headers["Content-Security-Policy"]
    style = re.search(r"<style>(.*?)</style>", answer.text, re.S)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith("sandbox; default-src 'none'")
    assert f"style-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert "allow-" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_an_attachment_is_saved_and_never_shown(browser, write, pia, session):
    message = write(attachments=[PART, {**PART, "type": "text/html", "text": "<script>1</script>"}])
    browser.sign_in(pia)

    answer = fetch(browser, f"/outbox/{message.id}/attachments/1")
    assert answer.data == PART["text"].encode()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    page = fetch(browser, f"/outbox/{message.id}/attachments/2")
    assert page.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    for number in (0, 3, 99):
        browser.visit(f"/outbox/{message.id}/attachments/{number}", status=404)


def test_a_failed_letter_is_sent_again(browser, write, pia, session, posted):
    message = write()
    message.waits, message.attempts, message.last_error = False, 12, "SMTPDataError: 554 no"
    session.commit()
    browser.sign_in(pia).visit(f"/outbox/{message.id}")
    assert "SMTPDataError" in browser.page.text
    browser.submit(f"/outbox/{message.id}/again")
    session.commit()
    run_all()

    assert posted.messages[0]["Message-ID"] == message.message_id
    browser.post(f"/outbox/{message.id}/again", status=409)


def test_only_platform_administrators_read_letters(browser, write, ana, otto, erik, eva):
    message = write(attachments=[PART])
    pages = ("/outbox", f"/outbox/{message.id}", f"/outbox/{message.id}/letter",
             f"/outbox/{message.id}/attachments/1")  # fmt: skip
    for url in pages:
        browser.visit(url, status=302)
    for person in (ana, otto, erik, eva):
        for url in pages:
            browser.sign_in(person).visit(url, status=403)
        browser.post(f"/outbox/{message.id}/again", status=403)


SECRET = "k" * 43


def test_where_letters_go_out_their_keys_are_their_readers_alone(
    browser, write, pia, posted, stage
):
    message = write()
    browser.sign_in(pia)
    for url in (f"/outbox/{message.id}", f"/outbox/{message.id}/letter"):
        assert SECRET not in fetch(browser, url).text

    settings = stage.config["SETTINGS"]
    stage.config["SETTINGS"] = replace(settings, demonstration=True)
    assert SECRET in browser.visit(f"/outbox/{message.id}").text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"open http://x.example/password/{SECRET}\nand", "open http://x.example/password/…\nand"),
        (f'<a href="http://x.example/sign-up/{SECRET}">', '<a href="http://x.example/sign-up/…">'),
        ("http://x.example/v/ABCD-EFGH", "http://x.example/v/ABCD-EFGH"),
        (f"no link {SECRET}", f"no link {SECRET}"),
    ],
)
def test_only_the_secret_part_of_a_link_is_masked(text, shown):
    assert masked(text) == shown


def test_what_a_stranger_wrote_is_shown_as_text(browser, write, pia):
    message = write(subject="<script>alert(1)</script>")
    browser.sign_in(pia)

    for url in ("/outbox", f"/outbox/{message.id}"):
        assert "<script>alert" not in browser.visit(url).html
