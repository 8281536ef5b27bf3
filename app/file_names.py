"""The names of files that come from outside, made fit for headers, pages and file systems."""

from __future__ import annotations

import re
import unicodedata

LONGEST_STEM, LONGEST_ENDING = 100, 10


def clean_name(name: str, *, otherwise: str, ending: str | None = None) -> str:
    """The name without a path and without what no file system takes, ending as the kind does.

    Without a kind it keeps the ending with which it came.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    stem, own = last.rsplit(".", 1) if "." in last.strip(".") else (last, "")
    stem = _clean(stem)[:LONGEST_STEM] or otherwise
    ending = _clean(own)[:LONGEST_ENDING] if ending is None else ending
    return f"{stem}.{ending}" if ending else stem


def _clean(text: str) -> str:
    kept = (c for c in text if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*')
    return re.sub(r"\s+", " ", "".join(kept)).strip(" .")
