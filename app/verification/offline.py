"""A verdict without the platform: from a file, a trust bundle and perhaps an exported register.

What only the register knows (the bytes that were issued, the day of a withdrawal) is known here
only from the export; the seals, the proofs and the status lists speak for themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any

from app.credentials import serial as serials
from app.open_badges.proofs import of as embedded
from app.transparency import proofs as log_proofs
from app.transparency.queries import Countersigned
from app.verification import proofs, states
from app.verification.answers import countersignature_as_json, proofs_as_json, seal_as_json
from app.verification.carried import Carried
from app.verification.judgement import File, Judgement, Reason
from app.verification.judging import judge
from app.verification.keys import Party
from app.verification.reading.facts import Facts
from app.verification.states import Stood

VERSION = "1"
DIPLOMA = "diploma"


@dataclass(frozen=True)
class OfflineVerdict:
    """What a file, a bundle and perhaps an export say together."""

    facts: Facts
    judgement: Judgement
    stood: Stood
    serial: str | None
    credential: dict[str, Any] | None
    bundle: Carried
    exported: dict[str, Any] | None = None

    @property
    def file(self) -> File:
        return self.judgement.file

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return self.judgement.reasons

    @property
    def standing(self) -> str:
        return self.stood.word

    @property
    def is_good(self) -> bool:
        """Sound and valid on that day; a proof of the log that was given must hold too."""
        return self._is_genuine and self.standing == states.VALID

    @property
    def was_good(self) -> bool:
        """Sound, and nothing at hand says how it stands on that day: only how it once stood."""
        return self._is_genuine and self.standing in {states.VALID_THEN, states.UNKNOWN}

    @property
    def _is_genuine(self) -> bool:
        return self.file.is_sound and Reason.LOG_PROOF_FAILS not in self.judgement.reasons

    @property
    def word(self) -> str:
        """What the file is, else how it stands; "genuine" when nothing at hand says how."""
        if not self.file.is_sound:
            return str(self.file)
        return "genuine" if self.standing == states.UNKNOWN else self.standing


def examine(
    facts: Facts,
    bundle: Carried,
    *,
    on: date,
    exported: dict[str, Any] | None = None,
    proof: Any = None,
    must_name: bool = True,
) -> OfflineVerdict:
    """The verdict on a file.

    `exported` is what an export says of its serial, `proof` the proof that the transparency log
    holds it. A proof that somebody brings must name this very file; one that lies in the export
    (`must_name` false) may name another of the same serial, such as the PDF of a badge.
    """
    credential = _credential(facts)
    acts = _acts(facts, bundle, proof)
    required = _required(credential, bundle, exported, acts)
    if facts.form in {"pdf", "other"}:
        judgement = judge(
            facts,
            keys=bundle.seals,
            required=required,
            authorities=bundle.authorities,
            is_issued=exported is not None and facts.digest in exported["sha256"],
            issued=None if exported is None else exported["sha256"],
            is_on_record=exported is not None or bool(required),
        )
        judgement = _with_proofs(judgement, credential, required, bundle)
    else:
        judgement = _of_credential(facts, credential, required, bundle)
        if exported is not None and exported["credential_sha256"] == _own(facts):
            judgement = _named(judgement, Reason.SAME_BYTES)
    if credential is not None and judgement.file is File.GENUINE:
        judgement = _with_joint(judgement, credential, bundle, has_seals=bool(judgement.seals))
    if proof is not None:
        judgement = _logged(judgement, facts, bundle, proof, must_name=must_name)
    stood = states.standing(credential, bundle, on=on, exported=exported, acts=acts)
    reasons = tuple(dict.fromkeys((*judgement.reasons, *stood.doubts)))
    return OfflineVerdict(
        facts=facts,
        judgement=replace(judgement, reasons=reasons),
        stood=stood,
        serial=serial_of(facts),
        credential=credential,
        bundle=bundle,
        exported=exported,
    )


def _logged(
    judgement: Judgement, facts: Facts, bundle: Carried, proof: Any, *, must_name: bool
) -> Judgement:
    """A log that holds these very bytes says that they are what was issued."""
    before = facts.revisions if judgement.file is File.GENUINE else ()
    digests = dict.fromkeys((_own(facts), *before))
    held = next((one for one in digests if not _faults(bundle, proof, digest=one)), None)
    if held is None:
        if not must_name and not _faults(bundle, proof, digest=None):
            return judgement
        reasons = (*judgement.reasons, Reason.LOG_PROOF_FAILS)
        return replace(judgement, reasons=reasons)
    words = _countersigned(bundle, proof, bundle.public_keys(sound=True))
    counted = {one.society for one in words}
    every = _countersigned(bundle, proof, bundle.public_keys())
    doubted = tuple(one for one in every if one.society not in counted)
    seen = (
        Reason.COUNTERSIGNED if words else Reason.NOT_COUNTERSIGNED,
        *([Reason.COUNTERSIGNER_DOUBTFUL] if doubted else []),
    )
    named = _named(judgement, Reason.LOGGED)
    if held != _own(facts):  # it holds what this file was before it was stamped once more
        reasons = (*judgement.reasons, Reason.STAMPED_SINCE)
        named = replace(judgement, reasons=tuple(dict.fromkeys(reasons)))
    return replace(named, reasons=(*named.reasons, *seen), countersigned=words, doubted=doubted)


def _countersigned(
    bundle: Carried, proof: Any, keys: Mapping[str, Sequence[str]]
) -> tuple[Countersigned, ...]:
    """Whose word on the log a proof brings, by these keys. Its day is the signer's own word, so
    that a key which others may hold says nothing of any day."""
    return tuple(
        Countersigned(bundle.parties[one.code].name, one.size, one.at)
        for one in log_proofs.countersigned(proof, society_keys=keys)
    )


def _named(judgement: Judgement, by: Reason) -> Judgement:
    """What the log or the export names by its digest is older than a doubt about its keys."""
    if judgement.file is File.GENUINE:
        return replace(judgement, file=File.IDENTICAL, reasons=(by,))
    if judgement.file is File.DOUBTFUL:
        return replace(judgement, file=File.IDENTICAL, reasons=(by, *judgement.reasons))
    if judgement.file is File.OTHER:
        return replace(judgement, file=File.IDENTICAL, reasons=(by, Reason.LOG_DIFFERS))
    return replace(judgement, reasons=(*judgement.reasons, by))


def _own(facts: Facts) -> str:
    """The digest under which a file is on record: of a picture, the credential's baked into it."""
    if facts.form in {"png", "svg"}:
        return sha256(facts.credential.encode()).hexdigest()
    return facts.digest


def _faults(bundle: Carried, proof: Any, *, digest: str | None) -> list[str]:
    return log_proofs.check(
        proof,
        log_key=bundle.platform_keys,
        file_digest=digest,
        society_keys=bundle.public_keys(),
    )


def _acts(facts: Facts, bundle: Carried, proof: Any) -> list[dict[str, Any]]:
    """What the log tells of the serial that a file names, if its proof holds."""
    if proof is None or _faults(bundle, proof, digest=None):
        return []
    return log_proofs.acts(proof) if proof["serial"] == serial_of(facts) else []


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


def _required(
    credential: dict[str, Any] | None,
    bundle: Carried,
    exported: dict[str, Any] | None,
    acts: Sequence[dict[str, Any]],
) -> tuple[Party, ...]:
    """The societies that the credential names as its joint issuers, and those that are known so.

    Whoever holds one society's key could leave the others out of a credential of their own. That
    they belong there is known from the export or the log, else from who awards under this name
    today. A joint issuer that the bundle does not know is nobody.
    """
    if exported is not None and exported["kind"] != DIPLOMA:
        return ()
    known = _on_record(bundle, exported, acts)
    if credential is None or proofs.issuer_of(credential) not in bundle.issuers:
        return known
    issuer = credential["issuer"]
    listed = issuer.get("otherIdentifier", []) if isinstance(issuer, dict) else []
    listed = listed if isinstance(listed, list) else []
    dids = [str(one.get("identifier")) for one in listed if isinstance(one, dict)]
    named = [bundle.parties.get(one) or Party(one, one, one) for one in dids]
    codes = bundle.issuers[proofs.issuer_of(credential)]
    known = known or tuple(bundle.parties[code] for code in codes if code in bundle.parties)
    return tuple(dict.fromkeys((*named, *known)))


def _on_record(
    bundle: Carried, exported: dict[str, Any] | None, acts: Sequence[dict[str, Any]]
) -> tuple[Party, ...]:
    """Who issued it by the export, else by the log."""
    if exported is not None:
        owners = {key.name: key.owner for key in bundle.seals.values()}
        parties = {party.name: party for party in bundle.parties.values()}
        sealed = [owners.get(one["key"]) for one in exported["seals"]]
        names = [] if exported["seals"] else exported["awarded_by"]
        found = [*filter(None, sealed), *(parties.get(n) or Party(n, n, n) for n in names)]
        return tuple(dict.fromkeys(found))
    issued = next((act for act in acts if act["act"] == "issued"), None)
    codes = issued["societies"] if issued and issued["kind"] == DIPLOMA else []
    return tuple(bundle.parties.get(code) or Party(code, code, code) for code in codes)


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
    if judgement.file in {File.GENUINE, File.OTHER} and not all(one.holds for one in judged):
        return replace(
            judgement, file=File.ALTERED, reasons=(Reason.ATTACHED_DIFFERS,), proofs=judged
        )
    return replace(judgement, proofs=judged)


def _with_joint(
    judgement: Judgement, credential: dict[str, Any], bundle: Carried, *, has_seals: bool
) -> Judgement:
    """What every society has proved must bear the joint issuer's own proof too."""
    issuer = proofs.issuer_of(credential)
    holds = proofs.judge_joint(credential, bundle.joints.get(issuer, {}))
    if holds is None:
        lacking = (Party(issuer, issuer, issuer),)
        return replace(
            judgement, file=File.INCOMPLETE, reasons=(Reason.PROOFS_MISSING,), missing=lacking
        )
    if not holds:
        return replace(judgement, file=File.ALTERED, reasons=(Reason.PROOF_FORGED,))
    methods = {str(one.get("verificationMethod")) for one in embedded(credential)}
    if methods & bundle.doubted and not has_seals:
        return replace(judgement, file=File.DOUBTFUL, reasons=(Reason.PROOF_DOUBTFUL,))
    return judgement


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


def as_json(verdict: OfflineVerdict) -> dict[str, Any]:
    """For machines, in the form of the online answer as far as it is known here."""
    found, judged = verdict.credential or {}, verdict.judgement
    stated = verdict.exported or {}
    return {
        "version": VERSION,
        "verdict": verdict.word,
        "genuine": verdict.file.is_sound,
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
        "as_of": verdict.stood.as_of and verdict.stood.as_of.isoformat(),
        "title": stated.get("title") or found.get("name"),
        "issued_on": stated.get("issued_on") or str(found.get("validFrom", ""))[:10] or None,
        "valid_until": stated.get("valid_until") or str(found.get("validUntil", ""))[:10] or None,
        "seals": [seal_as_json(seal) for seal in judged.seals],
        "log": _log_as_json(judged),
        "bundle": {
            "made_at": verdict.bundle.made_at.isoformat(timespec="seconds"),
            "platform": verdict.bundle.platform,
            "signer_sha256": verdict.bundle.signer,
        },
    }


def _log_as_json(judged: Judgement) -> dict[str, Any] | None:
    """Who countersigned the log that holds it; nothing without a proof that holds."""
    if not {Reason.COUNTERSIGNED, Reason.NOT_COUNTERSIGNED} & set(judged.reasons):
        return None
    return {
        "countersigned_by": [one.society for one in judged.countersigned],
        "countersignatures": [countersignature_as_json(one) for one in judged.countersigned],
    }
