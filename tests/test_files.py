"""Files are kept whole, under their digest, and nothing half written stays."""

from __future__ import annotations

import os

import pytest

from app.files import Folder, Missing, Remote, digest_of


@pytest.mark.parametrize("make", [Folder, lambda path: Remote(f"file://{path}/files")])
def test_what_is_kept_is_read_again_under_its_digest(tmp_path, make):
    store = make(tmp_path)
    digest = store.keep(b"a diploma")
    assert digest == digest_of(b"a diploma")
    assert store.keep(b"a diploma") == digest
    assert store.read(digest) == b"a diploma"
    assert store.is_writable()
    with pytest.raises(Missing):
        store.read("0" * 64)


def test_a_write_that_fails_leaves_nothing(tmp_path, monkeypatch):
    store = Folder(tmp_path)
    monkeypatch.setattr(
        os, "replace", lambda *_names: (_ for _ in ()).throw(OSError(28, "No space left"))
    )
    with pytest.raises(OSError, match="No space left"):
        store.keep(b"a diploma")
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_what_a_killed_process_left_half_written_goes_after_a_day(tmp_path):
    store = Folder(tmp_path)
    digest = store.keep(b"a diploma")
    (store.half_written / "tmpabc").write_bytes(b"a dip")
    moment = (store.half_written / "tmpabc").stat().st_mtime
    assert store.tidy(before=moment) == 0
    assert store.tidy(before=moment + 1) == 1
    assert store.read(digest) == b"a diploma"
    assert list(store.half_written.iterdir()) == []
