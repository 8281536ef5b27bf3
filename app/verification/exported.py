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
    name = hashlib.sha256(serial.encode("ascii")).hexdigest()
    path = f"v/{name[:2]}/{name}.json"
    stated = next((one[:64] for one in _lines(sums) if one[66:] == path), None)
    if stated is None:
        return None
    content = (folder / path).read_bytes()
    if hashlib.sha256(content).hexdigest() != stated:
        raise Untrusted("what the export says of this serial was changed")
    found: dict[str, Any] = json.loads(content)
    return found


def _lines(sums: bytes) -> list[str]:
    return sums.decode("ascii").splitlines()
