"""Status lists: every credential has its place, and the bits follow what became of it."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.clock import now, today
from app.credentials.issuing import issue_diploma
from app.credentials.models import Supersession
from app.credentials.withholding import Decision, reinstate, suspend, withdraw
from app.open_badges import bits, lists
from app.open_badges.issuing import badge
from app.open_badges.jobs import make_keys, sign_lists
from app.open_badges.models import StatusEntry, StatusList, StatusPurpose
from app.open_badges.multibase import from_base64url
from app.signing_keys.models import Purpose
from app.signing_keys.queries import ever
from tests.credentials.conftest import ISSUED, address
from tests.open_badges.conftest import PROVEN

WHY = "Two presence lists contradict each other."


def sweep(session) -> None:
    session.commit()
    sign_lists()
    session.expire_all()


def signed_at(session) -> list:
    return list(session.scalars(select(StatusList.signed_at).order_by(StatusList.id)))


@pytest.fixture
def bit(session, anas_badge):
    """Whether Ana's bit is set in the list of a purpose, as it was last signed."""

    def read(purpose: StatusPurpose) -> bool:
        session.expire_all()
        entry = session.get_one(StatusEntry, (anas_badge.credential_id, purpose))
        return bits.is_set(lists.encoded_in(entry.status_list.document), entry.position)

    return read


REVOKED, SUSPENDED = StatusPurpose.REVOCATION, StatusPurpose.SUSPENSION


def decided(by, *, on=None) -> Decision:
    return Decision(by=by, at=now(), on=on or today(), reason=WHY)


def test_a_suspension_sets_one_bit_and_a_reinstatement_clears_it(session, anas_diploma, bit, erik):
    suspend(session, anas_diploma, decided(erik))
    sweep(session)
    assert bit(SUSPENDED) and not bit(REVOKED)

    reinstate(session, anas_diploma, decided(erik))
    sweep(session)
    assert not bit(SUSPENDED) and not bit(REVOKED)


def test_a_withdrawal_sets_the_other_from_its_day_on(session, anas_diploma, bit, erik):
    withdraw(session, anas_diploma, decided(erik, on=today() + timedelta(days=1)))
    sweep(session)
    assert not bit(REVOKED)

    with time_machine.travel(now() + timedelta(days=1)):
        sweep(session)
    assert bit(REVOKED) and not bit(SUSPENDED)


def test_a_replaced_diploma_is_revoked_in_the_list(session, ben, anas_diploma, make_award, bit):
    other = issue_diploma(session, make_award(ben), at=ISSUED, address=address)
    session.flush()
    anas_diploma.supersession = Supersession(new=other, at=now(), on=today(), reason="Name.")
    sweep(session)
    assert bit(REVOKED)


def test_it_is_signed_again_only_when_it_changed_or_grows_old(session, anas_badge):
    sweep(session)
    signed = signed_at(session)
    sweep(session)
    assert signed_at(session) == signed

    with time_machine.travel(now() + timedelta(days=1, minutes=1)):
        sweep(session)
    assert min(signed_at(session)) > max(signed)
    for one in session.scalars(select(StatusList)):
        document = json.loads(one.document)
        assert document["validUntil"] > document["validFrom"]
        assert one.changed_at < one.signed_at


def test_a_list_that_does_not_follow_is_not_believed_for_long(anas_badge, session):
    for one in session.scalars(select(StatusList)):
        document = json.loads(one.document)
        assert document["issuer"] == json.loads(anas_badge.document)["issuer"]["id"]
        assert timedelta(days=7) >= lists.HOLDS
        assert document["validUntil"][:10] == (one.signed_at + lists.HOLDS).date().isoformat()


def test_places_are_drawn_at_random_and_none_twice(session, scheme, make_award, make_person):
    drawn = []
    for n in range(12):
        person = make_person(f"Person{n} Learner")
        diploma = issue_diploma(session, make_award(person), at=ISSUED, address=address)
        session.flush()
        badge(session, diploma, at=PROVEN)
    for purpose in StatusPurpose:
        places = [e.position for e in session.scalars(
            select(StatusEntry).where(StatusEntry.purpose == purpose)
            .order_by(StatusEntry.credential_id))]  # fmt: skip
        assert len(set(places)) == len(places) == 12
        drawn.append(places)
    assert drawn[0] != sorted(drawn[0]) and drawn[0] != drawn[1]


def test_a_full_list_is_followed_by_the_next(
    session, scheme, anas_badge, ben, make_award, monkeypatch
):
    taken = session.get_one(StatusEntry, (anas_badge.credential_id, REVOKED))
    monkeypatch.setattr(lists.secrets, "randbelow", lambda _size: taken.position)
    other = issue_diploma(session, make_award(ben), at=ISSUED, address=address)
    session.flush()
    places = lists.reserve(session, {other.id: scheme}, at=PROVEN)[other.id]

    assert places[REVOKED].url.endswith("/schemes/cii/status/revocation/2")
    assert places[REVOKED].position == taken.position
    entry = session.get_one(StatusEntry, (other.id, REVOKED))
    assert entry.status_list.document is not None and entry.position == taken.position
    assert lists.reserve(session, {other.id: scheme}, at=PROVEN)[other.id] == places


def test_the_key_of_the_compact_form_is_made_once(session, scheme, anas_badge):
    (one,) = ever(session, Purpose.COMPACT, scheme_id=scheme.id)
    make_keys()
    session.expire_all()
    assert ever(session, Purpose.COMPACT, scheme_id=scheme.id) == [one]


# ---------------------------------------------------------------- the bits


def test_the_first_bit_is_the_left_most_of_the_first_byte():
    content = gzip.decompress(from_base64url(bits.encode([0, 9])[1:]))
    assert len(content) * 8 == 131_072 and content[:2] == b"\x80\x40" and not any(content[2:])


@pytest.mark.parametrize("position", [0, 1, 7, 8, 131_071])
def test_a_bit_that_is_set_is_read_as_set_and_its_neighbours_are_not(position):
    encoded = bits.encode([position])
    assert bits.is_set(encoded, position)
    assert not any(
        bits.is_set(encoded, p) for p in (position - 1, position + 1) if 0 <= p < bits.SIZE
    )


def test_the_same_bits_are_the_same_text_and_an_empty_list_is_short():
    assert bits.encode([5, 3]) == bits.encode([3, 5])
    assert len(bits.encode([])) < 80 and bits.encode([]).startswith("uH4sI")


def test_a_list_that_is_too_short_is_none():
    from app.open_badges.multibase import base64url

    short = "u" + base64url(gzip.compress(b"\0" * 100))
    with pytest.raises(ValueError, match="not a status list"):
        bits.is_set(short, 3)
