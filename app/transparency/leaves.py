"""What the log tells of each act, as plain content."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import rfc8785

from app.awards.models import Release
from app.credentials.models import (
    Credential,
    Reinstatement,
    Revocation,
    Supersession,
    Suspension,
)
from app.journal.models import Link
from app.sealing.models import DocumentTimestamp, Seal
from app.signing_keys import certificates
from app.signing_keys.models import KeyCompromise, KeyRetirement, SigningKey
from app.transparency import records
from app.transparency.models import Countersignature
from app.transparency.records import commitment

Content = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """An act that is to become a leaf."""

    source: str
    at: datetime
    content: Content
    salt: bytes
    credential_id: int | None = None

    @property
    def text(self) -> str:
        own = binding(self.source, self.credential_id, self.salt)
        return rfc8785.dumps({**self.content, "own": own}).decode()


def binding(source: str, credential_id: int | None, salt: bytes) -> str:
    """What the content says of the columns beside it, so that none is changed unseen."""
    return sha256(salt + f"{source} {credential_id}".encode()).hexdigest()


def name_of(serial: str) -> str:
    """How the log names a credential: only who knows the serial finds it."""
    return sha256(serial.encode()).hexdigest()


def issued(
    credential: Credential, *, societies: Sequence[str], badge: str | None, seals: Sequence[Seal],
    salt: bytes,
) -> Content:  # fmt: skip
    """A finished credential, with what was made of it and what it rests on."""
    award, completion = credential.award, credential.completion
    origin = award or completion
    assert origin is not None and credential.typeset_at is not None
    return {
        "act": "issued",
        "at": moment(credential.typeset_at),
        "serial": name_of(credential.serial),
        "kind": str(credential.kind),
        "societies": list(societies),
        "issued_on": credential.issued_on.isoformat(),
        "valid_until": credential.valid_until and credential.valid_until.isoformat(),
        "file": credential.file_digest,
        "badge": badge,
        "records": {
            "credential": commitment(salt, records.of_credential(credential)),
            "origin": commitment(salt, records.of_origin(origin)),
            "seals": commitment(salt, records.of_seals(seals)),
        },
    }


def released(release: Release, *, salt: bytes) -> Content:
    """A list that every awarding society approved, before a diploma is made of it."""
    award_list = release.award_list
    return {
        "act": "released",
        "at": moment(release.at),
        "on": release.on.isoformat(),
        "scheme": award_list.scheme.code,
        "list": release.digest,
        "societies": [society.code for society in award_list.scheme.awarding],
        "records": {
            "list": commitment(salt, records.of_row(award_list, records.LIST)),
            "approvals": commitment(salt, records.of_approvals(award_list.approvals)),
            "release": commitment(salt, records.of_row(release, records.RELEASE)),
        },
    }


def withdrawn(act: Revocation, *, serial: str, society: str | None, salt: bytes) -> Content:
    return _on_day("withdrawn", act, serial, society, commitment(salt, _act(act)))


def suspended(act: Suspension, *, serial: str, society: str | None, salt: bytes) -> Content:
    return _on_day("suspended", act, serial, society, commitment(salt, _act(act)))


def reinstated(act: Reinstatement, *, serial: str, society: str | None, salt: bytes) -> Content:
    kept = commitment(salt, records.of_row(act, records.REINSTATEMENT))
    return _on_day("reinstated", act, serial, society, kept)


def superseded(act: Supersession, *, serial: str, new: str, salt: bytes) -> Content:
    kept = commitment(salt, records.of_row(act, records.SUPERSESSION))
    return {**_on_day("superseded", act, serial, None, kept), "by": name_of(new)}


def timestamped(stamp: DocumentTimestamp, *, serial: str, salt: bytes) -> Content:
    """The file with a time stamp over all of it."""
    return {
        "act": "timestamped",
        "at": moment(stamp.at),
        "serial": name_of(serial),
        "file": stamp.file_digest,
        "records": {"act": commitment(salt, records.of_row(stamp, records.TIMESTAMP))},
    }


def key_in_force(key: SigningKey) -> Content:
    """From now on this key signs for its owner; whoever puts in another one is seen."""
    assert key.in_force_at is not None
    return {**_of_key("key in force", key, key.in_force_at), "algorithm": key.algorithm}


def key_retired(act: KeyRetirement) -> Content:
    return _of_key("key retired", act.key, act.at)


def key_compromised(act: KeyCompromise) -> Content:
    return {**_of_key("key compromised", act.key, act.at), "since": moment(act.since)}


def countersigned(one: Countersignature, *, salt: bytes) -> Content:
    """A society's word on a head stands in the log itself from then on."""
    return {
        "act": "countersigned",
        "at": moment(one.at),
        "head": one.head_size,
        "society": one.society.code,
        "records": {"act": commitment(salt, records.of_row(one, records.COUNTERSIGNATURE))},
    }


def journal(link: Link, at: datetime) -> Content:
    """How far the journal had come: its newest entries cannot be cut off unseen."""
    return {
        "act": "journal",
        "at": moment(at),
        "position": link.position,
        "digest": link.digest.hex(),
    }


def moment(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


def when(content: str) -> datetime:
    """The moment that a leaf names."""
    return datetime.fromisoformat(json.loads(content)["at"])


def owner(key: SigningKey) -> dict[str, str]:
    if key.society is not None:
        return {"society": key.society.code}
    return {"scheme": key.scheme.code} if key.scheme is not None else {"platform": ""}


def _of_key(act: str, key: SigningKey, at: datetime) -> Content:
    return {
        "act": act,
        "at": moment(at),
        "key": key.name,
        "purpose": str(key.purpose),
        "owner": owner(key),
        "sha256": certificates.digest(key.public_key),
    }


def _on_day(act: str, row: Any, serial: str, society: str | None, kept: str) -> Content:
    return {
        "act": act,
        "at": moment(row.at),
        "on": row.on.isoformat(),
        "serial": name_of(serial),
        "society": society,
        "records": {"act": kept},
    }


def _act(row: Revocation | Suspension) -> dict[str, Any]:
    return records.of_row(row, records.ACT)
