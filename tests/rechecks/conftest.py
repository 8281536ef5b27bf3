"""A world in which everything has happened that rechecks read: issued, withdrawn, countersigned."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import jobs as work
from app.awards.release import approve
from app.clock import now
from app.credentials.issuing import correct
from app.credentials.models import Credential, CredentialKind
from app.credentials.withholding import withdraw
from app.journal import jobs as journal
from app.rechecks import rounds
from app.signing_keys.making import make_missing
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

__all__ = ["anas_candidacy", "bens_candidacy", "edition", "frozen_list", "open_list",
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


def read_again(session: Session, at: datetime | None = None) -> set[str]:
    """What a whole round finds, as "part subject"."""
    session.flush()
    session.expire_all()
    _count, found = rounds.read_all(session, at=at or now())
    return {f"{one.part} {one.subject}" for one in found}
