"""A stamp is renewed before its authority's certificate ends; the old document stays provable."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from pyhanko.pdf_utils import incremental_writer
from pyhanko.pdf_utils.misc import PdfReadError
from sqlalchemy import select

from app import db
from app.clock import now
from app.credentials.models import Credential
from app.files import Missing, digest_of, files
from app.journal.models import Entry
from app.sealing import archival, authority, renewing, revision, timestamps
from app.sealing import jobs as sealing
from app.sealing.models import DocumentTimestamp, SigningRequest, Unfinished
from app.sealing.renewing import due
from app.sealing.waiting import answer
from app.sealing.writing_down import GRACE
from tests.sealing.conftest import document, roots
from tests.sealing.papers import pyhanko
from tests.sealing.pki import Authority

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


def test_only_the_latest_stamp_of_a_document_counts(session, stamped, monkeypatch):
    """However many stamps there are in all: an earlier one never makes it due again."""
    monkeypatch.setattr(renewing, "LOOKED_AT", 1)
    (first,) = session.scalars(select(DocumentTimestamp))
    first.at, first.valid_until = now() - YEARS, now() + timedelta(days=30)
    stamped.next_at = now()
    assert due(session, at=now(), most=10) == [stamped.id]
    session.add(
        DocumentTimestamp(credential_id=stamped.id, at=now(), authority="TSA", file_size=1,
                          valid_until=now() + timedelta(days=60), file_digest="0" * 64)
    )  # fmt: skip
    session.flush()
    assert due(session, at=now(), most=10) == []
    assert due(session, at=now() + timedelta(days=31), most=10) == [stamped.id]


@pytest.mark.parametrize("spoil", ["other bytes", "another seal"])
def test_no_stamp_goes_over_what_was_altered(spoil, session, stamped, societies):
    """What somebody put into the store, or wrote into the register, is told and left alone."""
    kept = document(stamped)
    digest = stamped.file_digest
    session.commit()
    if spoil == "other bytes":
        place = files._path(digest)
        place.write_bytes(kept + b"\n% and more")
    else:
        forged = kept.replace(b"EuSoMII", b"EvSoMII")
        assert forged != kept
        with db.writing() as other:
            one = other.get_one(Credential, stamped.id)
            one.file_digest = files.keep(forged)
    end_soon()
    sealing.renew_stamps()
    session.expire_all()
    assert len(session.scalars(select(DocumentTimestamp)).all()) == 1
    assert "Altered" in stamped.last_error


def test_a_renewal_that_fails_is_counted_until_it_succeeds(session, stamped, configure):
    session.commit()
    end_soon()
    configure(timestamp_urls=("http://127.0.0.1:1/",), calls_anywhere=True)
    sealing.renew_stamps()
    many, ends_at = renewing.put_off_ones(session)
    assert (many, ends_at.date()) == (1, (now() + timedelta(days=90)).date())

    configure(timestamp_urls=("local",))
    session.commit()
    with time_machine.travel(now() + timedelta(days=1, minutes=1)):
        sealing.renew_stamps()
    session.expire_all()
    assert renewing.put_off_ones(session) == (0, None)


def test_a_document_that_a_library_cannot_read_does_not_keep_others_from_their_stamps(
    session, stamped, bens_diploma, monkeypatch
):
    sealing.typeset(bens_diploma.id)
    with db.writing() as other:
        for one in other.scalars(select(DocumentTimestamp)):
            one.valid_until, one.at = now() + timedelta(days=90 + one.id), now() - YEARS
        for credential in other.scalars(select(Credential)):
            credential.next_at = now()
    real, failed = incremental_writer.IncrementalPdfFileWriter, []

    def once(*args, **kwargs):
        if not failed:
            failed.append(True)
            raise PdfReadError("the cross-reference table is of no kind that is known")
        return real(*args, **kwargs)

    monkeypatch.setattr(incremental_writer, "IncrementalPdfFileWriter", once)
    sealing.renew_stamps()
    session.expire_all()
    assert "PdfReadError: the cross-reference table" in stamped.last_error
    assert bens_diploma.last_error is None
    renewed = session.scalars(select(DocumentTimestamp.credential_id)).all()
    assert (renewed.count(stamped.id), renewed.count(bens_diploma.id)) == (1, 2)


@pytest.mark.parametrize("level", ["B-T", "B-LTA"])
def test_it_does_not_need_the_authorities_of_the_seals_to_answer_still(
    level, session, anas_diploma, societies, susan, signs_elsewhere, configure, monkeypatch
):
    """Where their lists were taken along they stay; where they were not and are gone, it goes on
    without them."""
    timestamps.authorities.cache_clear()
    configure(seal_level=level, timestamp_urls=("local",))
    _key, theirs = signs_elsewhere(societies.siim)
    known = {"http://ca.invalid/list.crl": (now() + YEARS, Authority().crl())}
    monkeypatch.setattr(archival, "_lists", known)
    sealing.typeset(anas_diploma.id)
    (asked,) = session.scalars(select(SigningRequest))
    answer(session, asked, theirs.sign(asked.to_sign), by=susan, at=now())
    session.commit()
    sealing.typeset(anas_diploma.id)
    session.expire_all()
    kept = document(anas_diploma)
    assert len(archival.issuers_told(kept)) == (1 if level == "B-LTA" else 0)

    known.clear()
    session.commit()
    end_soon()
    sealing.renew_stamps()
    session.expire_all()
    new = document(anas_diploma)
    assert new.startswith(kept) and len(new) > len(kept)
    assert archival.issuers_told(new) == archival.issuers_told(kept)
