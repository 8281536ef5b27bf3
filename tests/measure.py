"""How much of a long story is told: a part of it in every run, all of it with `make stories`."""

import os

WHOLE = os.environ.get("CONFER_TEST_WHOLE") == "1"


def measure(whole: int, part: int) -> int:
    """The whole measure of a figure, or the part of it that every run tells."""
    return whole if WHOLE else part
