"""Reading an exported register: what it says of a serial, once its signature was checked."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import load_pem_public_key

from app.signing_keys import certificates
from app.signing_keys.signing import is_signed
from app.verification.carried import Carried, Untrusted


def look_up(folder: Path, serial: str, bundle: Carried) -> dict[str, Any] | None:
    """What an export says of a serial; `Untrusted` when it was changed, or another signed it."""
    return _said(folder, _path(serial, ".json"), bundle)


def proof_of(folder: Path, serial: str, bundle: Carried) -> dict[str, Any] | None:
    """The proof that the log holds a serial, as the export keeps it, with the serial put back."""
    found = _said(folder, _path(serial, ".proof.json"), bundle)
    return None if found is None else {**found, "serial": serial}


def _path(serial: str, ends: str) -> str:
    name = hashlib.sha256(serial.encode("ascii")).hexdigest()
    return f"v/{name[:2]}/{name}{ends}"


def _said(folder: Path, path: str, bundle: Carried) -> dict[str, Any] | None:
    """A file that the signed list names; nothing when it names none."""
    sums = _sums(folder, bundle)
    place = sums.find(f"  {path}\n".encode())
    if place < 0:
        return None
    try:
        content = (folder / path).read_bytes()
    except OSError:
        raise Untrusted(f"the export is not whole: {path} cannot be read") from None
    if hashlib.sha256(content).hexdigest().encode() != sums[max(place - 64, 0) : place]:
        raise Untrusted("what the export says of this serial was changed")
    try:
        found: dict[str, Any] = json.loads(content)
    except (ValueError, RecursionError):
        raise Untrusted("what the export says of this serial is not JSON") from None
    return found


def _sums(folder: Path, bundle: Carried) -> bytes:
    try:
        public = (folder / "platform-key.pem").read_text()
        sums = (folder / "SHA256SUMS").read_bytes()
        signature = (folder / "SHA256SUMS.sig").read_bytes()
        key = load_pem_public_key(public.encode())
    except (OSError, ValueError):
        raise Untrusted("the export is not whole") from None
    if certificates.digest(public) != bundle.signer:
        raise Untrusted("the export is signed by another key than the bundle")
    if not is_signed(key, sums, signature):
        raise Untrusted("the signature of the export does not fit")
    return sums
