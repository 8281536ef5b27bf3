"""A letter reaches its group: everybody in it, each once, in words that are theirs."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from app import mail
from app.clock import now
from app.completions.awaiting import wait
from app.enrolments.booking import withdraw
from app.errors import Refusal
from app.journal.models import Entry
from app.letters import filling, jobs, queries, sending
from app.letters.emails import compose
from app.letters.models import MOST_A_DAY, Copy, Group
from app.outbox.models import Message


def copies(session):
    return session.scalar(select(func.count()).select_from(Copy))


def addresses(messages):
    return [message.to for message in messages]


def test_everybody_with_a_place_gets_it_in_words_of_their_own(
    session, letter, webinar, placed, carla, eva, write_copies
):
    assert sending.send(session, letter, by=eva, at=now())
    to_ana, to_ben = write_copies(letter)

    assert addresses([to_ana, to_ben]) == ["ana@clinic.example", "ben@clinic.example"]
    assert to_ana.subject == f"About {webinar.title}"
    assert "Dear Ana Lopez," in to_ana.plain
    assert f"/enrolments/{placed[0].id}" in to_ana.plain
    assert f"<strong>{webinar.title}</strong>" in to_ana.html
    assert "18:00 CE" in to_ana.plain
    assert "Dear Ben Okoro," in to_ben.html
    assert letter.finished_at is not None


def test_who_waits_is_written_to_on_their_own_clock(
    session, webinar, placed, carla, eva, write_copies
):
    letter = sending.draft(
        session, webinar, to_whom=Group.WAITING, subject="s", body="{when}", by=eva, at=now()
    )
    sending.send(session, letter, by=eva, at=now())
    (to_carla,) = write_copies(letter)

    assert to_carla.to == "carla@clinic.example"
    assert "18:00 CE" not in to_carla.plain
    assert " C" in to_carla.plain


def test_who_has_no_address_is_neither_counted_nor_written_to(
    session, letter, webinar, ana, eva, write_copies
):
    ana.addresses[0].confirmed_at = None
    sending.send(session, letter, by=eva, at=now())

    assert letter.count == 1
    assert addresses(write_copies(letter)) == ["ben@clinic.example"]


def test_after_the_settlement_it_goes_to_those_who_were_there_or_were_not(
    session, webinar, placed, eva, settle, write_copies
):
    settle(placed[0])
    sent = {}
    for group in (Group.PRESENT, Group.ABSENT):
        letter = sending.draft(
            session, webinar, to_whom=group, subject=group, body="x", by=eva, at=now()
        )
        sending.send(session, letter, by=eva, at=now())
        sent[group] = {m.to for m in write_copies(letter) if m.subject == group}

    assert sent == {Group.PRESENT: {"ana@clinic.example"}, Group.ABSENT: {"ben@clinic.example"}}


def test_who_was_there_and_has_not_evaluated_was_there(session, webinar, placed, settle, letter):
    settle()
    wait(session, webinar, [placed[1].id], at=now())
    session.commit()

    sizes = queries.sizes(session, webinar)
    assert (sizes[Group.PRESENT], sizes[Group.ABSENT]) == (1, 1)


def test_before_the_settlement_nobody_knows_who_was_there(session, letter, eva):
    letter.to_whom = Group.ABSENT
    with pytest.raises(Refusal, match="once presence is confirmed"):
        sending.send(session, letter, by=eva, at=now())
    assert copies(session) == 0


def test_replies_go_to_the_administrator_who_sent_it(session, letter, eva, write_copies):
    sending.send(session, letter, by=eva, at=now())
    message = write_copies(letter)[0]

    assert mail.mime(message)["Reply-To"] == "eva@clinic.example"
    assert "eva@clinic.example" in message.plain


def test_sending_is_an_act_that_says_who_to_how_many_and_what(session, letter, eva):
    sending.send(session, letter, by=eva, at=now())
    entry = session.scalars(select(Entry).where(Entry.act == "letter.sent")).one()

    text = f"{letter.subject}\n\n{letter.body}".encode()
    assert entry.actor_id == eva.id
    assert entry.details["count"] == 2
    assert entry.details["digest"] == hashlib.sha256(text).hexdigest()


# ------------------------------------------------------------------ once


def test_a_second_click_sends_nothing_twice(session, letter, eva, write_copies):
    assert sending.send(session, letter, by=eva, at=now())
    assert len(write_copies(letter)) == 2
    assert not sending.send(session, letter, by=eva, at=now())

    assert len(write_copies(letter)) == 2
    assert copies(session) == 2
    sent = select(func.count()).where(Entry.act == "letter.sent")
    assert session.scalar(sent) == 1


def test_a_second_copy_for_the_same_person_cannot_be_kept(session, letter, placed, eva):
    """The guard below the act: the database."""
    sending.send(session, letter, by=eva, at=now())
    with pytest.raises(IntegrityError):
        session.execute(insert(Copy).values(letter_id=letter.id, enrolment_id=placed[0].id))


def test_the_job_run_twice_writes_once(session, letter, eva, write_copies):
    sending.send(session, letter, by=eva, at=now())
    write_copies(letter)

    assert len(write_copies(letter)) == 2


def test_ended_in_the_middle_the_job_goes_on_where_it_stopped(
    session, letter, eva, write_copies, monkeypatch
):
    sending.send(session, letter, by=eva, at=now())
    key = letter.id
    session.commit()

    def dies_at_the_second(letter, activity, enrolment, at):
        if dies_at_the_second.done:
            raise KeyboardInterrupt
        dies_at_the_second.done = True
        return compose(letter, activity, enrolment, at)

    dies_at_the_second.done = False
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "compose", dies_at_the_second)
        patch.setattr(sending.write_some, "__kwdefaults__", {"most": 1})
        with pytest.raises(KeyboardInterrupt):
            jobs.write(key)
    session.expire_all()
    done = queries.progress(session, letter)
    assert (done.of, done.written) == (2, 1)
    assert letter.finished_at is None
    assert sending.due(session, now(), 10) == [key]

    assert addresses(write_copies(letter)) == ["ana@clinic.example", "ben@clinic.example"]
    assert sending.due(session, now(), 10) == []


def test_who_leaves_after_it_was_sent_gets_it_and_who_comes_does_not(
    session, letter, webinar, placed, carla, ben, eva, write_copies
):
    """Everybody of the moment of sending, as the journal counts them."""
    sending.send(session, letter, by=eva, at=now())
    session.commit()
    withdraw(session, placed[1], by=ben, at=now())  # and Carla has a place now

    assert addresses(write_copies(letter)) == ["ana@clinic.example", "ben@clinic.example"]


# ------------------------------------------------------------------ what stands against it


def test_so_many_a_day_and_no_more(session, webinar, placed, eva):
    def another(at):
        letter = sending.draft(
            session, webinar, to_whom=Group.PLACE, subject="s", body="b", by=eva, at=at
        )
        return sending.send(session, letter, by=eva, at=at)

    at = now()
    for _n in range(MOST_A_DAY):
        assert another(at)
    with pytest.raises(Refusal, match="within a day"):
        another(at + timedelta(hours=23))
    assert another(at + timedelta(days=1))


def test_to_nobody_it_is_not_sent(session, webinar, letter, eva):
    letter.to_whom = Group.WAITING
    with pytest.raises(Refusal, match="nobody"):
        sending.send(session, letter, by=eva, at=now())


def test_what_was_sent_stands_and_what_was_dropped_is_not_sent(session, letter, webinar, eva):
    sending.send(session, letter, by=eva, at=now())
    with pytest.raises(Refusal, match="stands as it is"):
        sending.change(
            session, letter, to_whom=Group.PLACE, subject="x", body="y", by=eva, at=now()
        )
    with pytest.raises(Refusal, match="stands as it is"):
        sending.drop(session, letter, by=eva, at=now())
    other = sending.draft(
        session, webinar, to_whom=Group.PLACE, subject="s", body="b", by=eva, at=now()
    )
    sending.drop(session, other, by=eva, at=now())
    with pytest.raises(Refusal, match="dropped"):
        sending.send(session, other, by=eva, at=now())


# ------------------------------------------------------------------ what people are called

BAD_NAMES = [
    "[click](https://evil.example)", "<script>alert(1)</script>", "**bold** `code`", "{title}",
    "# heading", "1. list", "a\r\nBcc: all@evil.example", "![x](https://evil.example/x.png)",
    "&lt;b&gt;", "https://evil.example", "<https://evil.example>",
]  # fmt: skip


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_is_a_name_whatever_it_holds(session, letter, ana, webinar, placed, name):
    ana.name = name
    letter.subject = "For {name}"
    message = compose(letter, webinar, placed[0], now())
    body = message.html.partition('<p class="brand">')[2].partition('<p class="foot">')[0]

    assert 'evil.example"' not in body
    assert "<script" not in body
    assert "<em" not in body and "<code" not in body and "<h3" not in body and "<ol" not in body
    assert body.count("<strong>") == 1  # the letter's own
    assert body.count("<a ") == 1
    assert "\n" not in message.subject
    mail.mime(message)
    if name == "{title}":
        assert "Dear {title}," in message.plain


def test_only_what_can_be_filled_in_stands_in_braces():
    assert filling.unknown("{name} {title} {when} {link}") == []
    assert filling.unknown("{surname} {name} {link to enrolment}") == [
        "surname", "link to enrolment",
    ]  # fmt: skip
    assert filling.unknown('a set {1, 2} and {"json": 1}') == []


def test_values_are_filled_in_at_once():
    assert filling.plain("{name} {title}", {"name": "{title}", "title": "T"}) == "{title} T"
    assert filling.marked("{name}", {"name": "*a*"}) == "\\*a\\*"
    assert filling.marked("{link}", {"link": "https://x.example/1"}) == "<https://x.example/1>"


def test_nothing_reaches_the_outbox_before_it_is_sent(session, letter, write_copies):
    assert write_copies(letter) == []
    assert session.scalar(select(func.count()).where(Message.kind == "letters/letter")) == 0
