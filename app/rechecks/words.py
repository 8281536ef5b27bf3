"""The words for what is read again; the register itself keeps its own short names."""

from __future__ import annotations

from app.texts import gettext as _


def part(name: str) -> str:
    """A part as people call it; one that has no word yet by its own name."""
    return _parts().get(name, name)


def _parts() -> dict[str, str]:
    return {
        "award": _("Award"),
        "award list": _("Award list"),
        "award lists": _("Award lists"),
        "badge": _("Badge"),
        "completion": _("Completion"),
        "credential": _("Credential"),
        "DID document": _("DID document"),
        "DID documents": _("DID documents"),
        "documents": _("Documents"),
        "endorsement": _("Endorsement"),
        "endorsements": _("Endorsements"),
        "file": _("File"),
        "heads": _("Heads of the transparency log"),
        "journal": _("Journal"),
        "log": _("Transparency log"),
        "log countersignature": _("Countersignature of the log"),
        "log head": _("Head of the log"),
        "log leaf": _("Entry of the log"),
        "log node": _("Hash of the log"),
        "timestamped": _("Time stamp"),
        "withdrawn": _("Withdrawal"),
        "seals": _("Seals"),
        "signing key": _("Signing key"),
        "signing keys": _("Signing keys"),
        "status entry": _("Status entry"),
        "status list": _("Status list"),
        "status lists": _("Status lists"),
        "superseded": _("Replacement"),
        "suspended": _("Suspension"),
        "reinstated": _("Reinstatement"),
    }
