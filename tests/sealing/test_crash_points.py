"""Whatever breaks off before or after any lasting step, the same diploma comes of it in the end."""

from __future__ import annotations

import errno
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from app import jobs
from app.clock import now
from app.credentials import typesetting
from app.files import digest_of, files
from app.journal.models import Entry
from app.open_badges.models import OpenBadge, StatusEntry
from app.outbox.models import Message
from app.sealing import jobs as sealing
from app.sealing.check import faults
from app.sealing.models import Seal, Unfinished
from app.sealing.writing_down import GRACE
from tests.sealing.conftest import document
from tests.sealing.steps import MOMENTS, STEPS, struck_at

pytestmark = pytest.mark.usefixtures("keys")


class Broken(Exception):
    """Something nobody thought of."""


FAULTS = {
    "an error": lambda: Broken("broken"),
    "a full disk": lambda: OSError(errno.ENOSPC, "No space left on device"),
    "a lost connection": lambda: OperationalError("select 1", {}, Exception("connection lost")),
}


@pytest.mark.parametrize("fault", list(FAULTS))
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("step", list(STEPS))
def test_it_converges(step, fault, moment, session, stage, anas_diploma, monkeypatch):
    def breaks_off():
        raise FAULTS[fault]()

    *place, struck = struck_at(stage, step, moment, breaks_off)
    monkeypatch.setattr(*place)
    session.commit()
    jobs.perform("credentials.typeset", anas_diploma.id)
    assert struck, "the step was never reached"
    session.expire_all()

    session.commit()
    with time_machine.travel(now() + typesetting.LEASE + timedelta(minutes=2), tick=True):
        jobs.run_all()
    with time_machine.travel(now() + GRACE + timedelta(minutes=5), tick=True):
        sealing.tidy()
    session.expire_all()

    def count(*what):
        return session.scalar(select(func.count()).select_from(what[0]).where(*what[1:]))

    expected = [(one.society.code, one.key.public_key) for one in
                session.scalars(select(Seal).order_by(Seal.position))]  # fmt: skip
    assert [code for code, _key in expected] == ["eusomii", "siim"]
    assert faults(document(anas_diploma), expected) == []
    assert (count(OpenBadge), count(StatusEntry)) == (1, 2)
    assert count(Entry, Entry.act == "credential.typeset") == 1
    assert count(Message, Message.kind == "credentials/ready") == 1
    assert count(Unfinished) == 0
    assert not anas_diploma.has_failed
    assert digest_of(files.read(anas_diploma.file_digest)) == anas_diploma.file_digest
