"""A verdict without the platform: from a file, a trust bundle and perhaps an exported register.

What only the register knows (the bytes that were issued, the day of a withdrawal) is known here
only from the export; the seals, the proofs and the status lists speak for themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from app.credentials import serial as serials
from app.open_badges import bits
from app.transparency import proofs as log_proofs
from app.verification import proofs
from app.verification.answers import proofs_as_json, seal_as_json
from app.verification.carried import Carried
from app.verification.judging import File, Judgement, Reason, judge
from app.verification.keys import Party, moment
from app.verification.reading.facts import Facts

VERSION = "1"


@dataclass(frozen=True)
class OfflineVerdict:
    """What a file, a bundle and perhaps an export say together."""

    facts: Facts
    judgement: Judgement
    standing: str
    """valid, expired, suspended, withdrawn, or unknown."""
    serial: str | None
    credential: dict[str, Any] | None
    bundle: Carried
    exported: dict[str, Any] | None = None

    @property
    def file(self) -> File:
        return self.judgement.file

    @property
    def is_good(self) -> bool:
        is_sound = self.file in {File.IDENTICAL, File.GENUINE}
        return is_sound and self.standing == "valid"

    @property
    def word(self) -> str:
        if self.file in {File.IDENTICAL, File.GENUINE}:
            return self.standing
        return str(self.file)


def examine(
    facts: Facts,
    bundle: Carried,
    *,
    on: date,
    exported: dict[str, Any] | None = None,
    proof: Any = None,
) -> OfflineVerdict:
    """The verdict on a file.

    `exported` is what an export says of its serial, `proof` the proof that the transparency log
    holds it.
    """
    credential = _credential(facts)
    required = _required(credential, bundle)
    stated = set(exported["sha256"]) if exported else set()
    if facts.form in {"pdf", "other"}:
        judgement = judge(
            facts,
            keys=bundle.seals,
            required=required,
            authorities=bundle.authorities,
            is_issued=facts.digest in stated,
            is_on_record=exported is not None or bool(required),
        )
        judgement = _with_proofs(judgement, credential, required, bundle)
    else:
        judgement = _of_credential(facts, credential, required, bundle)
    if proof is not None:
        judgement = _logged(judgement, facts, bundle, proof)
    standing, doubts = _standing(credential, bundle, on=on, exported=exported)
    reasons = tuple(dict.fromkeys((*judgement.reasons, *doubts)))
    return OfflineVerdict(
        facts=facts,
        judgement=replace(judgement, reasons=reasons),
        standing=standing,
        serial=serial_of(facts),
        credential=credential,
        bundle=bundle,
        exported=exported,
    )


def _logged(judgement: Judgement, facts: Facts, bundle: Carried, proof: Any) -> Judgement:
    """A log that holds these very bytes says that they are what was issued."""
    faults = log_proofs.check(
        proof,
        log_key=bundle.platform_keys,
        file_digest=facts.digest,
        society_keys=bundle.public_keys(),
    )
    if faults:
        reasons = (*judgement.reasons, Reason.LOG_PROOF_FAILS)
        return replace(judgement, reasons=reasons)
    if judgement.file is File.GENUINE:
        return replace(judgement, file=File.IDENTICAL, reasons=(Reason.LOGGED,))
    return replace(judgement, reasons=(*judgement.reasons, Reason.LOGGED))


def serial_of(facts: Facts) -> str | None:
    """The serial that a file names: its credential's, else the first that is one."""
    found = _credential(facts)
    own = str(found.get("id", "")).split("/") if found else []
    return next((number for text in (*own, *facts.serials) if (number := serials.read(text))), None)


def _credential(facts: Facts) -> dict[str, Any] | None:
    try:
        return proofs.parsed(facts.credential) if facts.credential else None
    except proofs.Unreadable:
        return None


def _required(credential: dict[str, Any] | None, bundle: Carried) -> tuple[Party, ...]:
    """The societies that the credential itself names as its joint issuers.

    Seals and proofs cover these names, so nobody can take one out. A joint issuer that the bundle
    does not know is nobody.
    """
    if credential is None or proofs.issuer_of(credential) not in bundle.issuers:
        return ()
    issuer = credential["issuer"]
    named = issuer.get("otherIdentifier", []) if isinstance(issuer, dict) else []
    dids = [str(one.get("identifier")) for one in named if isinstance(one, dict)]
    found = [bundle.parties.get(one) or Party(one, one, one) for one in dids]
    if found:
        return tuple(dict.fromkeys(found))
    codes = bundle.issuers[proofs.issuer_of(credential)]
    return tuple(bundle.parties[code] for code in codes if code in bundle.parties)


def _with_proofs(
    judgement: Judgement,
    credential: dict[str, Any] | None,
    required: Sequence[Party],
    bundle: Carried,
) -> Judgement:
    """A document's seals together with the proofs of the credential it carries."""
    if credential is None or not required:
        return judgement
    issuer = proofs.issuer_of(credential)
    judged = proofs.judge_proofs(credential, bundle.proofs, issuer, required)
    if judgement.file is File.GENUINE and not all(one.holds for one in judged):
        return replace(
            judgement, file=File.ALTERED, reasons=(Reason.ATTACHED_DIFFERS,), proofs=judged
        )
    return replace(judgement, proofs=judged)


def _of_credential(
    facts: Facts,
    credential: dict[str, Any] | None,
    required: Sequence[Party],
    bundle: Carried,
) -> Judgement:
    if facts.fault or credential is None:
        return Judgement(File.UNKNOWN, (Reason.NO_CREDENTIAL,))
    return proofs.judge(
        facts.credential,
        stored=None,
        keys=bundle.proofs,
        issuer=proofs.issuer_of(credential) if required else None,
        required=required,
        compacts=bundle.compacts,
        is_on_record=bool(required),
    )


def _standing(
    credential: dict[str, Any] | None,
    bundle: Carried,
    *,
    on: date,
    exported: dict[str, Any] | None,
) -> tuple[str, list[Reason]]:
    """How it stands by the status lists and, where they are silent, by the export."""
    states, doubts = [], []
    for entry in _entries(credential):
        state, doubt = _bit(entry, bundle, on=on)
        states += [state] if state else []
        doubts += [doubt] if doubt else []
    if exported is not None:
        states += [exported["standing"]] if exported["standing"] != "valid" else []
    elif not _entries(credential):
        doubts.append(Reason.STATUS_UNKNOWN)
    until = moment(str((credential or {}).get("validUntil", "")))
    for worst in ("withdrawn", "superseded", "suspended", "in preparation"):
        if worst in states:
            return worst, []
    if (until is not None and until.date() < on) or "expired" in states:
        return "expired", []
    return ("unknown" if doubts else "valid"), doubts


def _entries(credential: dict[str, Any] | None) -> list[dict[str, Any]]:
    found = (credential or {}).get("credentialStatus", [])
    found = found if isinstance(found, list) else [found]
    return [one for one in found[:8] if isinstance(one, dict)]


def _bit(entry: dict[str, Any], bundle: Carried, *, on: date) -> tuple[str | None, Reason | None]:
    one = bundle.lists.get(str(entry.get("statusListCredential")))
    if one is None:
        return None, Reason.STATUS_UNKNOWN
    try:
        index = int(entry["statusListIndex"])
        is_set = bits.is_set(one["credentialSubject"]["encodedList"], index)
        purpose = one["credentialSubject"]["statusPurpose"]
    except (KeyError, ValueError, TypeError, IndexError):
        return None, Reason.STATUS_UNKNOWN
    if is_set:
        return {"revocation": "withdrawn"}.get(purpose, "suspended"), None
    until: datetime | None = moment(str(one.get("validUntil", "")))
    if until is None or until.date() < on:
        return None, Reason.STATUS_STALE
    return None, None


def as_json(verdict: OfflineVerdict) -> dict[str, Any]:
    """For machines, in the form of the online answer as far as it is known here."""
    found, judged = verdict.credential or {}, verdict.judgement
    stated = verdict.exported or {}
    return {
        "version": VERSION,
        "verdict": verdict.word,
        "genuine": verdict.file in {File.IDENTICAL, File.GENUINE},
        "valid": verdict.is_good,
        "file": {
            "state": str(verdict.file),
            "sha256": verdict.facts.digest,
            "form": verdict.facts.form,
            "missing": [party.name for party in judged.missing],
            "proofs": proofs_as_json(judged),
        },
        "reasons": [str(reason) for reason in judged.reasons],
        "serial": verdict.serial,
        "standing": verdict.standing,
        "title": stated.get("title") or found.get("name"),
        "issued_on": stated.get("issued_on") or str(found.get("validFrom", ""))[:10] or None,
        "valid_until": stated.get("valid_until") or str(found.get("validUntil", ""))[:10] or None,
        "seals": [seal_as_json(seal) for seal in judged.seals],
        "bundle": {
            "made_at": verdict.bundle.made_at.isoformat(timespec="seconds"),
            "platform": verdict.bundle.platform,
            "signer_sha256": verdict.bundle.signer,
        },
    }
