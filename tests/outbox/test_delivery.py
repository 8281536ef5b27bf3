"""Letters reach a real mail server at least once, and always as the same letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import func, select

from app import mail
from app.clock import now
from app.errors import Refusal
from app.jobs import backoff, registry, run_all, sweep
from app.journal.models import Entry
from app.outbox import jobs
from app.outbox.models import MAX_ATTEMPTS, Delivery, Message, claim, due
from tests.servers import free_port

CALENDAR = {
    "name": "webinar.ics",
    "type": "text/calendar; charset=utf-8; method=PUBLISH",
    "text": "BEGIN:VCALENDAR\r\nSUMMARY:Bildgebung für Ängstliche\r\nEND:VCALENDAR\r\n",
}


def deliver(session, message):
    number = message.id
    session.commit()
    jobs.deliver(number)
    session.expire_all()


def work(session):
    """What a worker does when it comes by."""
    session.commit()
    done = run_all()
    session.expire_all()
    return done


def make_due(session, message):
    message.next_at = now() - timedelta(seconds=1)
    session.commit()


def test_a_letter_arrives_as_text_and_as_html(write, posted, session):
    message = write("ana@clinic.example", subject="Grüße aus Wien – 田中")
    assert work(session) == 1

    (arrived,) = posted.to("ana@clinic.example")
    assert arrived["Subject"] == "Grüße aus Wien – 田中"
    assert arrived["Message-ID"] == message.message_id
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived.get_body(("plain",)).get_content().startswith("Someone has asked")
    assert "<h1>Grüße aus Wien – 田中</h1>" in arrived.get_body(("html",)).get_content()
    session.expire_all()
    assert message.delivery is not None
    assert not message.waits


def test_attachments_arrive_byte_for_byte(write, posted, session):
    write(attachments=[CALENDAR])
    work(session)

    (part,) = list(posted.messages[0].iter_attachments())
    assert part.get_filename() == "webinar.ics"
    assert part.get_content_type() == "text/calendar"
    assert part.get_payload(decode=True).decode() == CALENDAR["text"]


def test_a_letter_is_sent_once_however_often_it_is_handed_over(write, posted, session):
    message = write()
    for _n in range(5):
        deliver(session, message)
    work(session)

    assert len(posted.messages) == 1
    assert session.scalar(select(func.count()).select_from(Delivery)) == 1


def test_a_worker_that_died_after_sending_sends_the_same_letter_again(write, posted, session):
    """At least once: the second copy carries the Message-ID of the first, so they are one."""
    message = write()
    mail.send(message, posted.url)  # the worker is killed here, before it writes down the delivery
    work(session)

    first, second = posted.messages
    assert first["Message-ID"] == second["Message-ID"] == message.message_id
    assert first["Date"] == second["Date"]
    session.expire_all()
    assert message.delivery is not None


def test_sent_again_it_is_the_same_to_the_letter(write, app):
    message = write(attachments=[CALENDAR])

    assert mail.mime(message).as_bytes() == mail.mime(message).as_bytes()


def test_two_letters_are_two(write, posted, session):
    write()
    write()
    work(session)

    assert len({m["Message-ID"] for m in posted.messages}) == 2


def test_a_claimed_letter_is_left_to_the_one_who_claimed_it(write, posted, session):
    message = write()
    assert claim(session, message.id, at=now())
    session.commit()
    deliver(session, message)
    assert posted.messages == []

    make_due(session, message)  # the lease ran out: the other worker died
    deliver(session, message)
    assert len(posted.messages) == 1


def test_a_server_that_says_later_is_asked_later(write, posted, session):
    message = write()
    posted.refusal = "451 try later"
    work(session)
    assert "451" in message.last_error
    assert message.waits
    assert message.next_at > now() + timedelta(seconds=5)
    assert due(session, now(), 10) == []

    posted.refusal = None
    work(session)
    assert posted.messages == []  # not before its time
    make_due(session, message)
    work(session)
    assert len(posted.messages) == 1
    assert message.delivery is not None


def test_a_server_that_is_not_there_loses_nothing(write, posted, session, stage):
    message = write()
    there = current_app.config["SETTINGS"]
    stage.config["SETTINGS"] = replace(there, smtp_url=f"smtp://127.0.0.1:{free_port()}")
    deliver(session, message)
    assert "ConnectionRefusedError" in message.last_error
    assert message.waits

    stage.config["SETTINGS"] = there
    make_due(session, message)
    work(session)
    assert posted.to("ana@clinic.example")[0]["Message-ID"] == message.message_id


def test_pauses_grow_to_an_hour():
    pauses = [backoff(n).total_seconds() for n in range(14)]

    assert pauses[0] == 10
    assert pauses == sorted(pauses)
    assert pauses[-1] == 3600


def test_after_many_tries_it_is_failed_and_can_be_sent_again(write, posted, session, pia):
    message = write()
    posted.refusal = "554 no"
    for _n in range(MAX_ATTEMPTS):
        make_due(session, message)
        deliver(session, message)
    assert message.has_failed
    assert due(session, now() + timedelta(days=9), 10) == []

    posted.refusal = None
    message.send_again(by=pia, at=now())
    session.commit()
    work(session)
    assert message.delivery is not None
    assert posted.messages[0]["Message-ID"] == message.message_id
    with pytest.raises(Refusal):
        message.send_again(by=pia, at=now())
    assert "message.sent-again" in session.scalars(select(Entry.act)).all()


def test_without_a_server_letters_are_kept(write, session):
    message = write()

    assert work(session) == 0
    session.expire_all()
    assert message.waits
    assert message.attempts == 0


def test_a_letter_of_an_act_that_failed_is_never_sent(session, posted):
    mail.write(session, "accounts/reset", to="ana@clinic.example", subject="x", at=now(), url="y")
    session.flush()
    session.rollback()
    work(session)

    assert posted.messages == []


@pytest.mark.parametrize(
    "subject",
    [
        "Hello\r\nBcc: all@evil.example",
        "Hello\nBcc: all@evil.example\n\nBuy this",
        "Hello\r\n\r\n<script>",
        "\r\nX-Priority: 1",
        "a\x0bBcc: all@evil.example",
        "a\u2028Bcc: all@evil.example",
        "a\x85Bcc: all@evil.example",
    ],
)
def test_a_subject_stays_one_line(write, posted, subject, session):
    write(subject=subject)
    work(session)

    (delivery,) = posted.deliveries
    assert delivery.recipients == ["ana@clinic.example"]
    assert delivery.message["Bcc"] is None
    assert delivery.message["X-Priority"] is None
    assert len(delivery.message.get_all("Subject")) == 1


@pytest.mark.parametrize(
    "to",
    [
        "ana@clinic.example\r\nBcc: all@evil.example",
        "ana@clinic.example\nSubject: other",
        "ana@clinic.example\r\n\r\nbody",
    ],
)
def test_an_address_of_two_lines_is_never_sent_and_stops_nobody(write, posted, session, to):
    bad = write(to)
    good = write("ben@clinic.example")
    work(session)

    session.expire_all()
    assert [d.recipients for d in posted.deliveries] == [["ben@clinic.example"]]
    assert good.delivery is not None
    assert bad.last_error
    assert bad.delivery is None


@pytest.mark.parametrize("to", ["ana@clinic@example", "<ana@clinic.example>", "ana@", "ana@["])
def test_an_address_that_breaks_the_mail_library_is_a_failure_with_its_reason(
    write, posted, session, to
):
    message = write(to)
    work(session)

    assert message.last_error
    assert message.next_at > now(), "it is asked later, not at every sweep"
    assert posted.messages == []


def test_a_letter_that_ends_its_worker_every_time_is_set_aside(write, posted, session):
    message = write()
    message.attempts = MAX_ATTEMPTS  # claimed so often, and never written down what became of it
    deliver(session, message)

    assert message.has_failed
    assert "worker" in message.last_error
    assert posted.messages == []


def test_a_comma_makes_no_second_recipient(write, posted, session):
    """Addresses are checked where they come in; this is the second wall."""
    write("ana@clinic.example, all@evil.example")
    work(session)

    assert posted.deliveries == []


def test_an_attachment_name_stays_in_its_place(write, posted, session):
    write(attachments=[{**CALENDAR, "name": 'a.ics"\r\nBcc: all@evil.example'}])
    work(session)

    assert all(d.recipients == ["ana@clinic.example"] for d in posted.deliveries)
    assert all(d.message["Bcc"] is None for d in posted.deliveries)


def test_the_sweep_finds_what_was_never_handed_over(write, posted, session):
    ids = [write().id for _n in range(3)]
    handed = []
    sweep(lambda name, key: handed.append((name, key)))

    assert [key for name, key in handed if name == "outbox.deliver"] == ids
    assert "outbox.deliver" in registry.jobs
    assert session.scalars(select(Message.id).order_by(Message.id)).all() == ids
