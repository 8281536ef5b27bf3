"""The key with which a holder hands on the addresses of the credential; it is kept nowhere.

The credential tells results, and its salt lets whoever has it try out names and addresses as often
as they like. So the serial, which stands on every page that verifies it, does not open it.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

PURPOSE = b"the credential of "
LENGTH = 32


def key(secret: str, serial: str) -> str:
    """The same for the credential in each of its forms."""
    return hmac.new(secret.encode(), PURPOSE + serial.encode(), sha256).hexdigest()[:LENGTH]


def opens(secret: str, serial: str, given: str) -> bool:
    return hmac.compare_digest(key(secret, serial).encode(), given.encode())
