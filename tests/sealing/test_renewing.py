"""A stamp is renewed before its authority's certificate ends; the old document stays provable."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app import db
from app.clock import now
from app.credentials.models import Credential
from app.files import Missing, digest_of, files
from app.journal.models import Entry
from app.sealing import authority, revision, timestamps
from app.sealing import jobs as sealing
from app.sealing.models import DocumentTimestamp, Unfinished
from app.sealing.renewing import due
from app.sealing.writing_down import GRACE
from tests.sealing.conftest import document, roots
from tests.sealing.papers import pyhanko

pytestmark = pytest.mark.usefixtures("keys")
YEARS = timedelta(days=365)


@pytest.fixture
def stamped(session, anas_diploma, configure):
    timestamps.authorities.cache_clear()
    configure(seal_level="B-T", timestamp_urls=("local",))
    sealing.typeset(anas_diploma.id)
    session.expire_all()
    return anas_diploma


def end_soon() -> None:
    """The certificate behind the only stamp ends in three months."""
    with db.writing() as session:
        stamp = session.scalars(select(DocumentTimestamp)).one()
        stamp.valid_until, stamp.at = now() + timedelta(days=90), now() - YEARS
        session.get_one(Credential, stamp.credential_id).next_at = now()


def test_a_stamp_that_holds_for_years_is_left_alone(session, stamped):
    assert due(session, at=now(), most=10) == []
    assert due(session, at=now() + 8 * YEARS, most=10) == []
    assert due(session, at=now() + 9.5 * YEARS, most=10) == [stamped.id]


def test_a_document_is_stamped_anew_in_its_last_year(session, stamped, stage):
    old, first = document(stamped), stamped.file_digest
    session.commit()
    end_soon()

    sealing.renew_stamps()
    sealing.renew_stamps()
    session.expire_all()
    new = document(stamped)
    assert new.startswith(old)
    digests = [one.file_digest for one in session.scalars(
        select(DocumentTimestamp).order_by(DocumentTimestamp.id))]  # fmt: skip
    assert digests == [first, stamped.file_digest]
    assert digest_of(new[: session.scalars(select(DocumentTimestamp)).first().file_size]) == first
    assert [one.kind for one in revision.signatures(new)].count("timestamp") == 2
    trusted = authority.certificate(stage.config["SETTINGS"].var, now)
    assert all(pyhanko(new, *roots(session), trusted).values())
    (entry,) = session.scalars(select(Entry).where(Entry.act == "credential.stamped"))
    assert entry.details["before"] == first


def test_the_old_file_goes_only_after_the_new_one_is_there(session, stamped):
    first = stamped.file_digest
    session.commit()
    end_soon()
    sealing.renew_stamps()
    sealing.tidy()
    files.read(first)

    session.commit()
    with time_machine.travel(now() + GRACE + timedelta(minutes=5)):
        sealing.tidy()
    with pytest.raises(Missing):
        files.read(first)
    session.expire_all()
    assert digest_of(document(stamped)) == stamped.file_digest
    assert session.scalars(select(Unfinished)).all() == []
