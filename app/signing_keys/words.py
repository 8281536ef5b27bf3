"""Words for keys: what they are for, where they are, how they stand, who vouches for them."""

from __future__ import annotations

from datetime import datetime

from app.signing_keys import certificates
from app.signing_keys.models import Algorithm, Keeping, Purpose, SigningKey
from app.texts import gettext as _


def purposes() -> dict[Purpose, str]:
    return {
        Purpose.SEAL: _("Seals on documents"),
        Purpose.PROOF: _("Credentials for machines"),
        Purpose.COMPACT: _("Credentials in their compact form"),
        Purpose.LOG: _("The transparency log"),
    }


def keepings() -> dict[Keeping, str]:
    return {
        Keeping.LOCAL: _("Here, under lock"),
        Keeping.TOKEN: _("In a token"),
        Keeping.DEFERRED: _("With the society, which signs elsewhere"),
    }


def algorithms() -> dict[Algorithm, str]:
    return {
        Algorithm.ECDSA_P256: _("ECDSA on P-256"),
        Algorithm.RSA_3072: _("RSA, 3072 bits"),
        Algorithm.RSA_4096: _("RSA, 4096 bits"),
        Algorithm.ED25519: _("Ed25519"),
    }


def state(key: SigningKey, *, at: datetime) -> tuple[str, str]:
    """How a key stands, as (kind of mark, word)."""
    if key.compromise is not None:
        return "bad", _("Compromised")
    if key.retirement is not None:
        return "plain", _("Retired")
    if key.expires_at is not None and key.expires_at <= at:
        return "bad", _("Ended")
    if key.in_force_at is None:
        return "warn", _("Waits")
    return "good", _("Signs")


def vouched_by(key: SigningKey) -> str:
    """Who says whose key it is."""
    chain = certificates.parsed(key.certificates)
    if not chain:
        return _("This platform")
    if key.is_self_made:
        return _("Nobody but the key itself")
    top = certificates.common_name(chain[-1].issuer)
    if key.is_qualified:
        return _("%(name)s, as a qualified certificate", name=top)
    return top


def owner(key: SigningKey) -> str:
    if key.society is not None:
        return key.society.name
    return key.scheme.title if key.scheme is not None else "Confer"
