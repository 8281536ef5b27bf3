"""What is in doubt when a key may be in other hands: all that it signed and no time stamp saves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.clock import now
from app.sealing.jobs import typeset
from app.sealing.models import DocumentTimestamp, Seal
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
