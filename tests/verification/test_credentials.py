"""A credential by itself: compared with the one on record, and with the proofs of its societies."""

from __future__ import annotations

import base64
import json
import struct
import zlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.clock import today
from app.open_badges import compact, proofs
from app.verification.examine import by_facts
from app.verification.judgement import File, Reason
from app.verification.reading.sort import read
from tests.cast import in_error
from tests.open_badges.conftest import PROVEN, anas_badge, scheme

__all__ = ["anas_badge", "scheme"]


@pytest.fixture
def examined(session):
    """What our verifier says of these bytes, or of this document."""

    def examine(content):
        if isinstance(content, dict):
            content = json.dumps(content)
        if isinstance(content, str):
            content = content.encode()
        return by_facts(session, read(content), on=today())

    return examine


@pytest.fixture
def document(anas_badge) -> dict:
    return json.loads(anas_badge.document)


def as_png(text: str, *, keyword=b"openbadgecredential", packed=False) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    body = zlib.compress(text.encode()) if packed else text.encode()
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
            chunk(b"iTXt", keyword + b"\0" + bytes([packed, 0]) + b"\0\0" + body),
            chunk(b"IDAT", zlib.compress(b"\0\0")),
            chunk(b"IEND", b""),
        ]
    )


def as_svg(text: str) -> bytes:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" '
        'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">'
        f"<openbadges:credential><![CDATA[{text}]]></openbadges:credential></svg>"
    ).encode()


def test_the_issued_credential_is_identical_whatever_its_layout(examined, anas_badge, document):
    for same in (
        anas_badge.document,
        json.dumps(document, indent=3),
        json.dumps(dict(reversed(document.items()))),
        as_png(anas_badge.document),
        as_png(anas_badge.document, packed=True),
        as_svg(anas_badge.document),
    ):
        verdict = examined(same)
        assert verdict.file is File.IDENTICAL
        assert verdict.credential.serial == document["credentialSubject"]["licenseNumber"]
        assert [(p.party.code, p.holds) for p in verdict.judgement.proofs] == [
            ("eusomii", True),
            ("siim", True),
        ]


def test_a_changed_claim_is_named(examined, document):
    document["name"] = "Doctor of Everything"
    verdict = examined(document)
    assert verdict.file is File.ALTERED
    assert Reason.CONTENT_DIFFERS in verdict.reasons and Reason.PROOF_FORGED in verdict.reasons
    assert not verdict.is_good


def test_a_missing_proof_is_named_with_its_society(examined, document):
    document["proof"] = document["proof"][:2]
    verdict = examined(document)
    assert verdict.file is File.INCOMPLETE
    assert verdict.reasons == (Reason.PROOFS_MISSING,)
    assert [party.code for party in verdict.judgement.missing] == ["siim"]


def test_a_credential_without_any_proof_is_not_what_was_issued(examined, document):
    del document["proof"]
    verdict = examined(document)
    assert verdict.file is File.ALTERED
    assert len(verdict.judgement.missing) == 2


def test_a_forged_proof_is_named_with_its_society(examined, document):
    """Made by somebody else's key under the society's name."""
    key = Ed25519PrivateKey.generate()
    bare = {name: value for name, value in document.items() if name != "proof"}
    forged = proofs.jcs(
        proofs.digest_of(bare),
        bare["@context"],
        method=document["proof"][2]["verificationMethod"],
        sign=key.sign,
        created="2026-10-16T09:05:00Z",
    )
    document["proof"][2] = forged
    verdict = examined(document)
    assert verdict.file is File.ALTERED
    assert Reason.PROOF_FORGED in verdict.reasons
    assert [(p.party.code, p.holds) for p in verdict.judgement.proofs] == [
        ("eusomii", True),
        ("siim", False),
    ]


def test_a_forged_proof_of_the_joint_issuer_is_named_too(examined, document):
    document["proof"][0]["proofValue"] = document["proof"][1]["proofValue"]
    verdict = examined(document)
    assert verdict.file is File.ALTERED and Reason.PROOF_FORGED in verdict.reasons


def test_a_credential_of_an_issuer_of_ones_own_is_not_ours(examined, document):
    """Everything is right but whose it is: the keys, the issuer and the serial are invented."""
    key = Ed25519PrivateKey.generate()
    text = json.dumps(document).replace("did:web:127.0.0.1", "did:web:diplomas.example")
    text = text.replace(document["credentialSubject"]["licenseNumber"], "7ZZZ-" * 6 + "7ZZZ")
    own = json.loads(text)
    bare = {name: value for name, value in own.items() if name != "proof"}
    own["proof"] = [
        proofs.jcs(
            proofs.digest_of(bare),
            bare["@context"],
            method="did:web:diplomas.example:schemes:cii#eusomii-1",
            sign=key.sign,
            created="2026-10-16T09:05:00Z",
        )
    ]
    verdict = examined(own)
    assert verdict.file is File.UNKNOWN and verdict.credential is None
    assert Reason.PROOF_FORGED in verdict.reasons


def test_the_compact_form_is_genuine_and_its_forgeries_are_not(session, examined, scheme, document):
    token = compact.signed(session, scheme, document, at=PROVEN)
    assert examined(token).file is File.GENUINE
    assert examined(as_png(token)).file is File.GENUINE
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["name"] = "Doctor of Everything"
    other = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    for forged in (
        f"{head}.{other}.{signature}",
        f"{head}.{body}.{signature[:-8]}AAAAAAAA",
        f"{unsigned}.{body}.{signature}",
    ):
        verdict = examined(forged)
        assert verdict.file is File.ALTERED
        assert verdict.reasons == (Reason.PROOF_FORGED,)


@pytest.mark.parametrize(
    "hostile",
    [
        '{"id": ' + "[" * 5_000 + "]" * 5_000 + "}",
        '{"id": 1, "id": 2}',
        '{"id": NaN}',
        '{"id": ' + "9" * 20_000 + "}",
        '{"id": "\\ud800"}',
        "{" + '"a": "b", ' * 60_000 + '"z": 1}',
        "{",
        '{"proof": [' + ",".join(["{}"] * 5_000) + "]}",
        '{"@context": "https://evil.example/context", "proof": {"cryptosuite": "eddsa-jcs-2022"}}',
        "[1, 2]",
    ],
)
def test_a_hostile_document_is_not_ours_and_costs_nothing(examined, hostile):
    assert examined(hostile).file is File.UNKNOWN


@pytest.mark.parametrize(
    "picture",
    [
        as_png("{}", keyword=b"openbadges"),
        as_png("x" * 400_000, packed=True),
        as_png("{}")[:60],
        b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0tEXt\0\0\0\0" * 20_000,
        b"\x89PNG\r\n\x1a\n" + b"\xff\xff\xff\xffIHDR",
        b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><svg>&b;</svg>',
        b"<svg>" + b"<g>" * 5_000 + b"</g>" * 5_000 + b"</svg>",
        b"<svg",
        as_svg("x" * 400_000),
    ],
)
def test_a_hostile_picture_is_not_ours_and_is_never_decoded(examined, picture):
    assert examined(picture).file is File.UNKNOWN


def test_a_withdrawn_credential_is_identical_and_withdrawn(
    session, examined, anas_diploma, anas_badge, erik, societies
):
    from app.credentials.withholding import withdraw

    withdraw(session, anas_diploma, in_error(erik, societies.eusomii))
    verdict = examined(anas_badge.document)
    assert verdict.file is File.IDENTICAL
    assert str(verdict.standing) == "withdrawn"
    assert not verdict.is_good
