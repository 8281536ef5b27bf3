"""With the platform gone: a trust bundle, an export, and the file itself are enough."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.clock import now, today
from app.credentials.withholding import withdraw
from app.open_badges import compact, endorsing, proofs
from app.open_badges.jobs import sign_lists
from app.open_badges.models import OpenBadge
from app.schemes.models import Part, SchemePart
from app.signing_keys import making
from app.signing_keys.models import KeyCompromise, Purpose, SigningKey
from app.signing_keys.signing import signer
from app.transparency import heads, notes, queries, tree
from app.transparency import proofs as log_proofs
from app.verification import carried, exported, offline, register, wording
from app.verification.bundle import bundle, content, sign
from app.verification.export import export, name_of
from app.verification.judgement import File, Reason
from app.verification.reading.sort import read
from config import ROOT
from tests.cast import in_error
from tests.open_badges.conftest import RSA_KEY
from tests.verification.conftest import KEYS_MADE, finish, without_last_seal
from tests.verification.sealed import stamped


@pytest.fixture
def trust(session, sealed_pdf) -> str:
    """A bundle of the day."""
    return json.dumps(bundle(session, at=now()))


def examined(content: bytes, text: str, **facts):
    on = facts.pop("on", today())
    return offline.examine(read(content), carried.read(text), on=on, **facts)


def test_a_diploma_is_genuine_and_valid_by_the_bundle_alone(sealed_pdf, trust, anas_diploma):
    verdict = examined(sealed_pdf, trust)
    assert verdict.file is File.GENUINE
    assert verdict.word == "valid" and verdict.is_good
    assert verdict.serial == anas_diploma.serial
    assert [seal.party.code for seal in verdict.judgement.seals] == ["eusomii", "siim"]
    assert all(one.holds for one in verdict.judgement.proofs)


def test_a_removed_seal_is_named_by_what_the_credential_itself_says(sealed_pdf, trust):
    verdict = examined(without_last_seal(sealed_pdf), trust)
    assert verdict.file is File.INCOMPLETE
    assert [party.code for party in verdict.judgement.missing] == ["siim"]


def test_a_credential_by_itself_is_judged_and_a_missing_proof_is_named(document, trust):
    assert examined(json.dumps(document).encode(), trust).word == "valid"
    document["proof"].pop()
    verdict = examined(json.dumps(document).encode(), trust)
    assert verdict.file is File.INCOMPLETE
    assert verdict.judgement.missing[0].code == "siim"
    document["issuer"]["otherIdentifier"].pop()
    assert examined(json.dumps(document).encode(), trust).file is File.ALTERED


def test_a_withdrawal_is_known_from_the_list_in_the_bundle(
    session, sealed_pdf, anas_diploma, erik, societies
):
    withdraw(session, anas_diploma, in_error(erik, societies.eusomii))
    session.commit()
    sign_lists()
    session.expire_all()
    verdict = examined(sealed_pdf, json.dumps(bundle(session, at=now())))
    assert verdict.file is File.GENUINE
    assert verdict.word == "withdrawn" and not verdict.is_good


def test_years_later_it_is_genuine_and_was_valid_on_the_day_of_the_list(sealed_pdf, trust):
    """Whoever keeps an old bundle keeps an old status: it is not valid by it, nor unknown."""
    verdict = examined(sealed_pdf, trust, on=today() + timedelta(days=900))
    assert verdict.file is File.GENUINE
    assert verdict.word == "valid as of" and not verdict.is_good
    assert verdict.stood.as_of == today()
    assert Reason.STATUS_STALE in verdict.judgement.reasons
    said = offline.as_json(verdict)
    assert (said["verdict"], said["genuine"], said["valid"]) == ("valid as of", True, False)
    assert said["as_of"] == today().isoformat()


def test_a_bundle_without_the_list_says_genuine_and_no_more(sealed_pdf, trust):
    known = carried.read(trust)
    known.lists.clear()
    verdict = offline.examine(read(sealed_pdf), known, on=today())
    assert verdict.word == "genuine" and verdict.was_good and not verdict.is_good
    assert verdict.standing == "unknown" and verdict.stood.as_of is None


def test_the_command_tells_what_is_not_of_today_from_what_is_not_good(
    session, stage, sealed_pdf, tmp_path
):
    file, path = tmp_path / "diploma.pdf", tmp_path / "trust.json"
    plain = content(session, at=now())
    without = sign(session, {**plain, "status_lists": []}, at=now())
    session.commit()

    def ask(whole: dict, document: bytes):
        file.write_bytes(document)
        path.write_text(json.dumps(whole))
        asked = ["verification", "examine", str(file), "--bundle", str(path)]
        return stage.test_cli_runner().invoke(args=asked)

    whole = sign(session, plain, at=now())
    assert ask(whole, sealed_pdf).exit_code == 0
    assert f"valid (as of {today():%-d %B %Y})" in ask(whole, sealed_pdf).output
    assert ask(without, sealed_pdf).exit_code == 3
    assert "diploma.pdf: genuine\n" in ask(without, sealed_pdf).output
    assert ask(without, sealed_pdf + b" ").exit_code == 1


def test_without_a_list_a_document_is_valid_as_of_the_day_of_the_export(
    session, scheme, anas_certificate, tmp_path
):
    """A certificate of attendance has no place in a status list."""
    certificate = finish(session, anas_certificate)
    out = tmp_path / "register"
    export(out, at=now())
    known = carried.read((out / "trust.json").read_text())
    told = exported.look_up(out, anas_certificate.serial, known)
    at_once = offline.examine(read(certificate), known, on=today(), exported=told)
    assert at_once.file is File.IDENTICAL and at_once.word == "valid"
    later = today() + timedelta(days=9000)
    verdict = offline.examine(read(certificate), known, on=later, exported=told)
    assert verdict.word == "valid as of" and verdict.was_good and not verdict.is_good
    assert verdict.stood.as_of == today()
    ended = {**told, "valid_until": "2031-10-16"}
    assert offline.examine(read(certificate), known, on=later, exported=ended).word == "expired"


def test_by_the_log_alone_it_was_valid_on_the_day_it_was_issued(
    session, sealed_pdf, anas_diploma, trust, prove
):
    """A proof that leaves a withdrawal out still holds: it says nothing of its own day."""
    proof, known = prove(60 * 24 * 30), carried.read(trust)
    known.lists.clear()
    verdict = offline.examine(read(sealed_pdf), known, on=today() + timedelta(900), proof=proof)
    assert verdict.word == "valid as of"
    assert verdict.stood.as_of == anas_diploma.typeset_at.date()


def test_a_diploma_whose_day_has_come_is_expired(sealed_pdf, trust):
    assert examined(sealed_pdf, trust, on=date(2040, 1, 1)).word == "expired"


def test_a_strangers_file_is_unknown(trust):
    assert examined(b"%PDF-1.7\n", trust).file is File.UNKNOWN
    assert examined(b'{"issuer": "did:web:nowhere.example"}', trust).file is File.UNKNOWN


@pytest.mark.parametrize(
    "change",
    [
        lambda whole: whole["societies"][0].update(name="Another society"),
        lambda whole: whole["societies"].pop(),
        lambda whole: whole.update(made_at="2036-01-01T00:00:00+00:00"),
        lambda whole: whole["status_lists"].clear(),
        lambda whole: whole.update(signature="AAAA"),
        lambda whole: whole.update(type="Something"),
        lambda whole: whole.pop("signer"),
        lambda whole: whole.update(extra=1),
    ],
)
def test_a_changed_bundle_is_not_believed(trust, change):
    whole = json.loads(trust)
    change(whole)
    with pytest.raises(carried.Untrusted):
        carried.read(json.dumps(whole))


def test_a_bundle_of_another_signer_is_not_believed_when_the_key_is_known(trust):
    known = carried.read(trust)
    assert carried.read(trust, key=known.signer.upper()).signer == known.signer
    with pytest.raises(carried.Untrusted, match="another key"):
        carried.read(trust, key="0" * 64)


def test_an_export_holds_every_serial_without_serials_and_names(
    session, sealed_pdf, anas_diploma, ana, anas_certificate, tmp_path
):
    out = tmp_path / "register"
    assert export(out, at=now()) == 2
    row = json.loads((out / f"v/{name_of(anas_diploma.serial)[:2]}"
                      / f"{name_of(anas_diploma.serial)}.json").read_text())  # fmt: skip
    assert row["standing"] == "valid"
    assert row["sha256"] == [anas_diploma.file_digest]
    assert [seal["key"] for seal in row["seals"]] == ["eusomii-1", "siim-1"]
    everything = b"".join(p.read_bytes() for p in out.rglob("*") if p.is_file())
    assert ana.name.encode() not in everything
    assert anas_diploma.serial.encode() not in everything
    assert (out / "schemes/cii/did.json").exists()
    assert list(out.glob("schemes/cii/status/*/*.json"))


def test_an_export_holds_the_log_with_its_heads_and_a_proof_of_each_document(
    session, sealed_pdf, anas_diploma, prove, erik, societies, tmp_path
):
    prove()
    head = queries.latest(session)
    heads.countersign(session, head, societies.eusomii, by=erik, at=now())
    size = head.size
    session.commit()
    out = tmp_path / "register"
    export(out, at=now())

    lines = b"".join(one.read_bytes() for one in sorted((out / "log/entries").iterdir()))
    hashes = [tree.leaf_hash(line) for line in lines.splitlines()]
    subtrees = {(0, n): one for n, one in enumerate(hashes)} | dict(tree.grown(0, hashes, {}))
    told = json.loads((out / f"log/heads/{size}.json").read_text())
    assert len(hashes) == size
    assert tree.root(size, lambda *place: subtrees[place]).hex() == told["root"]
    assert [one["society"] for one in told["countersignatures"]] == ["eusomii"]
    everything = b"".join(p.read_bytes() for p in out.rglob("*") if p.is_file())
    assert anas_diploma.serial.encode() not in everything

    known = carried.read((out / "trust.json").read_text())
    proof = exported.proof_of(out, anas_diploma.serial, known)
    assert (
        examined(sealed_pdf, (out / "trust.json").read_text(), proof=proof).file is File.IDENTICAL
    )
    other = sealed_pdf.replace(b"%%EOF", b"%%EOG", 1)
    kept = examined(other, (out / "trust.json").read_text(), proof=proof, must_name=False)
    assert Reason.LOG_PROOF_FAILS not in kept.judgement.reasons
    forged = json.loads(json.dumps(proof).replace(anas_diploma.file_digest, "0" * 64))
    told = examined(other, (out / "trust.json").read_text(), proof=forged, must_name=False)
    assert Reason.LOG_PROOF_FAILS in told.judgement.reasons
    named = f"v/{name_of(anas_diploma.serial)[:2]}/{name_of(anas_diploma.serial)}.proof.json"
    assert f"  {named}\n" in (out / "SHA256SUMS").read_text()
    (out / named).unlink()
    with pytest.raises(carried.Untrusted, match="is not whole"):
        exported.proof_of(out, anas_diploma.serial, known)


def test_an_export_holds_the_endorsements_that_credentials_name(
    session, sealed_pdf, anas_diploma, societies, fay, tmp_path
):
    edition = anas_diploma.award.award_list.edition
    edition.scheme.parts.append(SchemePart(society=societies.efrs, part=Part.ENDORSING, position=9))
    given = endorsing.endorse(
        session, edition, societies.efrs, by=fay, at=now(), comment="It is what we teach."
    )
    document = given.document
    other = endorsing.url(given).removeprefix("http://").partition("/")[2]
    session.commit()
    export(tmp_path / "register", at=now())
    assert (tmp_path / "register" / f"{other}.json").read_text() == document

    endorsing.withdraw(session, given, by=fay, at=now(), reason="We teach it no more.")
    session.commit()
    export(tmp_path / "later", at=now())
    said = json.loads((tmp_path / "later" / f"{other}.json").read_text())
    assert (said["status"], said["society"]) == (410, societies.efrs.name)


def test_an_export_in_which_a_file_is_missing_is_told_in_words(
    stage, session, sealed_pdf, anas_diploma, tmp_path
):
    out, file = tmp_path / "register", tmp_path / "diploma.pdf"
    export(out, at=now())
    file.write_bytes(sealed_pdf)
    asked = ["verification", "examine", str(file), "--bundle", str(out / "trust.json"),
             "--register", str(out)]  # fmt: skip
    assert stage.test_cli_runner().invoke(args=asked).exit_code == 0
    name = name_of(anas_diploma.serial)
    (out / f"v/{name[:2]}/{name}.json").unlink()
    answer = stage.test_cli_runner().invoke(args=asked)
    assert answer.exit_code == 1 and "the export is not whole" in answer.output
    assert isinstance(answer.exception, SystemExit)
    (tmp_path / "proof.json").write_text("[" * 100_000)
    answer = stage.test_cli_runner().invoke(args=[*asked, "--proof", str(tmp_path / "proof.json")])
    assert answer.exit_code == 1 and "is no proof" in answer.output


def test_an_export_is_checked_with_nothing_but_openssl(session, sealed_pdf, tmp_path):
    out = tmp_path / "register"
    export(out, at=now())
    sums = ["sha256sum", "--check", "--quiet", "SHA256SUMS"]
    signature = "openssl pkeyutl -verify -pubin -inkey platform-key.pem -rawin -in SHA256SUMS"
    checks = [sums, [*signature.split(), "-sigfile", "SHA256SUMS.sig"]]
    for check in checks:
        subprocess.run(check, cwd=out, check=True, capture_output=True, timeout=60)
    with (out / "SHA256SUMS").open("a") as file:
        file.write("\n")
    assert subprocess.run(
        checks[1], cwd=out, capture_output=True, timeout=60, check=False
    ).returncode


def test_a_diploma_is_identical_and_valid_by_export_and_bundle_with_the_platform_gone(
    session, sealed_pdf, anas_diploma, tmp_path
):
    """By the command on a machine whose database cannot be reached and whose folder is empty."""
    out, file = tmp_path / "register", tmp_path / "diploma.pdf"
    export(out, at=now())
    file.write_bytes(sealed_pdf)
    elsewhere = {
        "PATH": os.defpath,
        "CONFER_VAR": str(tmp_path / "var"),
        "CONFER_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
    }

    def ask(*more: str) -> dict:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "verification", "examine"]
        done = subprocess.run(
            [*command, str(file), "--json", "--bundle", str(out / "trust.json"), *more],
            cwd=ROOT, env=elsewhere, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    alone = ask()
    assert alone["file"]["state"] == "genuine" and alone["verdict"] == "valid"
    both = ask("--register", str(out))
    assert both["file"]["state"] == "identical" and both["verdict"] == "valid"
    assert both["serial"] == anas_diploma.serial


def test_a_changed_export_is_not_believed(session, sealed_pdf, trust, anas_diploma, tmp_path):
    out = tmp_path / "register"
    export(out, at=now())
    known = carried.read((out / "trust.json").read_text())
    name = name_of(anas_diploma.serial)
    path = out / f"v/{name[:2]}/{name}.json"
    assert exported.look_up(out, anas_diploma.serial, known)["standing"] == "valid"
    path.write_text(path.read_text().replace("2026", "2027"))
    with pytest.raises(carried.Untrusted, match="was changed"):
        exported.look_up(out, anas_diploma.serial, known)
    (out / "SHA256SUMS.sig").write_bytes(b"\0" * 64)
    with pytest.raises(carried.Untrusted, match="does not fit"):
        exported.look_up(out, anas_diploma.serial, known)


def test_an_export_goes_into_an_empty_folder_alone(stage, session, sealed_pdf, tmp_path):
    (tmp_path / "something").write_text("here")
    asked = ["verification", "export", "--out", str(tmp_path)]
    refused = stage.test_cli_runner().invoke(args=asked)
    assert refused.exit_code == 1 and "not empty" in refused.output


def test_the_proof_of_the_log_says_that_these_are_the_bytes_that_were_issued(
    session, sealed_pdf, anas_diploma
):
    from app.transparency import jobs

    session.commit()
    jobs.take_in()
    jobs.sign_at(now() + timedelta(minutes=30))
    session.expire_all()
    proof = queries.inclusion(session, anas_diploma)
    text = json.dumps(bundle(session, at=now()))
    verdict = examined(sealed_pdf, text, proof=proof)
    assert verdict.file is File.IDENTICAL and Reason.LOGGED in verdict.judgement.reasons
    other = json.loads(json.dumps(proof).replace(anas_diploma.file_digest, "0" * 64))
    forged = examined(sealed_pdf, text, proof=other)
    assert forged.file is File.GENUINE and Reason.LOG_PROOF_FAILS in forged.judgement.reasons
    assert verdict.is_good and not forged.is_good


@pytest.fixture
def prove(session, sealed_pdf, anas_diploma):
    """The proof that the log holds Ana's diploma and what became of it."""
    from app.transparency import jobs

    def entered(minutes: int = 30):
        session.commit()
        jobs.take_in()
        jobs.sign_at(now() + timedelta(minutes=minutes))
        session.expire_all()
        return queries.inclusion(session, anas_diploma)

    return entered


def key_of(session, purpose: Purpose, **owner) -> SigningKey:
    return session.scalars(select(SigningKey).filter_by(purpose=purpose, **owner)).one()


def compromise(session, key: SigningKey) -> None:
    since = now() - timedelta(days=1)
    session.add(KeyCompromise(key=key, since=since, at=now(), reason="A notebook was stolen."))
    session.commit()


def test_who_countersigned_the_log_is_said_and_when_nobody_did(
    session, sealed_pdf, prove, erik, societies
):
    """A log that nobody else has signed may be one of several."""
    from app.transparency import heads, queries

    proof, text = prove(), json.dumps(bundle(session, at=now()))
    alone = examined(sealed_pdf, text, proof=proof)
    assert alone.is_good and Reason.NOT_COUNTERSIGNED in alone.judgement.reasons
    assert offline.as_json(alone)["log"] == {"countersigned_by": [], "countersignatures": []}
    assert offline.as_json(examined(sealed_pdf, text))["log"] is None

    head = queries.latest(session)
    one = heads.countersign(session, head, societies.eusomii, by=erik, at=now())
    size, at = head.size, one.signed_at
    verdict = examined(sealed_pdf, text, proof=prove(90))
    assert Reason.NOT_COUNTERSIGNED not in verdict.judgement.reasons
    name = societies.eusomii.name
    assert [(w.society, w.size, w.at) for w in verdict.judgement.countersigned] == [
        (name, size, at)
    ]
    assert offline.as_json(verdict)["log"]["countersigned_by"] == [name]
    said = wording.reason(Reason.COUNTERSIGNED, verdict.judgement)
    assert said == f"{name} countersigned the log that holds it, on {at:%-d %B %Y}."


def test_a_countersignature_by_a_key_that_others_may_hold_does_not_count(
    session, sealed_pdf, prove, erik, susan, societies
):
    """It names its day itself, so that a thief dates it as he likes."""
    from app.transparency import heads, queries

    prove()
    head, position = queries.latest(session), 0
    for society, officer in ((societies.eusomii, erik), (societies.siim, susan)):
        heads.countersign(session, head, society, by=officer, at=now())
    proof, others = prove(90), societies.siim.name
    compromise(session, key_of(session, Purpose.PROOF, society_id=societies.eusomii.id))
    verdict = examined(sealed_pdf, json.dumps(bundle(session, at=now())), proof=proof)

    assert verdict.is_good and Reason.LOG_PROOF_FAILS not in verdict.judgement.reasons
    assert offline.as_json(verdict)["log"]["countersigned_by"] == [others]
    said = wording.reason(Reason.COUNTERSIGNER_DOUBTFUL, verdict.judgement)
    assert societies.eusomii.name in said and "does not count" in said
    assert [one.society for one in queries.countersigned(session, position)] == [others]

    making.make_local(session, purpose=Purpose.PROOF, society=societies.eusomii, by=None, at=now())
    due = queries.awaited(session, [societies.eusomii.id], at=now())
    assert due == [societies.eusomii], "its word of today was anybody's"
    heads.countersign(session, queries.latest(session), societies.eusomii, by=erik, at=now())
    anew = examined(sealed_pdf, json.dumps(bundle(session, at=now())), proof=prove(180))
    assert Reason.COUNTERSIGNER_DOUBTFUL not in anew.judgement.reasons
    assert len(offline.as_json(anew)["log"]["countersigned_by"]) == 2


def test_the_credential_itself_is_what_the_log_names(document, trust, prove, session, anas_diploma):
    text = session.get_one(OpenBadge, anas_diploma.id).document.encode()
    proof = prove()
    verdict = examined(text, trust, proof=proof)
    assert verdict.file is File.IDENTICAL and verdict.is_good
    other = examined(text + b" ", trust, proof=proof)
    assert Reason.LOG_PROOF_FAILS in other.judgement.reasons and not other.is_good


def test_a_withdrawal_is_known_from_the_log_before_the_list_says_it(
    session, sealed_pdf, trust, anas_diploma, erik, societies, prove
):
    assert examined(sealed_pdf, trust, proof=prove()).word == "valid"
    withdraw(session, anas_diploma, in_error(erik, societies.eusomii))
    assert examined(sealed_pdf, trust, proof=prove(90)).word == "withdrawn"
    assert examined(sealed_pdf, trust).word == "valid", "the old list alone"


def test_a_society_that_leaves_the_others_out_of_a_credential_is_not_believed(
    session, document, trust, societies
):
    """It holds its own key, and so could write what it likes under the joint name."""
    key = key_of(session, Purpose.PROOF, society_id=societies.eusomii.id)
    bare = {name: value for name, value in document.items() if name != "proof"}
    bare["issuer"]["otherIdentifier"].pop()
    made = proofs.jcs(
        proofs.digest_of(bare), bare["@context"], sign=signer(key).sign,
        method=document["proof"][1]["verificationMethod"], created="2026-10-16T09:05:00Z",
    )  # fmt: skip
    verdict = examined(json.dumps({**bare, "proof": [made]}).encode(), trust)
    assert verdict.file is File.INCOMPLETE
    assert [party.code for party in verdict.judgement.missing] == ["siim"]


def test_the_joint_issuers_own_proof_must_be_there_and_hold(document, trust):
    joint, *others = document["proof"]
    without = {**document, "proof": others}
    forged = {**document, "proof": [{**joint, "proofValue": others[0]["proofValue"]}, *others]}
    assert examined(json.dumps(document).encode(), trust).file is File.GENUINE
    assert examined(json.dumps(without).encode(), trust).file is File.INCOMPLETE
    assert examined(json.dumps(forged).encode(), trust).file is File.ALTERED


def test_the_joint_key_alone_makes_nothing_genuine_without_the_register(session, scheme, document):
    """The platform holds it: a compact token has no proof of any society."""
    making.make_local(
        session, purpose=Purpose.COMPACT, scheme=scheme, by=None, at=KEYS_MADE, made=RSA_KEY
    )
    for claims in (document, {**document, "name": "Doctor of Everything"}):
        token = compact.signed(session, scheme, claims, at=now())
        session.commit()
        verdict = examined(token.encode(), json.dumps(bundle(session, at=now())))
        assert verdict.file is File.UNKNOWN and not verdict.is_good
        assert verdict.judgement.reasons[0] is Reason.ISSUER_ALONE
    compromise(session, key_of(session, Purpose.COMPACT, scheme_id=scheme.id))
    text = json.dumps(bundle(session, at=now()))
    assert carried.read(text).compacts == {}
    assert json.loads(text)["schemes"][0]["compact_keys"][0]["compromised_since"]


def test_a_proof_by_a_compromised_key_is_doubtful_unless_log_or_export_names_it(
    session, document, anas_diploma, societies, prove, tmp_path
):
    proof, own = prove(), session.get_one(OpenBadge, anas_diploma.id).document.encode()
    compromise(session, key_of(session, Purpose.PROOF, society_id=societies.siim.id))
    text = json.dumps(bundle(session, at=now()))
    verdict = examined(own, text)
    assert verdict.file is File.DOUBTFUL and not verdict.is_good
    assert examined(own, text, proof=proof).file is File.IDENTICAL
    export(tmp_path / "register", at=now())
    told = exported.look_up(tmp_path / "register", anas_diploma.serial, carried.read(text))
    assert examined(own, text, exported=told).file is File.IDENTICAL


def test_a_head_by_a_compromised_key_of_the_log_proves_nothing(session, sealed_pdf, prove):
    proof = prove()
    compromise(session, key_of(session, Purpose.LOG))
    making.make_local(session, purpose=Purpose.LOG, by=None, at=now())
    session.commit()
    verdict = examined(sealed_pdf, json.dumps(bundle(session, at=now())), proof=proof)
    assert verdict.file is File.GENUINE and Reason.LOG_PROOF_FAILS in verdict.judgement.reasons


def test_a_countersignature_of_no_possible_time_is_no_proof(trust, prove):
    proof = prove()
    key = proof["key"]["public_key"]
    id = notes.key_id("x", notes.COSIGNED, key)
    signature = base64.b64encode(id + b"\xff" * 8 + bytes(64)).decode()
    head = f"{proof['head']}— x {signature}\n"
    mine = {"society": "siim", "name": "SIIM", "signer": "x", "public_key": key}
    told = {**proof, "head": head, "countersignatures": [mine]}
    assert log_proofs.check(told, log_key=key, file_digest=None)


def test_a_diploma_on_its_way_asks_for_every_seal_it_is_to_bear(
    session, scheme, anas_diploma, anas_certificate
):
    """A page cut off after its first seal must not pass for the whole."""
    assert not anas_diploma.is_ready
    asked = register.by_serial(session, anas_diploma.serial).required
    assert [party.code for party in asked] == ["eusomii", "siim"]
    assert register.by_serial(session, anas_certificate.serial).required == []


def test_with_the_export_a_file_with_genuine_seals_is_not_taken_for_the_one_that_was_issued(
    session, sealed_pdf, anas_diploma, tmp_path
):
    """Without it nothing says which bytes were issued; with it the same is said as online."""
    export(tmp_path / "register", at=now())
    text = (tmp_path / "register/trust.json").read_text()
    told = exported.look_up(tmp_path / "register", anas_diploma.serial, carried.read(text))
    another = examined(sealed_pdf, text, exported={**told, "sha256": ["0" * 64]})
    assert another.word == "other" and not another.is_good and not another.was_good
    since = stamped(sealed_pdf, now())
    renewed = examined(since, text, exported=told)
    assert renewed.file is File.GENUINE and renewed.is_good
    assert Reason.STAMPED_SINCE in renewed.judgement.reasons


def test_the_log_vouches_for_what_was_stamped_once_more(session, sealed_pdf, trust, prove):
    proof, since = prove(), stamped(sealed_pdf, now())
    verdict = examined(since, trust, proof=proof)
    assert verdict.file is File.GENUINE and verdict.is_good
    assert Reason.STAMPED_SINCE in verdict.judgement.reasons
    assert Reason.LOGGED not in verdict.judgement.reasons, "not these very bytes"
    assert Reason.LOG_PROOF_FAILS in examined(since + b" ", trust, proof=proof).judgement.reasons
