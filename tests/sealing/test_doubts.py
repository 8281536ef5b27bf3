"""What is in doubt when a key may be in other hands: all that it signed and no time stamp saves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.awards.models import AwardList
from app.clock import now, today
from app.credentials.withholding import Decision, withdraw
from app.journal.models import Entry
from app.sealing.jobs import typeset
from app.sealing.models import DocumentTimestamp, Seal
from app.signing_keys import life
from app.signing_keys.doubts import in_doubt, signed_with
from app.signing_keys.models import Purpose
from app.signing_keys.queries import in_force
from tests.cast import keys_for
from tests.sealing.conftest import scheme_of

pytestmark = pytest.mark.usefixtures("keys")
AN_HOUR = timedelta(hours=1)


@pytest.fixture
def diploma(session, anas_diploma):
    session.commit()
    typeset(anas_diploma.id)
    session.expire_all()
    assert anas_diploma.is_ready
    return anas_diploma


def test_every_key_that_took_part_in_a_diploma_names_it_and_no_other_does(
    session, diploma, societies
):
    scheme, at = scheme_of(diploma), now()
    part = [in_force(session, Purpose.PROOF, scheme_id=scheme.id, at=at)]
    for society in scheme.awarding:
        for purpose in (Purpose.SEAL, Purpose.PROOF):
            part.append(in_force(session, purpose, society_id=society.id, at=at))
    keys_for(session, societies.efrs)
    stranger = in_force(session, Purpose.SEAL, society_id=societies.efrs.id, at=at)

    assert len(part) == 5 and None not in part
    for key in part:
        assert [one.name for one in signed_with(session, key)] == [diploma.serial], str(key)
    assert signed_with(session, stranger) == []


def test_a_time_stamp_from_before_the_moment_saves_what_a_seal_has_sealed(session, diploma):
    seal = session.scalars(select(Seal).order_by(Seal.position)).first()
    for stamp in session.scalars(select(DocumentTimestamp)):
        session.delete(stamp)
    session.flush()
    assert [one.name for one in in_doubt(session, seal.key, since=now())] == [diploma.serial]

    stamped = now() - AN_HOUR
    for at in (stamped, now()):  # a renewal does not hide the first one
        session.add(
            DocumentTimestamp(credential_id=diploma.id, at=at, authority="TSA", valid_until=now(),
                              file_digest="0" * 64, file_size=1)
        )  # fmt: skip
    session.flush()

    assert in_doubt(session, seal.key, since=stamped + AN_HOUR / 2) == []
    assert len(in_doubt(session, seal.key, since=stamped - AN_HOUR)) == 1


@pytest.fixture
def leaked(session, diploma, erik):
    """The first seal on Ana's diploma, reported from before it was used."""
    key = session.scalars(select(Seal).order_by(Seal.position)).first().key
    for stamp in session.scalars(select(DocumentTimestamp)):
        session.delete(stamp)
    life.report(session, key, since=now() - AN_HOUR, by=erik, at=now(), reason="A copy was found.")
    session.commit()
    return key


def drawn_up_anew(session, key):
    session.expire_all()
    title = f"Issued anew: {key.name}"
    return session.scalars(select(AwardList).where(AwardList.title == title)).unique().all()


def test_an_officer_puts_those_in_doubt_on_a_new_list_once(browser, session, leaked, diploma, erik):
    page = browser.sign_in(erik).visit(f"/desk/keys/{leaked.id}")
    assert f"/desk/credentials/{diploma.serial}" in page.links
    browser.submit(f"/desk/credentials/in-doubt/{leaked.id}")
    assert "The list is drawn up" in browser.page.text

    (award_list,) = drawn_up_anew(session, leaked)
    assert [one.replaces for one in award_list.awards] == [diploma.serial]
    assert not award_list.is_frozen and award_list.drawn_up_by == erik
    (entry,) = session.scalars(select(Entry).where(Entry.act == "award_list.proposed_anew"))
    assert entry.actor_id == erik.id

    browser.visit(f"/desk/keys/{leaked.id}")
    browser.submit(f"/desk/credentials/in-doubt/{leaked.id}")
    assert "stands on one already" in browser.page.text
    assert len(drawn_up_anew(session, leaked)) == 1


def test_a_diploma_that_was_withdrawn_is_not_issued_anew(browser, session, leaked, diploma, erik):
    withdraw(session, diploma, Decision(by=erik, at=now(), on=today(), reason="By mistake."))
    session.commit()
    page = browser.sign_in(erik).visit(f"/desk/keys/{leaked.id}")
    assert "nothing is left to do" in page.text
    browser.post(f"/desk/credentials/in-doubt/{leaked.id}")
    assert drawn_up_anew(session, leaked) == []


def test_nothing_is_put_on_a_list_for_a_key_that_nobody_reported(browser, session, diploma, erik):
    key = session.scalars(select(Seal).order_by(Seal.position)).first().key
    session.commit()
    page = browser.sign_in(erik).post(f"/desk/credentials/in-doubt/{key.id}", status=409)
    assert "nothing is in doubt" in page.text
    assert drawn_up_anew(session, key) == []
