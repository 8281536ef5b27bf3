"""The same verbs on the command line, and what the doctor says."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509
from sqlalchemy import select

from app import doctor, sealed
from app.clock import now
from app.signing_keys import queries, throwaway
from app.signing_keys.models import Keeping, Purpose, SigningKey
from config import Misconfigured, from_environment
from tests.signing_keys.conftest import as_pem
from tests.tokens import PIN, SOFTHSM


@pytest.fixture
def run(stage, session):
    """Run a command and answer what it told."""

    def ran(*args, fails=False):
        session.commit()
        result = stage.test_cli_runner().invoke(args=["keys", *args])
        assert (result.exit_code != 0) is fails, result.output
        session.expire_all()
        return result.output

    return ran


def test_an_operator_makes_certifies_changes_and_ends_keys(run, session, societies, tmp_path):
    told = run("make", "--society", "efrs")
    assert told.startswith("seal/efrs-1  ")
    asked = run("request", "seal/efrs-1")
    above = throwaway.authority("Trust Services of the Netherlands")
    file = tmp_path / "chain.pem"
    own = above.certify(x509.load_pem_x509_csr(asked.encode()))
    file.write_bytes(as_pem(above.certificate, own))
    assert "vouched for by Trust Services" in run("import", "efrs-1", str(file))

    run("make", "--society", "efrs", "--rsa", "--waits")
    run("force", "efrs-2")
    run("retire", "efrs-2", "--reason", "The end of the test.")
    run("compromise", "efrs-1", "--since", "2026-09-02T08:30", "--reason", "A copy was found.")
    run("renew", "proof/efrs-1")

    listed = run("list")
    assert queries.ever(session) == []  # the platform itself has none
    found = {f"{k.purpose}/{k.name}": k for k in session.scalars(select(SigningKey))}
    assert set(found) == {"seal/efrs-1", "proof/efrs-1", "seal/efrs-2", "proof/efrs-2"}
    assert found["seal/efrs-1"].compromise and found["seal/efrs-2"].retirement
    assert all(key.fingerprint in listed for key in found.values())
    assert "PRIVATE" not in listed


def test_refusals_are_told_in_words(run, societies, tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear colleague")

    assert "no society with the code nowhere" in run("make", "--society", "nowhere", fails=True)
    assert "There is no key seal/efrs-9" in run("request", "seal/efrs-9", fails=True)
    assert "There is no key other/x" in run("request", "other/x", fails=True)
    told = run("elsewhere", str(letter), "--society", "efrs", fails=True)
    assert "no certificate in this file" in told


def test_a_seal_kept_elsewhere_and_one_in_a_token(run, session, societies, tmp_path, with_token):
    made = throwaway.signer("SIIM", under=throwaway.authority())
    file = tmp_path / "chain.der"
    file.write_bytes(as_pem(*(x509.load_der_x509_certificate(c) for c in made.certificates)))

    run("elsewhere", str(file), "--society", "siim")
    run("make", "--society", "efrs", "--token", "office seal")

    found = session.scalars(select(SigningKey).where(SigningKey.purpose == Purpose.SEAL)).all()
    assert {key.keeping for key in found} == {Keeping.DEFERRED, Keeping.TOKEN}


# ------------------------------------------------------------------ the doctor


def finding(name):
    return next(one for one in doctor.examine() if one.check == name)


def test_the_doctor_sees_keys_that_end_soon_and_secrets_that_do_not_open(session, seal):
    session.commit()
    good = finding("signing keys")
    assert good.level == "good" and "2 sign" in good.says

    seal.expires_at = now() + timedelta(days=20)
    session.commit()
    soon = finding("signing keys")
    assert soon.level == "warn" and "seal/efrs-1 ends on" in soon.says

    seal.secret = sealed.seal("x", "another purpose")
    session.commit()
    assert finding("seal").level == "bad"


def test_the_doctor_tries_the_tokens(session, with_token, stage):
    assert finding("tokens").level == "good"

    settings = stage.config["SETTINGS"]
    stage.config["SETTINGS"] = replace(settings, pkcs11_pins=(("another", "1234"),))
    bad = finding("tokens")
    assert bad.level == "bad" and "another is not there" in bad.says and "1234" not in bad.says


def test_without_tokens_the_doctor_is_content(session):
    assert finding("tokens").level == "good"


# ------------------------------------------------------------------ settings


def environment(tmp_path, **more):
    return {"CONFER_VAR": str(tmp_path), **more}


def test_labels_and_pins_may_hold_spaces_and_equals_signs(tmp_path):
    settings = from_environment(
        environment(tmp_path, CONFER_PKCS11_LIBRARY=str(SOFTHSM),
                    CONFER_PKCS11_PINS="office%20seal=a%20pin%3Dof%20tests second=5678")
    )  # fmt: skip

    assert settings.pkcs11_pins == (("office seal", PIN), ("second", "5678"))
    assert "5678" not in repr(settings)


@pytest.mark.parametrize("pins", ["label", "=1234", "label="])
def test_a_wrong_pin_setting_is_named_but_not_spoken(tmp_path, pins):
    with pytest.raises(Misconfigured) as told:
        from_environment(
            environment(tmp_path, CONFER_PKCS11_PINS=pins, CONFER_PKCS11_LIBRARY="/no/such.so")
        )
    assert "CONFER_PKCS11_PINS is set, but not usable" in str(told.value)
    assert "CONFER_PKCS11_LIBRARY is '/no/such.so'" in str(told.value)
    assert "1234" not in str(told.value)


def test_the_environment_of_the_token_is_that_of_the_tests(softhsm):
    assert os.environ["SOFTHSM2_CONF"].startswith(str(softhsm))
