"""Secrets at rest: sealed for one purpose, opened by the keys of this deployment alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app import sealed
from config import Misconfigured, from_environment
from tests.conftest import make_settings

OLD, NEW = "the older of the two keys 0123456789abc", "the newer of the two keys 0123456789abc"


@pytest.fixture
def under(stage):
    """The application under other settings, until the test is over."""
    before = stage.config["SETTINGS"]

    def settings(**changes):
        stage.config["SETTINGS"] = replace(before, **changes)

    with stage.app_context():
        yield settings
    stage.config["SETTINGS"] = before


def test_what_was_sealed_opens_for_its_purpose_and_shows_nothing_of_itself(under):
    text = sealed.seal("639259d4 the shared secret", "platform/1")
    assert "639259d4" not in text
    assert sealed.unseal(text, "platform/1") == "639259d4 the shared secret"


def test_the_same_text_is_sealed_differently_each_time(under):
    assert sealed.seal("secret", "a") != sealed.seal("secret", "a")


def test_what_was_sealed_for_one_purpose_does_not_open_for_another(under):
    text = sealed.seal("secret", "platform/1")
    with pytest.raises(sealed.CannotOpen):
        sealed.unseal(text, "platform/2")


@pytest.mark.parametrize("where", [0, 5, -1, -8])
def test_a_text_that_was_changed_does_not_open(under, where):
    text = sealed.seal("secret", "a")
    changed = list(text)
    changed[where] = "A" if changed[where] != "A" else "B"
    with pytest.raises(sealed.CannotOpen):
        sealed.unseal("".join(changed), "a")


@pytest.mark.parametrize("text", ["", "s1", "s1..", "plain secret", "s1.00000000.AAAA", "s1.x.é"])
def test_what_was_never_sealed_does_not_open(under, text):
    with pytest.raises(sealed.CannotOpen):
        sealed.unseal(text, "a")


def test_a_new_key_seals_from_now_on_and_the_old_ones_still_open(under):
    by_secret_key = sealed.seal("one", "a")
    under(seal_keys=(OLD,))
    by_old = sealed.seal("two", "a")
    under(seal_keys=(NEW, OLD))
    assert sealed.unseal(by_secret_key, "a") == "one"
    assert sealed.unseal(by_old, "a") == "two"
    assert not sealed.is_sealed_anew(by_old)
    assert sealed.is_sealed_anew(sealed.seal("three", "a"))
    under(seal_keys=(NEW,))
    with pytest.raises(sealed.CannotOpen):
        sealed.unseal(by_old, "a")


def test_no_key_is_shown_by_the_settings_or_by_a_wrong_one(tmp_path):
    settings = replace(make_settings(tmp_path), seal_keys=(OLD,))
    assert OLD not in repr(settings)
    assert OLD not in repr(sealed.derived(settings))
    with pytest.raises(Misconfigured) as told:
        from_environment({"CONFER_VAR": str(tmp_path), "CONFER_SEAL_KEY": "shortkey"})
    assert "CONFER_SEAL_KEY" in str(told.value)
    assert "shortkey" not in str(told.value)


def test_two_keys_are_read_in_order(tmp_path):
    told = {
        "CONFER_VAR": str(tmp_path),
        "CONFER_SEAL_KEY": f"{'n1' * 20}abcdefgh {'o2' * 20}abcdefgh",
    }
    first, second = from_environment(told).seal_keys
    assert first.startswith("n1")
    assert second.startswith("o2")
