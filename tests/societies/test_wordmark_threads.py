"""Many pages draw the same outlines at once, the first time that anybody does."""

import sys
import threading
from collections.abc import Iterator

import pytest

from app.societies import wordmark


@pytest.fixture
def hurried() -> Iterator[None]:
    """Threads take turns as often as they can."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("hurried")
def test_a_mark_is_drawn_by_many_at_once_as_by_one() -> None:
    wordmark._face.cache_clear()
    drawn: list[tuple[str, float]] = []
    gate = threading.Barrier(8)

    def draw() -> None:
        gate.wait()
        drawn.append(wordmark.lettering("EuSoMII ÅQ"))

    threads = [threading.Thread(target=draw) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert drawn == [wordmark.lettering("EuSoMII ÅQ")] * 8
