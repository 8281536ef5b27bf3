"""Everything is read again in rounds; whatever is wrong is named, once, and told."""

from __future__ import annotations

from tests.rechecks.conftest import read_again


def test_nothing_is_found_where_nothing_is_wrong(session, world):
    assert read_again(session) == set()
