"""What the facts of a file amount to, held against the keys and the document on record.

Pure: the register and a trust bundle that was carried away give the same answer.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping, Sequence

from app.verification.judgement import File, JudgedSeal, Judgement, Level, Reason, SealState
from app.verification.keys import KnownKey, Party, issuing_path, moment
from app.verification.reading.facts import Facts, FoundSeal, Stamp

BROKEN = {
    "digest": SealState.MISPLACED,
    "signature": SealState.FORGED,
    "part": SealState.PARTIAL,
    "weak": SealState.UNREADABLE,
    "unreadable": SealState.UNREADABLE,
}
HOLD = {SealState.GENUINE, SealState.DOUBTFUL, SealState.OUTDATED, SealState.CHANGED}
FAULTS = {"encrypted": Reason.ENCRYPTED, "excessive": Reason.EXCESSIVE, "broken": Reason.UNREADABLE}


def judge(
    facts: Facts,
    *,
    keys: Mapping[str, KnownKey],
    required: Sequence[Party],
    authorities: Collection[bytes] = (),
    is_issued: bool = False,
    issued: Collection[str] | None = None,
    is_on_record: bool = True,
) -> Judgement:
    """A PDF against the societies that must have sealed it.

    `authorities`: the certificates (DER) of time stamp authorities that are trusted; any other time
    is only said. `is_issued`: these very bytes are on record. `issued`: the digests of all that
    was issued under its serial, if they are known: a file that neither is one of these nor goes on
    from one is another one, whatever its seals. `is_on_record`: a document of this serial is; when
    nobody seals it, no seal makes another file as good as its own.
    """
    is_known = is_on_record or bool(required)
    awarding = {party.code for party in required} if is_known else None
    last = len(facts.seals) - 1
    seals = tuple(
        _judged(seal, facts, keys, awarding, authorities, is_last=place == last)
        for place, seal in enumerate(facts.seals)
    )
    good = {seal.party.code for seal in seals if seal.party and _counts(seal)}
    missing = tuple(party for party in required if party.code not in good)
    stamps = tuple(stamp for stamp in facts.stamps if stamp.holds)
    file, reasons = _verdict(facts, seals, missing, is_issued, issued, is_on_record)
    return Judgement(file, tuple(dict.fromkeys(reasons)), seals, missing, stamps)


def _verdict(
    facts: Facts,
    seals: Sequence[JudgedSeal],
    missing: Collection[Party],
    is_issued: bool,
    issued: Collection[str] | None,
    is_on_record: bool,
) -> tuple[File, list[Reason]]:
    """The state and its reasons, the gravest first."""
    states = {seal.state for seal in seals}
    if is_issued:
        return File.IDENTICAL, [Reason.SAME_BYTES, *_doubts(states)]
    if facts.fault:
        return _without_seals(is_on_record), [FAULTS[facts.fault]]
    faults = list(_faults(states))
    if not seals:
        lacks = [Reason.SEALS_MISSING] if missing else []
        return _without_seals(is_on_record), [Reason.NO_SEAL, *lacks, Reason.OTHER_BYTES]
    if not states & HOLD:
        lacks = [Reason.SEALS_MISSING] if missing else []
        return _without_seals(is_on_record), [*faults, *lacks]
    if faults:
        return File.ALTERED, [*faults, *([Reason.SEALS_MISSING] if missing else [])]
    if not facts.is_covered:
        return File.ALTERED, [Reason.ADDED_TO]
    if missing:
        return File.INCOMPLETE, [Reason.SEALS_MISSING]
    if not is_on_record:
        return File.UNKNOWN, [Reason.NOT_ON_RECORD, Reason.SEALS_HOLD]
    doubts = _doubts(states)
    if issued is not None and set(facts.revisions) & set(issued):
        return File.GENUINE, [Reason.SEALS_HOLD, Reason.STAMPED_SINCE, *doubts]
    others = [] if issued is None else [Reason.OTHER_BYTES]
    if doubts:
        return File.DOUBTFUL, [*doubts, *others]
    return File.OTHER if others else File.GENUINE, [Reason.SEALS_HOLD, *others]


def _doubts(states: Collection[SealState]) -> list[Reason]:
    """What is said of the keys of seals that hold."""
    compromised = [Reason.KEY_COMPROMISED] if SealState.DOUBTFUL in states else []
    return [*compromised, *([Reason.KEY_ENDED] if SealState.OUTDATED in states else [])]


def _without_seals(is_on_record: bool) -> File:
    """A file that names a serial of ours and bears no seal of ours pretends to be another."""
    return File.ALTERED if is_on_record else File.UNKNOWN


def _faults(states: Collection[SealState]) -> list[Reason]:
    found = []
    if SealState.CHANGED in states:
        found.append(Reason.CHANGED_AFTER)
    if set(states) & set(BROKEN.values()):
        found.append(Reason.SEAL_BROKEN)
    if SealState.STRANGER in states:
        found.append(Reason.SEAL_STRANGER)
    if SealState.FOREIGN in states:
        found.append(Reason.SEAL_FOREIGN)
    return found


def _counts(seal: JudgedSeal) -> bool:
    return seal.state in HOLD


def _judged(
    seal: FoundSeal,
    facts: Facts,
    keys: Mapping[str, KnownKey],
    awarding: Collection[str] | None,
    authorities: Collection[bytes],
    *,
    is_last: bool,
) -> JudgedSeal:
    known = keys.get(seal.key)
    stamps = [stamp for stamp in _over(seal, facts) if is_trusted(stamp, authorities)]
    stamped = min(stamps, key=lambda stamp: stamp.at) if stamps else None
    return JudgedSeal(
        state=_state(seal, known, stamped, awarding, is_last=is_last),
        field=seal.field,
        claims=seal.claims,
        party=known.owner if known else None,
        key=known,
        level=_level(stamps, facts),
        at=moment(stamped.at if stamped else seal.said_at),
        is_stamped=stamped is not None,
        authority=stamped.by if stamped else "",
    )


def _state(
    seal: FoundSeal,
    known: KnownKey | None,
    stamped: Stamp | None,
    awarding: Collection[str] | None,
    *,
    is_last: bool,
) -> SealState:
    if seal.fault:
        return BROKEN.get(seal.fault, SealState.UNREADABLE)
    if known is None:
        return SealState.STRANGER
    if awarding is not None and known.owner.code not in awarding:
        return SealState.FOREIGN
    if seal.changes == "other" or (is_last and seal.changes == "seals"):
        return SealState.CHANGED
    since = known.compromised_since
    if since is not None:
        at = moment(stamped.at) if stamped else None
        if at is None or at >= since:
            return SealState.DOUBTFUL
    said = moment(seal.said_at)
    if said is not None and known.ended_at is not None and said > known.ended_at:
        return SealState.OUTDATED
    return SealState.GENUINE


def _over(seal: FoundSeal, facts: Facts) -> list[Stamp]:
    """The time stamps that cover a seal: its own, and those of later revisions."""
    later = [stamp for stamp in facts.stamps if stamp.revision > seal.revision]
    return [stamp for stamp in (*seal.stamps, *later) if stamp.holds and stamp.at]


def is_trusted(stamp: Stamp, authorities: Collection[bytes]) -> bool:
    """Whether the authority of a time stamp, or one that certified it, is among the trusted.

    A token need not carry its root: those that are trusted are tried as issuers too.
    """
    own, *above = (base64.b64decode(one) for one in (stamp.certificate, *stamp.chain))
    path = issuing_path(own, (*authorities, *above)) if own else ()
    return any(der in authorities for der in path)


def _level(stamps: Sequence[Stamp], facts: Facts) -> Level:
    """By the stamps of trusted authorities over a seal: anybody can make a clock of their own."""
    if facts.has_archive and any(stamp.revision >= 0 for stamp in stamps):
        return Level.LTA
    if stamps:
        return Level.LT if facts.has_archive else Level.T
    return Level.B
