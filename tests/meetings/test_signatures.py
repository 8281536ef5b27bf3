"""Signatures of callbacks: the good one opens, and nothing near it does."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from app.meetings.signatures import (
    bigbluebutton_bearer,
    bigbluebutton_signed,
    zoom_answer,
    zoom_signed,
)

pytestmark = pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
AT = datetime(2026, 10, 14, 16, tzinfo=UTC)
SECRET = "639259d4-9dd8-4b25-bf01-95f9567eaf4b"
RAW = b'{"event":"meeting.participant_joined","payload":{"a":"\xc3\xa9"}}'


def zoom(raw=RAW, at=AT, secret=SECRET):
    stamp = str(int(at.timestamp()))
    made = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + raw, hashlib.sha256).hexdigest()
    return stamp, f"v0={made}"


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_zooms_signature_holds_for_five_minutes(seconds):
    stamp, signature = zoom()
    assert zoom_signed(SECRET, stamp, RAW, signature, at=AT + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-301, 301, 86400])
def test_and_not_longer(seconds):
    stamp, signature = zoom()
    assert not zoom_signed(SECRET, stamp, RAW, signature, at=AT + timedelta(seconds=seconds))


def test_another_body_secret_or_time_stamp_breaks_it():
    stamp, signature = zoom()
    assert not zoom_signed(SECRET, stamp, RAW + b" ", signature, at=AT)
    assert not zoom_signed("another", stamp, RAW, signature, at=AT)
    assert not zoom_signed(SECRET, str(int(stamp) + 1), RAW, signature, at=AT)
    assert not zoom_signed(SECRET, stamp, RAW, signature.removeprefix("v0="), at=AT)


@pytest.mark.parametrize(
    "stamp", ["", "abc", "-5", "1" * 40, "１７９１９９３６００", "1791993600.0"]
)
def test_a_time_stamp_that_is_none_is_refused(stamp):
    made = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + RAW, hashlib.sha256).hexdigest()
    assert not zoom_signed(SECRET, stamp, RAW, f"v0={made}", at=AT)


def test_without_a_secret_nothing_is_signed():
    stamp, signature = zoom(secret="")
    assert not zoom_signed("", stamp, RAW, signature, at=AT)
    assert not bigbluebutton_signed("", "https://x/", b"", hashlib.sha1(b"https://x/").hexdigest())
    assert not bigbluebutton_bearer("", "", at=AT)


def test_zoom_hears_what_it_asks_for():
    answer = zoom_answer("secret", "qgg8vlvZRS6UYooatFL8Aw")
    assert answer["plainToken"] == "qgg8vlvZRS6UYooatFL8Aw"
    assert answer["encryptedToken"] == (
        hmac.new(b"secret", b"qgg8vlvZRS6UYooatFL8Aw", hashlib.sha256).hexdigest()
    )


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha384", "sha512"])
def test_bigbluebuttons_checksum_covers_the_address_and_the_body(algorithm):
    callback, raw = "https://confer.example/hooks/bbb/abc", b"event=%7B%7D&timestamp=1415900488797"
    signed = hashlib.new(algorithm, callback.encode() + raw + SECRET.encode()).hexdigest()
    assert bigbluebutton_signed(SECRET, callback, raw, signed)
    assert not bigbluebutton_signed(SECRET, callback + "/", raw, signed)
    assert not bigbluebutton_signed(SECRET, callback, raw + b"0", signed)
    assert not bigbluebutton_signed("another", callback, raw, signed)
    assert not bigbluebutton_signed(SECRET, callback, raw, signed[:-1])
    assert not bigbluebutton_signed(SECRET, callback, raw, "é" * len(signed))


def bearer(algorithm="HS512", secret=SECRET, **claims):
    return jwt.encode(claims or {"exp": int(AT.timestamp()) + 60}, secret, algorithm=algorithm)


def test_the_bearer_of_the_minutes_holds_until_it_expires():
    assert bigbluebutton_bearer(SECRET, bearer(), at=AT)
    assert not bigbluebutton_bearer(SECRET, bearer(), at=AT + timedelta(seconds=60))


def test_any_other_bearer_is_refused():
    assert not bigbluebutton_bearer("another", bearer(), at=AT)
    assert not bigbluebutton_bearer(SECRET, bearer(algorithm="HS256"), at=AT)
    assert not bigbluebutton_bearer(SECRET, bearer(iss="x"), at=AT)
    assert not bigbluebutton_bearer(SECRET, jwt.encode({"exp": 9e9}, None, algorithm="none"), at=AT)
    assert not bigbluebutton_bearer(SECRET, "", at=AT)
    assert not bigbluebutton_bearer(SECRET, "a.b.c", at=AT)
