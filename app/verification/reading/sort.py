"""What a file is, by its first bytes; its name and its declared type say nothing."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from . import badges
from .facts import Facts


def form_of(content: bytes) -> str:
    """pdf, png, svg, json, jwt or other."""
    head = content[:1024]
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(badges.PNG):
        return "png"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{"):
        return "json"
    if start.startswith(b"<") and b"<svg" in content[:4096]:
        return "svg"
    return "jwt" if badges.is_jwt(content) else "other"


def read(content: bytes) -> Facts:
    """Everything a file says of itself. Bounded only together with its process (`child.py`)."""
    form = form_of(content)
    if form == "pdf":
        from . import pdf

        facts = pdf.read(content)
    elif form == "other":
        facts = Facts(form=form)
    else:
        facts = badges.read(form, content)
    return replace(facts, digest=hashlib.sha256(content).hexdigest(), size=len(content))
