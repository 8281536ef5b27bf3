"""A proof carries the word of every society, whichever head it gave it on."""

from __future__ import annotations

import json

import pytest

from app.clock import now
from app.credentials.withholding import withdraw
from app.transparency import heads, proofs, queries
from app.verification import register
from tests.cast import in_error


@pytest.fixture
def on_different_days(session, log, diplomas, erik, susan, societies):
    """EuSoMII countersigns a head, SIIM the next one, and nobody yet a third."""
    made = [log()]
    heads.countersign(session, made[0], societies.eusomii, by=erik, at=now())
    withdraw(session, diplomas[1], in_error(erik, societies.eusomii))
    made.append(log())
    heads.countersign(session, made[1], societies.siim, by=susan, at=now())
    made.append(log())
    return [one.size for one in made]


def test_a_word_once_given_is_not_lost_with_the_next_head(
    session, browser, diplomas, societies, on_different_days
):
    """Heads are signed every few minutes, societies countersign once a week."""
    names = [societies.eusomii.name, societies.siim.name]
    told = register.logged(session, register.by_serial(session, diplomas[0].serial))
    assert told.head == on_different_days[2] > on_different_days[1]
    assert [(one.society, one.size) for one in told.countersigned] == list(
        zip(names, on_different_days, strict=False)
    )
    page = browser.visit(f"/v/{diplomas[0].serial}")
    assert all(f"Countersigned by {name} on" in page.text for name in names)
    answer = browser.visit(f"/v/{diplomas[0].serial}?format=json").json
    assert answer["log"]["countersigned_by"] == names


def test_what_was_entered_after_a_countersignature_is_not_under_it(
    session, diplomas, societies, on_different_days
):
    told = register.logged(session, register.by_serial(session, diplomas[1].serial))
    assert [one.society for one in told.countersigned] == [societies.siim.name]


def test_a_proof_brings_a_countersigned_head_of_every_society(session, diplomas, on_different_days):
    proof = json.loads(json.dumps(queries.inclusion(session, diplomas[0])))
    key, heads_told = proof["key"]["public_key"], [proof, *proof["further_heads"]]
    signed = [[one["society"] for one in head["countersignatures"]] for head in heads_told]
    assert [head["size"] for head in heads_told] == [on_different_days[1], on_different_days[0]]
    assert signed == [["siim"], ["eusomii"]]
    assert proofs.check(proof, log_key=key, file_digest=None) == []

    def against(change):
        forged = json.loads(json.dumps(proof))
        change(forged, forged["further_heads"][0])
        return proofs.check(forged, log_key=key, file_digest=None)

    own = proof["further_heads"][0]["countersignatures"][0]
    assert against(lambda whole, one: one["paths"][0].pop()) != []
    assert against(lambda whole, one: one.update(paths=[])) != []
    assert against(lambda whole, one: one.update(head=whole["head"])) != []
    assert against(lambda whole, one: own and one["countersignatures"][0].update(
        public_key=key)) != []  # fmt: skip
    assert against(lambda whole, one: whole.pop("further_heads")) == [], "a proof of former days"


def test_the_command_says_who_countersigned_and_when_nobody_did(
    session, stage, diplomas, head, erik, societies, tmp_path
):
    (tmp_path / "log.pem").write_text(head.key.public_key)

    def asked() -> str:
        told = queries.inclusion(session, diplomas[0])
        (tmp_path / "proof.json").write_text(json.dumps(told))
        session.commit()
        command = ["log", "check", str(tmp_path / "proof.json")]
        done = stage.test_cli_runner().invoke(args=[*command, "--key", str(tmp_path / "log.pem")])
        assert done.exit_code == 0
        return done.output

    assert "No society has countersigned it" in asked()
    heads.countersign(session, head, societies.eusomii, by=erik, at=now())
    session.commit()
    session.expire_all()
    said = asked()
    assert f"by {societies.eusomii.name}" in said and "No society" not in said
