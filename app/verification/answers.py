"""The verdict for machines; its form is described in docs/verification-api.md.

Within one version members are only ever added. The holder's name is given only when the holder
has published it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from app.transparency.queries import Countersigned
from app.verification.examine import File, Verdict, history
from app.verification.judgement import JudgedSeal, Judgement

VERSION = "1"


def as_json(verdict: Verdict, *, on: date | None = None) -> dict[str, Any]:
    """The verdict on a serial or a file."""
    found = verdict.credential
    answer: dict[str, Any] = {
        "version": VERSION,
        "verdict": word(verdict),
        "genuine": found is not None and (verdict.file is None or verdict.file.is_sound),
        "valid": verdict.is_good,
        "file": _file(verdict),
        "reasons": [str(reason) for reason in verdict.reasons],
    }
    if found is None:
        return {**answer, "serial": None}
    snapshot = found.snapshot
    return {
        **answer,
        "serial": found.serial,
        "standing": str(verdict.standing),
        "kind": str(found.kind),
        "title": snapshot["title"],
        "edition": snapshot["edition"],
        "awarded_by": [s["name"] for s in snapshot["awarding"]],
        "holder": snapshot["holder"]["name"] if found.shows_name else None,
        "decided_on": snapshot["decided_on"],
        "issued_on": snapshot["issued_on"],
        "valid_until": snapshot["valid_until"],
        "sample": snapshot["sample"],
        "sha256": found.file_digest,
        "withdrawn_on": found.revocation and found.revocation.on.isoformat(),
        "superseded_by": found.supersession and found.supersession.new.serial,
        "seals": [seal_as_json(seal) for seal in verdict.seals],
        "history": [
            {"what": str(event.what), "on": event.on.isoformat()}
            for event in history(found, on=on or found.issued_on)
        ],
        "log": verdict.logged
        and {
            "position": verdict.logged.position,
            "head_size": verdict.logged.head,
            "countersigned_by": [one.society for one in verdict.logged.countersigned],
            "countersignatures": [
                countersignature_as_json(one) for one in verdict.logged.countersigned
            ],
        },
    }


def word(verdict: Verdict) -> str:
    """The verdict in one word."""
    if verdict.credential is None:
        return "unknown"
    if verdict.file is not None and not verdict.file.is_sound and verdict.file is not File.UNKNOWN:
        return str(verdict.file)
    return str(File.DOUBTFUL) if verdict.is_contradicted else str(verdict.standing)


def _file(verdict: Verdict) -> dict[str, Any] | None:
    if verdict.file is None:
        return None
    judged = verdict.judgement
    return {
        "state": str(verdict.file),
        "sha256": verdict.digest,
        "form": verdict.form,
        "missing": [party.name for party in judged.missing] if judged else [],
        "proofs": proofs_as_json(judged) if judged else [],
    }


def countersignature_as_json(one: Countersigned) -> dict[str, Any]:
    return {"society": one.society, "head_size": one.size, "at": _moment(one.at)}


def proofs_as_json(judged: Judgement) -> list[dict[str, Any]]:
    return [
        {
            "society": one.party.name,
            "state": {True: "holds", False: "forged", None: "missing"}[one.holds],
        }
        for one in judged.proofs
    ]


def seal_as_json(seal: JudgedSeal) -> dict[str, Any]:
    return {
        "society": seal.party and seal.party.name,
        "claims": seal.claims,
        "state": str(seal.state),
        "level": str(seal.level),
        "at": _moment(seal.at),
        "time_stamped_by": seal.authority or None,
        "key": seal.key and seal.key.name,
        "certificate_sha256": seal.key.fingerprint if seal.key else None,
        "vouched_for_by": seal.vouched_by or (seal.voucher and str(seal.voucher)),
        "key_compromised_since": _moment(seal.key.compromised_since) if seal.key else None,
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
