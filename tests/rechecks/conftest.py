"""A world in which everything has happened that rechecks read: issued, withdrawn, countersigned."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import jobs as work
from app.awards.release import approve
from app.clock import now
from app.credentials.issuing import correct
from app.credentials.models import Credential, CredentialKind
from app.credentials.withholding import withdraw
from app.files import files
from app.journal import jobs as journal
from app.journal.models import record
from app.open_badges import endorsing
from app.rechecks import rounds
from app.schemes.models import Edition
from app.sealing import archival, renewing, timestamps
from app.signing_keys.life import report
from app.signing_keys.making import make_local, make_missing
from app.signing_keys.models import KeyConfirmation, Purpose
from app.signing_keys.queries import ever
from app.societies.models import Society
from app.transparency import heads, queries
from app.transparency import jobs as log
from tests.awards.conftest import (
    anas_candidacy,
    bens_candidacy,
    edition,
    frozen_list,
    open_list,
    past_webinar,
    scheme,
)
from tests.cast import NOON, in_error, keys_for
from tests.credentials.conftest import address
from tests.sealing.conftest import configure

__all__ = ["anas_candidacy", "bens_candidacy", "configure", "edition", "frozen_list", "open_list",
           "past_webinar", "scheme"]  # fmt: skip


@pytest.fixture
def world(session: Session, frozen_list, societies, ana, ben, erik, susan, pia) -> list[Credential]:
    """Two diplomas and four certificates through the whole pipeline, and what became of them."""
    keys_for(session, societies.eusomii, societies.siim, societies.efrs)
    make_missing(session, NOON)
    for society, officer in ((societies.eusomii, erik), (societies.siim, susan)):
        approve(session, frozen_list, society, seen=frozen_list.digest, by=officer, at=NOON)
    session.commit()
    work.run_all()
    session.expire_all()

    made = list(session.scalars(select(Credential).order_by(Credential.id)))
    diplomas = [one for one in made if one.kind is CredentialKind.DIPLOMA]
    certificates = [one for one in made if one.kind is not CredentialKind.DIPLOMA]
    at = now()
    withdraw(session, diplomas[1], in_error(erik, societies.eusomii, at=at))
    ana.name = "Ana María López"
    own = next(one for one in certificates if one.person_id == ana.id)
    correct(session, own, by=erik, at=at, address=address)
    _suspend(session, diplomas[0], erik, at)
    session.commit()
    work.run_all()
    settle_the_log(session)

    head = queries.latest(session)
    assert head is not None
    heads.countersign(session, head, societies.eusomii, by=erik, at=now())
    heads.countersign(session, head, societies.siim, by=susan, at=now())
    session.commit()
    settle_the_log(session, later=timedelta(minutes=10))
    return list(session.scalars(select(Credential).order_by(Credential.id)))


@pytest.fixture
def stamping(configure) -> None:
    timestamps.authorities.cache_clear()
    configure(seal_level="B-T", timestamp_urls=(timestamps.LOCAL,))


@pytest.fixture
def longer_world(
    session: Session, stamping: None, world: list[Credential], frozen_list, societies, fay
) -> list[Credential]:
    """The same with time stamps, one of them renewed, ended keys and endorsements."""
    at = now()
    _end_keys(session, societies.efrs, fay, at)
    _endorse(session, frozen_list.edition, societies.efrs, fay, at)
    _stamp_anew(session, next(one for one in world if one.award_id))
    settle_the_log(session, later=timedelta(minutes=20))
    return world


def settle_the_log(session: Session, later: timedelta = timedelta(minutes=6)) -> None:
    """Link, take in and sign until everything that has happened stands there."""
    session.commit()
    journal.link()
    log.take_in()
    log.sign_at(now() + later)
    journal.link()
    session.expire_all()


def _suspend(session: Session, credential: Credential, by, at: datetime) -> None:
    from app.credentials.models import Reinstatement, Suspension

    suspension = Suspension(credential_id=credential.id, by_id=by.id, at=at, on=at.date(),
                            society_id=None, reason="A question about the evidence.")  # fmt: skip
    session.add(suspension)
    session.flush()
    session.add(Reinstatement(suspension_id=suspension.id, by_id=by.id, society_id=None, at=at,
                              on=at.date(), reason="The question is answered."))  # fmt: skip


def _end_keys(session: Session, society: Society, by, at: datetime) -> None:
    """A seal key follows another; then both are reported, and one was confirmed before."""
    (first,) = ever(session, Purpose.SEAL, society_id=society.id)
    session.add(KeyConfirmation(key=first, at=at, by=by, address="https://efrs.example/did.json"))
    record(session, "signing_key.confirmed", by=by, at=at, on=first, societies=[society],
           address="https://efrs.example/did.json")  # fmt: skip
    second = make_local(session, purpose=Purpose.SEAL, society=society, by=by, at=at)
    report(session, second, since=at, by=by, at=at, reason="The office was broken into.")


def _endorse(session: Session, edition: Edition, society: Society, by, at: datetime) -> None:
    """An endorsement that was withdrawn, and the one that stands."""
    for comment in ("We recommend it.", "We recommend it again."):
        one = endorsing.endorse(session, edition, society, comment=comment, by=by, at=at)
        if comment == "We recommend it.":
            endorsing.withdraw(session, one, by=by, at=at, reason="Its text was too short.")
            session.flush()


def _stamp_anew(session: Session, credential: Credential) -> None:
    """As the job does it before a stamp ends."""
    session.refresh(credential)
    before, asked = credential.file_digest, timestamps.authorities(current_app.config["SETTINGS"])
    assert before is not None
    document, stamp = renewing.stamped_anew(
        files.read(before), before, renewing.sealed_under(session, credential.id),
        partial(archival.renew, asked),
    )  # fmt: skip
    renewing.renew(session, credential.id, stamp, before=before, digest=files.keep(document),
                   size=len(document), at=now())  # fmt: skip
    session.commit()


def read_again(session: Session, at: datetime | None = None) -> set[str]:
    """What a whole round finds, as "part subject"."""
    session.flush()
    session.expire_all()
    _count, found = rounds.read_all(session, at=at or now())
    return {f"{one.part} {one.subject}" for one in found}
