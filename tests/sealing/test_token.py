"""A society that keeps its key in a token seals its diplomas with the others, while it is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import hardware, jobs
from app.clock import now
from app.journal.models import Entry
from app.outbox.models import Message
from app.sealing.check import faults
from app.sealing.models import Seal, Unfinished
from app.sealing.writing_down import OUT_OF_REACH
from app.signing_keys.making import make_in_token, named_for, place_in_token
from app.signing_keys.models import Algorithm, Keeping
from app.societies.models import Society
from tests.cast import NOON
from tests.sealing.conftest import document, roots, seals
from tests.sealing.keys import give_keys, seal_key
from tests.sealing.papers import openssl, pdfsig, pyhanko


@pytest.fixture
def keeps_a_token(
    session: Session, anas_diploma, with_token
) -> Callable[[Society, Algorithm], None]:
    """Let a society keep its key in the token, and the others theirs here."""

    def keep(society: Society, algorithm: Algorithm) -> None:
        made = place_in_token(
            "office seal", algorithm, code=society.code, named=named_for(society), at=NOON
        )
        make_in_token(session, society, made, by=None, at=NOON)
        give_keys(session, society)

    return keep


@pytest.fixture
def away(softhsm: Path) -> Iterator[Callable[[], Callable[[], None]]]:
    """Pulls the token out; what it answers puts it back."""
    aside = softhsm.with_name("aside")

    def put_back() -> None:
        if aside.exists():
            aside.rename(softhsm)
            hardware.close_all()

    def pull_out() -> Callable[[], None]:
        softhsm.rename(aside)
        hardware.close_all()
        return put_back

    yield pull_out
    put_back()


def run_all(session: Session) -> None:
    session.commit()
    jobs.run_all()
    session.expire_all()


def is_sealed_by_both(session, credential, folder) -> None:
    pdf = document(credential)
    found = session.scalars(
        select(Seal).where(Seal.credential_id == credential.id).order_by(Seal.position)
    ).all()
    assert seals(session, credential) == [(1, "eusomii"), (2, "siim")]
    assert faults(pdf, [(one.society.code, one.key.public_key) for one in found]) == []
    assert pyhanko(pdf, *roots(session)) == {"eusomii": True, "siim": True}
    assert [valid for valid, _trusted in pdfsig(pdf, folder)] == [True, True]
    for field in ("eusomii", "siim"):
        assert openssl(pdf, field, folder, *roots(session))


@pytest.mark.parametrize(
    ("keeper", "algorithm"),
    [("eusomii", Algorithm.ECDSA_P256), ("siim", Algorithm.RSA_3072)],
)
def test_a_token_seals_first_or_second_and_everybody_believes_it(
    session, societies, anas_diploma, keeps_a_token, keeper, algorithm, tmp_path
):
    keeps_a_token(getattr(societies, keeper), algorithm)
    key = seal_key(session, getattr(societies, keeper))
    assert key.keeping is Keeping.TOKEN and key.secret is None

    run_all(session)

    is_sealed_by_both(session, anas_diploma, tmp_path)


def test_without_its_token_a_diploma_waits_and_says_so_and_goes_on_once_it_is_back(
    browser, session, societies, erik, anas_diploma, keeps_a_token, away, tmp_path
):
    keeps_a_token(societies.siim, Algorithm.ECDSA_P256)
    back = away()

    run_all(session)
    assert not anas_diploma.is_ready and not anas_diploma.has_failed
    assert "token office seal" in anas_diploma.last_error
    assert anas_diploma.attempts == 0, "that the token is away is no fault of the diploma"
    assert seals(session, anas_diploma) == []
    page = browser.sign_in(erik).visit(f"/desk/credentials/{anas_diploma.serial}")
    assert f"It could not be made yet: {anas_diploma.last_error}" in page.text

    back()
    with time_machine.travel(now() + OUT_OF_REACH + timedelta(seconds=5), tick=True):
        run_all(session)
    is_sealed_by_both(session, anas_diploma, tmp_path)
    assert "could not be made" not in browser.visit(page.url).text
    assert session.scalars(select(Unfinished)).all() == []
    told = select(Entry).where(Entry.act == "credential.typeset")
    letters = select(Message).where(Message.kind == "credentials/ready")
    assert [len(session.scalars(each).all()) for each in (told, letters)] == [1, 1]
