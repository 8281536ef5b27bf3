"""A time stamp is taken only when everything about it is in order; else the next one is asked."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from flask import Flask

from app import sealed as at_rest
from app.clock import now
from app.sealing import authority, cms, der, revision, tokens
from app.sealing.timestamps import Authorities, NoTimestamp
from app.sealing.tokens import BadToken, Request
from tests.sealing.papers import NAMES, STAMP, paper, pyhanko, sealed
from tests.sealing.pki import DAY, Authority, TestSigner
from tests.sealing.servers import TimeServer

DIGEST = bytes(range(32))


@pytest.fixture(scope="module")
def root() -> Authority:
    return Authority()


@pytest.fixture(scope="module", params=["rsa-3072", "ecdsa-p256"])
def stamper(request: pytest.FixtureRequest, root: Authority) -> TestSigner:
    return root.timestamping(request.param)


@pytest.fixture
def server(stamper: TestSigner) -> Iterator[TimeServer]:
    with TimeServer(stamper).running() as server:
        yield server


def asking(folder: Path, *addresses: str, roots: tuple[bytes, ...] = ()) -> Authorities:
    believed = tuple(x509.load_der_x509_certificate(one) for one in roots)
    return Authorities(addresses, folder, believed, anywhere=True)


def test_a_document_is_stamped_over_http_and_others_accept_the_stamp(
    root: Authority, server: TimeServer, tmp_path: Path
) -> None:
    societies = [root.signer(name) for name in NAMES[:2]]
    document, stamp = asking(tmp_path, server.url, roots=(root.der,)).stamp(
        sealed(societies), STAMP
    )

    assert pyhanko(document, root.der) == {**dict.fromkeys(NAMES[:2], True), STAMP: True}
    assert abs(stamp.at - now()) < timedelta(minutes=1)
    assert stamp.valid_until > now() + 3000 * DAY
    assert [s.kind for s in revision.signatures(document)] == ["seal", "seal", "timestamp"]


def test_openssl_accepts_the_stamp_and_asks_for_one_as_we_read_it(
    root: Authority, stamper: TestSigner, tmp_path: Path
) -> None:
    query, answer, roots = (tmp_path / name for name in ("q.tsq", "a.tsr", "roots.pem"))
    roots.write_bytes(root.pem)
    digest = DIGEST.hex()
    _openssl("-query", "-digest", digest, "-sha256", "-cert", "-out", str(query))
    answer.write_bytes(authority.Authority(stamper, now).answer(query.read_bytes()))

    told = _openssl("-verify", "-in", str(answer), "-queryfile", str(query), "-CAfile", str(roots))
    assert "Verification: OK" in told


def _openssl(*arguments: str) -> str:
    done = subprocess.run(
        ["openssl", "ts", *arguments], capture_output=True, timeout=30, check=False
    )
    return (done.stdout + done.stderr).decode()


def test_a_second_stamp_leaves_no_more_room_than_it_needs(
    server: TimeServer, tmp_path: Path
) -> None:
    asked = asking(tmp_path, server.url)
    first, _stamp = asked.stamp(paper(1), STAMP)
    second, stamp = asked.stamp(paper(1), STAMP)

    assert len(second) < len(first)
    assert len(second) - len(paper(1)) < 2 * len(stamp.token) + 1500


def _a_bit_is_wrong(answer: bytes) -> bytes:
    return answer[:-1] + bytes((answer[-1] ^ 1,))


def _of_another_hour(answer: bytes) -> bytes:
    said = tokens.read_info(cms.read(tokens.token_in(answer)).content)
    later = der.moment(said.at + timedelta(hours=1))
    return answer.replace(der.moment(said.at), later)


@pytest.mark.parametrize(
    "spoil",
    [
        _a_bit_is_wrong,
        _of_another_hour,
        lambda _: authority.REJECTED,
        lambda _: b"<html>Welcome to the hotel</html>",
        lambda _: b"",
        lambda answer: answer[: len(answer) // 2],
    ],
)
def test_an_answer_that_is_not_in_order_is_not_taken(
    spoil, server: TimeServer, root: Authority, tmp_path: Path
) -> None:
    server.spoils.append(spoil)

    with pytest.raises(NoTimestamp):
        asking(tmp_path, server.url, roots=(root.der,)).stamp(paper(1), STAMP)


def test_the_next_authority_is_asked_when_one_fails(
    stamper: TestSigner, server: TimeServer, tmp_path: Path
) -> None:
    with TimeServer(stamper).running() as other:
        server.status = 500
        _document, stamp = asking(
            tmp_path, "http://127.0.0.1:1/nobody", server.url, other.url
        ).stamp(paper(1), STAMP)

    assert (server.asked, other.asked) == (1, 1)
    assert stamp.token


def test_when_none_answers_the_reasons_are_told(tmp_path: Path) -> None:
    with pytest.raises(NoTimestamp, match=r"127\.0\.0\.1:1.*127\.0\.0\.1:2"):
        asking(tmp_path, "http://127.0.0.1:1/", "http://127.0.0.1:2/").stamp(paper(1), STAMP)


def test_only_authorities_that_are_trusted_here_are_believed(
    server: TimeServer, root: Authority, tmp_path: Path
) -> None:
    stranger = Authority("Stranger")

    assert asking(tmp_path, server.url, roots=(stranger.der, root.der)).stamp(paper(1), STAMP)
    with pytest.raises(NoTimestamp, match="nobody who is trusted"):
        asking(tmp_path, server.url, roots=(stranger.der,)).stamp(paper(1), STAMP)


def test_a_stamp_belongs_to_its_request_alone(stamper: TestSigner) -> None:
    asked = Request(DIGEST, 12345)
    answer = authority.Authority(stamper, now).answer(asked.encoded())

    assert tokens.check(answer, asked).token
    with pytest.raises(BadToken, match="another request"):
        tokens.check(answer, replace(asked, nonce=54321))
    with pytest.raises(BadToken, match="something else"):
        tokens.check(answer, replace(asked, digest=bytes(32)))


def test_a_certificate_for_other_things_stamps_nothing(root: Authority) -> None:
    asked = Request(DIGEST, 1)
    for signer, says in (
        (root.signer("a society"), "not one for time stamps"),
        (root.timestamping("ecdsa-p256", since=now() - 20 * DAY, days=10), "not valid"),
    ):
        answer = authority.Authority(signer, now).answer(asked.encoded())
        with pytest.raises(BadToken, match=says):
            tokens.check(answer, asked)


def test_a_stamp_under_a_certificate_that_it_does_not_name_is_refused(root: Authority) -> None:
    """The same key certified twice: the token must name the one that it was made with."""
    first = root.timestamping("ecdsa-p256")
    second = root.timestamping("ecdsa-p256", key=first.key)
    asked = Request(DIGEST, 1)
    answer = authority.Authority(first, now).answer(asked.encoded())
    signed = cms.read(tokens.token_in(answer))
    form = cms.form(second)
    swapped = form.container(
        signed.attributes, signed.signature, content_type=tokens.TST_INFO, content=signed.content
    )

    with pytest.raises(BadToken, match="another certificate"):
        tokens.check(der.sequence(authority.GRANTED, swapped), asked)


def test_the_local_authority_keeps_its_key_and_names_itself(stage: Flask, tmp_path: Path) -> None:
    with stage.app_context():
        document, stamp = asking(tmp_path, "local").stamp(paper(1), STAMP)

        assert "not for production" in stamp.authority
        assert (tmp_path / "time-stamp-authority.pem").stat().st_mode & 0o777 == 0o600
        own = authority.certificate(tmp_path, now)
        authority.local.cache_clear()
        assert authority.certificate(tmp_path, now) == own
        assert pyhanko(document, own) == {STAMP: True}


def test_the_key_of_the_local_authority_is_sealed_anew_like_the_others(
    stage: Flask, session, configure
) -> None:
    folder, old = stage.config["SETTINGS"].var, stage.config["SETTINGS"].secret_key
    authority.local.cache_clear()
    own = authority.certificate(folder, now)
    assert at_rest.count(session) == (1, 0)
    session.commit()
    configure(seal_keys=("a newer key of tests only 9876543210",))
    told = stage.test_cli_runner().invoke(args=["platforms", "reseal"])
    assert "1 keys of the local time-stamp authority were sealed anew" in told.output

    configure(secret_key="the old one is gone 0123456789abcdef")
    assert old != stage.config["SETTINGS"].secret_key
    assert at_rest.count(session) == (1, 0)
    authority.local.cache_clear()
    assert authority.certificate(folder, now) == own
    authority.local.cache_clear()
