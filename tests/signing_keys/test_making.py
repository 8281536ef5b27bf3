"""Keys are made, sealed at rest, opened once, and sign what others can check."""

from __future__ import annotations

import copy
import logging
import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app import db, hardware, sealed
from app.clock import now
from app.errors import Refusal
from app.journal.models import Entry
from app.signing_keys import (
    certificates,
    jobs,
    making,
    multikey,
    queries,
    signing,
    throwaway,
)
from app.signing_keys.models import Algorithm, Keeping, Purpose, SigningKey
from app.signing_keys.signing import (
    CannotSign,
    SignsElsewhere,
    is_signed,
    new_private,
    signer,
    verify,
)
from tests.cast import NOON, keys_for
from tests.tokens import PIN

MESSAGE = b"This is to certify"


def test_a_seal_is_made_in_the_name_of_the_society_and_seals_at_once(session, societies, fay):
    key = making.make_local(session, purpose=Purpose.SEAL, society=societies.efrs, by=fay, at=NOON)

    assert key.name == "efrs-1" and key.is_in_force(at=NOON) and key.is_self_made
    [own] = certificates.parsed(key.certificates)
    assert own.subject.rfc4514_string() == (
        "CN=EFRS diploma seal,O=European Federation of Radiographer Societies,C=NL"
    )
    usage = own.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical and usage.value.digital_signature and usage.value.content_commitment
    assert not usage.value.key_cert_sign
    assert own.not_valid_before_utc == NOON and own.not_valid_after_utc.year == 2036
    assert key.expires_at == own.not_valid_after_utc
    own.verify_directly_issued_by(own)


def test_the_certificate_of_a_seal_is_one_that_openssl_accepts(session, seal, tmp_path):
    path = tmp_path / "seal.pem"
    path.write_text(seal.certificates)

    told = subprocess.run(
        ["openssl", "verify", "-x509_strict", "-attime", "1790000000", "-CAfile", path, path],
        check=False, capture_output=True, text=True, timeout=20,
    )  # fmt: skip

    assert "OK" in told.stdout, told.stderr


@pytest.mark.parametrize("algorithm", [Algorithm.ECDSA_P256, Algorithm.RSA_3072])
def test_what_a_seal_signs_can_be_checked(session, societies, algorithm):
    key = making.make_local(session, purpose=Purpose.SEAL, society=societies.siim, by=None,
                            at=NOON, algorithm=algorithm)  # fmt: skip

    made = signer(key)
    signature = made.sign(MESSAGE)

    assert made.algorithm == algorithm and len(made.certificates) == 1
    assert verify(key, MESSAGE, signature)
    assert not verify(key, MESSAGE + b".", signature)
    assert not verify(key, MESSAGE, signature[:-1] + bytes([signature[-1] ^ 1]))


def test_a_key_for_proofs_signs_raw_ed25519(session, proof):
    signature = signer(proof).sign(MESSAGE)

    assert len(signature) == 64 and verify(proof, MESSAGE, signature)
    assert signer(proof).certificates == () and not verify(proof, b"", signature)


def test_the_key_for_credentials_is_made_along_with_the_first_seal_and_only_then(
    session, societies
):
    for at in (NOON, NOON.replace(hour=13)):
        making.make_with_proof(session, societies.efrs, by=None, at=at)

    made = [(key.name, key.purpose) for key in queries.ever(session, society_id=societies.efrs.id)]
    assert made == [("efrs-1", "seal"), ("efrs-1", "proof"), ("efrs-2", "seal")]


def test_the_private_part_is_unsealed_once_in_a_process(session, seal, monkeypatch):
    opened = []
    unseal = sealed.unseal
    monkeypatch.setattr(sealed, "unseal", lambda *what: opened.append(what[1]) or unseal(*what))
    signing._opened.cache_clear()

    for _time in range(3):
        signer(seal).sign(MESSAGE)

    assert opened == ["signing key seal efrs-1"]


def test_no_private_key_lies_in_the_database_the_journal_or_the_logs(
    session, societies, fay, caplog
):
    caplog.set_level(logging.DEBUG)
    key = making.make_with_proof(session, societies.efrs, by=fay, at=NOON)
    session.commit()
    signer(key).sign(MESSAGE)
    pem = signing.private(key).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    heart = pem.decode().splitlines()[1]

    everything = [
        str(row)
        for table in db.Base.metadata.sorted_tables
        for row in session.execute(text(f'SELECT * FROM "{table.name}"'))
    ]
    assert any("efrs-1" in row for row in everything)  # what is looked through is what was written
    assert any(key.public_key.splitlines()[1] in row for row in everything)
    for place in ("\n".join(everything), caplog.text, repr(key), repr(signer(key)), str(key)):
        assert "PRIVATE KEY" not in place and heart not in place


def test_no_file_that_a_backup_takes_holds_a_private_key(stage, session, seal, proof, request):
    """The database of SQLite, the jobs, the files: everything but the deployment's own secret."""
    secrets = [
        signing.private(proof).private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()),
        signing.private(seal).private_numbers().private_value.to_bytes(32),
        b"PRIVATE KEY",
    ]
    folder = stage.config["SETTINGS"].var
    taken = [p for p in folder.rglob("*") if p.is_file() and p.name != "secret-key"]

    if "sqlite" in request.node.name:
        assert any(b"efrs-1" in p.read_bytes() for p in taken)  # the keys are in what is looked at
    assert [p for p in taken if any(secret in p.read_bytes() for secret in secrets)] == []


def test_the_sealed_part_of_a_key_opens_for_no_other_key(session, seal, proof):
    with pytest.raises(sealed.CannotOpen):
        sealed.unseal(seal.secret, proof.sealed_for)
    assert "PRIVATE KEY" in sealed.unseal(seal.secret, seal.sealed_for)


def test_a_key_that_does_not_open_refuses_in_words(session, seal):
    seal.secret = sealed.seal("another thing", "another purpose")

    with pytest.raises(CannotSign, match="administrators of the platform"):
        signer(seal)
    assert sealed.count(session) == (2, 1)


def test_all_keys_are_sealed_anew_with_the_newest_secret(stage, session, seal, proof):
    from dataclasses import replace

    settings = stage.config["SETTINGS"]
    before = seal.secret
    session.commit()
    stage.config["SETTINGS"] = replace(
        settings, seal_keys=("a newer key of tests only 9876543210",)
    )
    try:
        told = stage.test_cli_runner().invoke(args=["platforms", "reseal"])
        session.expire_all()
        assert "2 signing keys were sealed anew" in told.output
        assert seal.secret != before and sealed.is_sealed_anew(seal.secret)
        assert verify(seal, MESSAGE, signer(seal).sign(MESSAGE))
    finally:
        stage.config["SETTINGS"] = settings


def test_making_leaves_an_entry_with_the_fingerprint_and_nothing_secret(session, seal, fay):
    acts = session.query(Entry).where(Entry.act.startswith("signing_key")).order_by(Entry.id).all()

    assert [one.act.partition(".")[2] for one in acts if one.subject_id == seal.id] == [
        "made", "certified", "put_in_force",
    ]  # fmt: skip
    assert acts[0].details["fingerprint"] == seal.fingerprint
    assert acts[0].society_id == seal.society_id


def test_schemes_and_the_platform_get_their_keys_by_themselves(session, scheme):
    session.commit()

    jobs.make_missing()
    session.expire_all()

    joint = queries.in_force(session, Purpose.PROOF, scheme_id=scheme.id, at=now())
    log = queries.in_force(session, Purpose.LOG, at=now())
    assert joint is not None and joint.society_id is None and joint.name == f"{scheme.code}-1"
    assert log is not None and log.name == "confer-1"
    assert making.make_missing(session, now()) == 0


def test_names_are_unique_even_where_a_scheme_bears_the_code_of_a_society(
    session, societies, scheme
):
    scheme.code = "siim"
    keys_for(session, societies.siim)
    making.make_missing(session, NOON)

    joint = queries.in_force(session, Purpose.PROOF, scheme_id=scheme.id, at=NOON)
    assert joint is not None and joint.name == "siim-2"


def test_a_public_key_serves_one_key_only(session, societies, seal):
    private = signing.private(seal)

    with pytest.raises(Refusal, match="known already"):
        making.make_local(session, purpose=Purpose.SEAL, society=societies.siim, by=None, at=NOON,
                          made=private)  # fmt: skip


@pytest.mark.parametrize(
    "facts",
    [
        {"secret": None},
        {"token": "office seal/x"},
        {"algorithm": Algorithm.ED25519},
        {"keeping": Keeping.DEFERRED},
    ],
)
def test_the_database_itself_refuses_a_key_that_is_kept_nowhere_or_twice(session, seal, facts):
    for name, value in facts.items():
        setattr(seal, name, value)
    with pytest.raises(IntegrityError):
        session.flush()


# ------------------------------------------------------------------ elsewhere


def test_a_society_that_keeps_its_seal_hands_in_its_certificate(session, societies, authority):
    theirs = throwaway.signer("SIIM", under=authority, at=NOON)
    found = [x509.load_der_x509_certificate(one) for one in theirs.certificates]

    key = making.take_in(session, societies.siim, found[::-1], by=None, at=NOON)

    assert key.keeping is Keeping.DEFERRED and key.secret is None and key.is_in_force(at=NOON)
    assert verify(key, MESSAGE, theirs.sign(MESSAGE))
    with pytest.raises(SignsElsewhere):
        signer(key)


@pytest.mark.parametrize("kind", ["P-384", "RSA-2048"])
def test_a_certificate_for_another_kind_of_key_is_refused(session, societies, authority, kind):
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    private = (
        ec.generate_private_key(ec.SECP384R1())
        if kind == "P-384"
        else rsa.generate_private_key(65537, 2048)
    )
    named = certificates.Named("SIIM", "US", "SIIM diploma seal")
    asked = x509.load_pem_x509_csr(certificates.request(private, named).encode())
    found = [authority.certify(asked, at=NOON), authority.certificate]

    with pytest.raises(Refusal, match="another kind of key"):
        making.take_in(session, societies.siim, found, by=None, at=NOON)


# ------------------------------------------------------------------ in a token


def in_token(society, algorithm=Algorithm.ECDSA_P256, label="office seal"):
    return making.place_in_token(label, algorithm, code=society.code, at=NOON,
                                 named=making.named_for(society))  # fmt: skip


@pytest.mark.parametrize("algorithm", [Algorithm.ECDSA_P256, Algorithm.RSA_3072])
def test_a_key_is_made_in_a_token_and_never_leaves_it(session, societies, with_token, algorithm):
    import pkcs11

    made_there = in_token(societies.efrs, algorithm)
    place, public = made_there.place, made_there.public
    key = making.make_in_token(session, societies.efrs, made_there, by=None, at=NOON)

    assert key.keeping is Keeping.TOKEN and key.secret is None and key.algorithm is algorithm
    made = signer(key)
    signature = made.sign(MESSAGE)
    assert verify(key, MESSAGE, signature) and not verify(key, b"", signature)
    own = x509.load_der_x509_certificate(made.certificates[0])
    own.verify_directly_issued_by(own)

    with pytest.raises(TypeError, match="cannot be read"):
        signing.private(key).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert copy.deepcopy(signing.private(key)).public_key() == public
    inside = hardware._session("office seal").get_key(
        object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=place.partition("/")[2]
    )
    assert inside[pkcs11.Attribute.SENSITIVE] and not inside[pkcs11.Attribute.EXTRACTABLE]
    with pytest.raises(pkcs11.AttributeSensitive):
        inside[pkcs11.Attribute.VALUE if algorithm == "ecdsa-p256" else
               pkcs11.Attribute.PRIVATE_EXPONENT]  # fmt: skip


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_session_that_broke_off_is_opened_anew(session, societies, with_token):
    made_there = in_token(societies.efrs)
    key = making.make_in_token(session, societies.efrs, made_there, by=None, at=NOON)
    made = signer(key)
    for held in hardware._open.values():
        held.close()

    assert verify(key, MESSAGE, made.sign(MESSAGE))


def test_a_token_out_of_reach_refuses_in_words_without_its_pin(
    session, societies, with_token, stage
):
    from dataclasses import replace

    made_there = in_token(societies.siim)
    key = making.make_in_token(session, societies.siim, made_there, by=None, at=NOON)
    hardware.close_all()
    wrong = (("office seal", "not this one"),)
    stage.config["SETTINGS"] = replace(stage.config["SETTINGS"], pkcs11_pins=wrong)

    with pytest.raises(hardware.OutOfReach, match="PIN of the token office seal is wrong") as told:
        signer(key).sign(MESSAGE)
    assert PIN not in str(told.value) and "not this one" not in str(told.value)
    absent = replace(stage.config["SETTINGS"], pkcs11_library="/no/such.so")
    stage.config["SETTINGS"] = absent
    with pytest.raises(hardware.OutOfReach, match="is wrong"):  # and the token was not asked again
        signer(key).sign(MESSAGE)
    stage.config["SETTINGS"] = replace(absent, pkcs11_pins=(("office seal", "another one"),))
    with pytest.raises(hardware.OutOfReach, match="answered"):
        signer(key).sign(MESSAGE)

    with pytest.raises(Refusal, match="No PIN is set for the token another"):
        in_token(societies.siim, label="another")


def test_a_token_signs_while_nobody_waits_for_the_database(
    session, browser, societies, with_token, fay, monkeypatch
):
    """The certificate and its request are signed before a transaction is open."""
    signed = []
    ask = hardware._in_token

    def watched(label, act):
        signed.append(db.db.session.in_transaction())
        return ask(label, act)

    monkeypatch.setattr(hardware, "_in_token", watched)
    session.commit()
    browser.sign_in(fay).visit("/desk/keys/new/efrs/token")
    browser.submit(token="office seal")
    key = queries.in_force(session, Purpose.SEAL, society_id=societies.efrs.id, at=now())
    browser.post(f"/desk/keys/{key.id}/request")
    assert signed == [False, False, False]


@pytest.mark.parametrize(
    "name",
    ["Društvo radiologov in inženirjev radiologije Slovenije" * 2,
     "Общество рентгенологов и радиологов", "x" * 70, "é" * 40],
)  # fmt: skip
def test_a_long_name_in_any_script_fits_into_a_certificate(name):
    named = certificates.Named(name, "SI", f"{name} diploma seal")
    made = certificates.self_signed(new_private(Algorithm.ECDSA_P256), named, at=NOON)
    told = [attribute.value for attribute in made.subject][1:]
    assert all(1 <= len(one.encode()) <= 64 and name.startswith(one[:30]) for one in told)


@pytest.mark.parametrize(
    ("exponent", "told"), [(3, "Aw"), (65537, "AQAB"), (2**32 + 15, "AQAAAA8")]
)
def test_an_rsa_key_is_written_with_whatever_exponent_it_has(exponent, told):
    """As short as it can be (RFC 7518, 6.3.1.2)."""
    modulus = new_private(Algorithm.RSA_3072).public_key().public_numbers().n
    key = rsa.RSAPublicNumbers(exponent, modulus).public_key()
    assert multikey.jwk(key)["e"] == told


# ------------------------------------------------------------------ throw-away


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_throw_away_keys_sign_like_the_others(algorithm):
    made = throwaway.signer("EFRS", algorithm=algorithm)
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    public = load_der_public_key(made.public_key)
    assert is_signed(public, MESSAGE, made.sign(MESSAGE))
    assert not is_signed(public, b"", made.sign(MESSAGE))
    assert bool(made.certificates) == (algorithm is not Algorithm.ED25519)


def test_long_names_of_societies_are_cut_between_words():
    long = "The International Federation of Societies for Informatics in Radiology and Beyond"
    named = certificates.Named(long, "European Union", long)

    assert not named.subject.get_attributes_for_oid(NameOID.COUNTRY_NAME)
    [organisation] = named.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    assert organisation.value == "The International Federation of Societies for Informatics in"


def test_a_key_says_of_whom_it_is(session, seal, proof):
    assert (str(seal), str(proof)) == ("efrs-1 (seal)", "efrs-1 (proof)")
    assert isinstance(seal, SigningKey)
