"""What becomes of a key: certified, put in force, retired, reported; and who is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from sqlalchemy import func, select

from app.errors import Refusal
from app.journal.models import Entry
from app.outbox.models import Message
from app.signing_keys import (
    asking,
    certificates,
    confirming,
    doubts,
    ending,
    jobs,
    life,
    making,
    multikey,
    queries,
    signing,
    throwaway,
    words,
)
from app.signing_keys.doubts import Signed
from app.signing_keys.models import Algorithm, KeyWarning, Purpose
from app.signing_keys.signing import CannotSign, signer
from tests.cast import NOON
from tests.signing_keys.conftest import as_pem, chain_for

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
LATER = NOON + 10 * A_DAY


def in_force(session, society, *, at):
    return queries.in_force(session, Purpose.SEAL, society_id=society.id, at=at)


# ------------------------------------------------------------------ certificates


def test_an_authority_certifies_what_the_society_asks_for(session, seal, authority, fay):
    chain = chain_for(session, seal, authority)
    asked = x509.load_pem_x509_csr(seal.request.encode())
    assert asked.is_signature_valid
    assert "O=European Federation of Radiographer Societies" in asked.subject.rfc4514_string()

    asking.take_in_chain(session, seal, chain[::-1], by=fay, at=NOON + AN_HOUR)
    session.flush()

    assert certificates.parsed(seal.certificates) == tuple(chain)  # in order, whatever came first
    assert not seal.is_self_made and words.vouched_by(seal) == "Trust Services of the Netherlands"
    assert seal.expires_at == chain[0].not_valid_after_utc
    assert [len(c.certificates.split("-----BEGIN")) - 1 for c in seal.certifications] == [1, 2]
    assert signer(seal).certificates == tuple(one.public_bytes(Encoding.DER) for one in chain)


@pytest.mark.parametrize("form", ["pem", "der", "p7b", "p7b in pem"])
def test_certificates_are_read_in_every_usual_form(authority, form):
    made = throwaway.signer("EFRS", under=authority, at=NOON)
    chain = [x509.load_der_x509_certificate(one) for one in made.certificates]
    content = {
        "pem": as_pem(*chain),
        "der": made.certificates[0],
        "p7b": pkcs7.serialize_certificates(chain, Encoding.DER),
        "p7b in pem": pkcs7.serialize_certificates(chain, Encoding.PEM),
    }[form]

    assert set(certificates.read(content)) <= set(chain) and certificates.read(content)


@pytest.mark.parametrize("content", [b"", b"a letter", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_what_is_no_certificate_is_refused_in_words(content):
    with pytest.raises(Refusal, match="no certificate in this file"):
        certificates.read(content)


def wrong_chains(session, seal, authority):
    """Chains with one fault each, and what is said of it."""
    good = chain_for(session, seal, authority)
    asked = x509.load_pem_x509_csr(seal.request.encode())
    other = throwaway.authority("Trust Services of the Netherlands", at=NOON)  # of the same name
    usage = x509.KeyUsage(False, False, True, False, False, False, False, False, False)
    theirs = throwaway.signer("SIIM", under=authority, at=NOON)
    return {
        "no issuer": ([good[0]], "which issued it, is missing"),
        "another key": ([x509.load_der_x509_certificate(theirs.certificates[0]), good[1]],
                        "None of these certificates is for this key"),
        "forged issuer": ([good[0], other.certificate], "was not signed by"),
        "ended": ([authority.certify(asked, at=NOON, years=0.001), good[1]], "ended on"),
        "not yet": ([authority.certify(asked, at=NOON + 30 * A_DAY), good[1]], "begins only on"),
        "no seal": ([authority.certify(asked, at=NOON, usage=usage), good[1]], "key usage"),
        "a stranger": ([*good, throwaway.authority("A stranger", at=NOON).certificate],
                       "does not lead to: A stranger"),
        "too many": (good * 6, "too many"),
    }  # fmt: skip


WRONG = ["no issuer", "another key", "forged issuer", "ended", "not yet", "no seal", "a stranger",
         "too many"]  # fmt: skip


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_chain_is_refused_with_its_reason(session, seal, authority, fault):
    found, says = wrong_chains(session, seal, authority)[fault]
    before = seal.certificates

    with pytest.raises(Refusal, match=says):
        asking.take_in_chain(session, seal, found, by=None, at=NOON + 2 * A_DAY)
    assert seal.certificates == before


def test_control_the_good_chain_is_taken(session, seal, authority):
    asking.take_in_chain(session, seal, chain_for(session, seal, authority), by=None,
                         at=NOON + 2 * A_DAY)  # fmt: skip
    assert not seal.is_self_made


def test_a_certificate_is_called_qualified_only_if_it_says_so_itself(session, seal, authority):
    chain = chain_for(session, seal, authority)

    with pytest.raises(Refusal, match="does not say that it is a qualified one"):
        asking.take_in_chain(session, seal, chain, by=None, at=NOON, is_qualified=True)

    statement = bytes.fromhex("300a") + bytes.fromhex("3008") + certificates.QC_COMPLIANCE
    named = x509.UnrecognizedExtension(certificates.QC_STATEMENTS, statement)
    qualified = authority.certify(
        x509.load_pem_x509_csr(seal.request.encode()), at=NOON, more=[named]
    )
    asking.take_in_chain(session, seal, [qualified, chain[1]], by=None, at=NOON, is_qualified=True)
    assert seal.is_qualified and "qualified" in words.vouched_by(seal)


# ------------------------------------------------------------------ rotation and retirement


def test_a_new_seal_takes_over_and_the_former_still_vouches(session, societies, seal, fay):
    signature = signer(seal).sign(b"a diploma")

    new = making.make_local(session, purpose=Purpose.SEAL, society=societies.efrs, by=fay, at=LATER)
    session.flush()

    assert in_force(session, societies.efrs, at=LATER) is new
    assert in_force(session, societies.efrs, at=LATER - AN_HOUR) is seal
    assert seal.retirement is not None and "efrs-2 signs in its place" in seal.retirement.reason
    assert signing.verify(seal, b"a diploma", signature)
    with pytest.raises(CannotSign, match="signs no longer"):
        signer(seal)


def test_a_seal_may_wait_for_its_certificate_while_the_present_one_signs(
    session, societies, seal, authority
):
    new = making.make_local(session, purpose=Purpose.SEAL, society=societies.efrs, by=None,
                            at=NOON, waits=True)  # fmt: skip
    asking.take_in_chain(session, new, chain_for(session, new, authority), by=None, at=NOON)
    session.flush()
    assert in_force(session, societies.efrs, at=LATER) is seal

    life.put_in_force(session, new, by=None, at=LATER)
    session.flush()

    assert in_force(session, societies.efrs, at=LATER) is new
    assert in_force(session, societies.siim, at=LATER) is None


def test_an_ended_certificate_seals_nothing(session, societies, seal):
    assert seal.expires_at is not None

    assert in_force(session, societies.efrs, at=seal.expires_at - AN_HOUR) is seal
    assert in_force(session, societies.efrs, at=seal.expires_at) is None
    assert not seal.is_in_force(at=seal.expires_at)


def test_a_retired_key_is_not_taken_up_again(session, societies, seal, fay):
    life.retire(session, seal, by=fay, at=LATER, reason="A new president.")
    life.retire(session, seal, by=fay, at=LATER + A_DAY, reason="Again")
    session.flush()

    assert seal.retirement is not None and seal.retirement.reason == "A new president."
    assert in_force(session, societies.efrs, at=LATER) is None
    with pytest.raises(Refusal, match="make a new key"):
        life.put_in_force(session, seal, by=fay, at=LATER)
    with pytest.raises(Refusal, match="make a new key"):
        asking.request(session, seal, by=fay, at=LATER)


def test_many_societies_keys_are_found_in_one_statement(session, societies, seal):
    found = queries.in_force_of(
        session, Purpose.SEAL, [societies.efrs.id, societies.siim.id], at=NOON
    )
    assert found == {societies.efrs.id: seal}


# ------------------------------------------------------------------ compromise


def test_a_reported_key_stops_at_once_and_is_in_doubt_since_the_moment(
    session, societies, seal, fay
):
    life.report(session, seal, since=NOON + A_DAY, by=fay, at=LATER, reason="A laptop was stolen.")
    session.flush()

    assert in_force(session, societies.efrs, at=LATER) is None
    assert in_force(session, societies.efrs, at=NOON + AN_HOUR) is seal
    with pytest.raises(CannotSign):
        signer(seal)
    told = session.scalars(select(Entry).where(Entry.act == "signing_key.reported")).one()
    assert told.actor_id == fay.id and told.details["reason"] == "A laptop was stolen."
    with pytest.raises(Refusal, match="reported already"):
        life.report(session, seal, since=NOON, by=fay, at=LATER, reason="Earlier")


def test_a_report_does_not_lie_in_the_future(session, seal, fay):
    with pytest.raises(Refusal, match="future"):
        life.report(session, seal, since=LATER + A_DAY, by=fay, at=LATER, reason="?")


@pytest.mark.parametrize(
    ("stamped_at", "stands"),
    [(NOON - AN_HOUR, True), (NOON, False), (NOON + AN_HOUR, False), (None, False)],
)
def test_only_a_time_stamp_from_before_saves_a_document(session, seal, stamped_at, stands):
    one = Signed("7ABC", "Diploma", NOON - A_DAY, stamped_at)

    assert one.stands(since=NOON) is stands


def test_what_is_in_doubt_is_listed_the_latest_first(session, seal, monkeypatch):
    old, young, saved = (
        Signed("old", "Diploma", NOON),
        Signed("young", "Diploma", LATER),
        Signed("saved", "Diploma", NOON, NOON),
    )
    monkeypatch.setattr(doubts, "SIGNED", [lambda _s, _k: [old, saved], lambda _s, _k: [young]])

    assert doubts.in_doubt(session, seal, since=NOON + AN_HOUR) == [young, old]


# ------------------------------------------------------------------ warnings


def letters(session):
    return session.scalars(select(Message).order_by(Message.id)).all()


def test_officers_are_warned_once_at_each_distance(session, societies, seal, fay, erik):
    ends = seal.expires_at
    assert ends is not None
    session.commit()
    told = []
    for days in (181, 180, 179, 100, 90, 89, 45, 30, 29, 3):
        for _sweep in range(2):
            jobs.warn_all(at=ends - timedelta(days=days))
        told.append(len(letters(session)))
        session.rollback()  # jobs write in transactions of their own

    assert told == [0, 1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert {one.person_id for one in letters(session)} == {fay.id}
    assert "The seal of EFRS ends on" in letters(session)[0].subject
    assert "ends in 180 days" in letters(session)[0].plain
    assert session.scalar(select(func.count()).select_from(KeyWarning)) == 3


def test_a_new_certificate_is_warned_of_anew_and_a_retired_key_no_more(
    session, seal, authority, fay
):
    assert seal.expires_at is not None
    at = seal.expires_at - timedelta(days=20)
    jobs_due = ending.due(session, at=at)
    assert [one.days for one in jobs_due] == [30]

    asking.take_in_chain(session, seal, chain_for(session, seal, authority), by=None, at=NOON)
    session.flush()
    assert ending.due(session, at=NOON) == []
    assert [one.days for one in ending.due(session, at=seal.expires_at - 80 * A_DAY)] == [90]

    life.retire(session, seal, by=fay, at=NOON, reason="Done")
    session.flush()
    assert ending.due(session, at=seal.expires_at - 80 * A_DAY) == []


# ------------------------------------------------------------------ on the society's own website


@pytest.mark.parametrize("algorithm", [Algorithm.ECDSA_P256, Algorithm.RSA_3072])
def test_a_society_confirms_its_key_on_its_own_website(session, societies, fay, algorithm):
    import json

    efrs = societies.efrs
    efrs.website = "https://www.efrs.example/about"
    key = making.make_with_proof(session, efrs, by=None, at=NOON, algorithm=algorithm)
    document = json.loads(confirming.to_publish(efrs, queries.ever(session, society_id=efrs.id)))
    address = confirming.address_of(efrs)
    assert address == "https://www.efrs.example/.well-known/did.json"
    assert document["id"] == "did:web:www.efrs.example"

    confirming.confirm(session, key, document, address, by=fay, at=LATER)
    session.flush()
    assert [(one.address, one.by) for one in key.confirmations] == [(address, fay)]

    other = making.make_local(session, purpose=Purpose.SEAL, society=efrs, by=None, at=LATER,
                              algorithm=algorithm)  # fmt: skip
    with pytest.raises(Refusal, match="does not show the key efrs-2"):
        confirming.confirm(session, other, document, address, by=fay, at=LATER)


@pytest.mark.parametrize(
    "document",
    [{}, {"verificationMethod": "x"}, {"verificationMethod": [1, None, {}]},
     {"verificationMethod": [{"publicKeyJwk": "x"}, {"publicKeyMultibase": 7}]}],
)  # fmt: skip
def test_strange_documents_show_no_key(session, seal, document):
    rsa_key = certificates.public_key(
        certificates.public_pem(signing.new_private(Algorithm.RSA_3072).public_key())
    )
    for public in (certificates.public_key(seal.public_key), rsa_key):
        assert not multikey.is_shown(public, document)


def test_a_document_is_not_fetched_from_our_own_network():
    with pytest.raises(Refusal, match="private network"):
        confirming.fetch("https://127.0.0.1/.well-known/did.json")


def test_multikeys_read_as_the_standard_has_them():
    """Ed25519 begins with z6Mk, P-256 with zDna (did:key, tables of test vectors)."""
    for algorithm, begins in ((Algorithm.ED25519, "z6Mk"), (Algorithm.ECDSA_P256, "zDna")):
        text = multikey.multikey(signing.new_private(algorithm).public_key())
        assert text.startswith(begins)
