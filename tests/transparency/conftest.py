"""A log with something in it: two diplomas that two societies released, and their keys."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.awards.models import AwardList
from app.awards.release import approve
from app.clock import now
from app.credentials.issuing import issue_diploma
from app.credentials.models import Credential
from app.files import files
from app.journal import jobs as journal
from app.signing_keys.making import make_local, make_missing
from app.signing_keys.models import Purpose
from app.transparency import jobs, queries
from app.transparency.models import Head
from tests.awards.conftest import (
    anas_candidacy,
    bens_candidacy,
    edition,
    frozen_list,
    open_list,
    past_webinar,
    scheme,
)
from tests.cast import NOON
from tests.credentials.conftest import ISSUED, address

__all__ = ["anas_candidacy", "bens_candidacy", "edition", "frozen_list", "open_list",
           "past_webinar", "scheme"]  # fmt: skip


@pytest.fixture
def signing(session, societies):
    """A key of each society for its word, and the platform's own."""
    for society in (societies.eusomii, societies.siim, societies.efrs):
        make_local(session, purpose=Purpose.PROOF, society=society, by=None, at=NOON)
    make_missing(session, NOON)
    session.commit()


@pytest.fixture
def released(session, frozen_list: AwardList, societies, erik, susan) -> AwardList:
    for society, officer in ((societies.eusomii, erik), (societies.siim, susan)):
        approve(session, frozen_list, society, seen=frozen_list.digest, by=officer, at=NOON)
    session.commit()
    return frozen_list


@pytest.fixture
def finish(session):
    """Give a credential a file, as the workers do, without setting a sheet."""

    def give(credential: Credential, at=ISSUED) -> Credential:
        content = f"the file of {credential.serial}".encode()
        credential.file_digest, credential.file_size = files.keep(content), len(content)
        credential.typeset_at = at
        session.commit()
        return credential

    return give


@pytest.fixture
def diplomas(session, released, signing, finish) -> list[Credential]:
    """The finished diplomas of Ana and Ben."""
    made = [
        issue_diploma(session, award, at=ISSUED, address=address)
        for award in released.standing_awards
    ]
    session.commit()
    return [finish(one) for one in made]


@pytest.fixture
def log(session, diplomas):
    """Take in what is new and sign it, some minutes after the last head."""

    def keep() -> Head:
        session.commit()
        journal.link()
        jobs.take_in()
        last = queries.latest(session)
        at = max(now(), last.at + timedelta(minutes=6)) if last else now()
        session.commit()
        jobs.sign_at(at)
        session.expire_all()
        head = queries.latest(session)
        session.commit()
        assert head is not None
        return head

    return keep


@pytest.fixture
def head(log) -> Head:
    return log()
