"""The words of a verdict on a file: what it is, what each seal is worth, and for which reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.transparency.queries import Countersigned
from app.verification.keys import KnownKey, Party, Voucher
from app.verification.reading.facts import Stamp


class File(StrEnum):
    """What a file is in comparison with what was issued."""

    IDENTICAL = "identical"
    """The very bytes."""
    GENUINE = "genuine"
    """As good as what was issued: its bytes with time stamps added since, or its content with every
    proof; or, where nothing says which bytes were issued, every seal is there and holds."""
    OTHER = "other"
    """Every seal is there and holds, but this is not the file that was issued."""
    DOUBTFUL = "doubtful"
    """Every seal holds, but one was made with a key that others may have had by then."""
    INCOMPLETE = "incomplete"
    """The seals that are there hold; others that belong there are missing."""
    ALTERED = "altered"
    UNKNOWN = "unknown"

    @property
    def is_sound(self) -> bool:
        """Whether it is what was issued, or as good."""
        return self in {File.IDENTICAL, File.GENUINE}


class SealState(StrEnum):
    """What a seal in a file is worth."""

    GENUINE = "genuine"
    OUTDATED = "outdated"
    """Genuine by its key, but made, by its own word, when that was no longer in force."""
    DOUBTFUL = "doubtful"
    """Genuine by its key, which was reported as compromised before any time stamp vouches."""
    CHANGED = "changed"
    """It holds for what it covers, but what came later changed the document."""
    FOREIGN = "foreign"
    """A society's key, but not one that awards this document."""
    STRANGER = "stranger"
    """The key is on nobody's record, whatever name its certificate bears."""
    MISPLACED = "misplaced"
    """Made for another document, or its bytes were changed: the digest differs."""
    FORGED = "forged"
    """The signature does not fit its key."""
    PARTIAL = "partial"
    """It leaves out parts of the document."""
    UNREADABLE = "unreadable"


class Level(StrEnum):
    """The PAdES baseline level (EN 319 142-1)."""

    B = "B-B"
    T = "B-T"
    LT = "B-LT"
    LTA = "B-LTA"


class Reason(StrEnum):
    """Why a verdict is what it is; the texts are in `wording.py`."""

    SAME_BYTES = "same bytes"
    SEALS_HOLD = "seals hold"
    OTHER_BYTES = "other bytes"
    STAMPED_SINCE = "stamped since"
    ADDED_TO = "added to"
    CHANGED_AFTER = "changed after sealing"
    SEAL_BROKEN = "seal broken"
    SEAL_STRANGER = "seal by a stranger"
    SEAL_FOREIGN = "seal of another society"
    SEALS_MISSING = "seals missing"
    NO_SEAL = "no seal"
    KEY_COMPROMISED = "key compromised"
    KEY_ENDED = "key no longer in force"
    UNREADABLE = "unreadable"
    ENCRYPTED = "encrypted"
    EXCESSIVE = "excessive"
    NOT_ON_RECORD = "not on record"
    CONTENT_DIFFERS = "content differs"
    PROOF_FORGED = "proof forged"
    PROOFS_MISSING = "proofs missing"
    PROOFS_HOLD = "proofs hold"
    PROOF_DOUBTFUL = "key of a proof compromised"
    ISSUER_SIGNED = "issuer signed"
    ISSUER_ALONE = "issuer alone"
    NO_CREDENTIAL = "no credential"
    ATTACHED_DIFFERS = "attached credential differs"
    LOGGED = "in the log"
    COUNTERSIGNED = "countersigned"
    NOT_COUNTERSIGNED = "not countersigned"
    COUNTERSIGNER_DOUBTFUL = "key of a countersignature compromised"
    LOG_DIFFERS = "log differs"
    RECORD_DIFFERS = "record differs"
    LOG_PROOF_FAILS = "log proof fails"
    STATUS_STALE = "status stale"
    STATUS_UNKNOWN = "status unknown"


@dataclass(frozen=True)
class JudgedSeal:
    """A seal and what it is worth."""

    state: SealState
    field: str
    claims: str
    party: Party | None
    """Whose key made it, by the record."""
    key: KnownKey | None
    level: Level
    at: datetime | None
    is_stamped: bool
    """Whether an authority vouches for the time, or only the seal itself."""
    authority: str = ""
    """The time stamp authority."""

    @property
    def vouched_by(self) -> str:
        """The authority at the end of the key's chain; nothing when our register alone vouches."""
        return self.key.voucher[1] if self.key else ""

    @property
    def voucher(self) -> Voucher | None:
        return self.key.voucher[0] if self.key else None


@dataclass(frozen=True)
class Judgement:
    """The state of a file with its reasons."""

    file: File
    reasons: tuple[Reason, ...] = ()
    seals: tuple[JudgedSeal, ...] = ()
    missing: tuple[Party, ...] = ()
    stamps: tuple[Stamp, ...] = ()
    """Time stamps over the whole document that hold."""
    proofs: tuple[JudgedProof, ...] = ()
    countersigned: tuple[Countersigned, ...] = ()
    """Who countersigned the log where it holds this file."""
    doubted: tuple[Countersigned, ...] = ()
    """Whose countersignature under it is by a key that others may hold."""

    @property
    def absent(self) -> tuple[Party, ...]:
        """Those missing of whom there is not even a seal that does not hold."""
        there = {seal.party.code for seal in self.seals if seal.party}
        return tuple(party for party in self.missing if party.code not in there)


@dataclass(frozen=True)
class JudgedProof:
    """A society's proof in a credential."""

    party: Party
    holds: bool | None
    """None when it is missing."""
    compromised_since: datetime | None = None
    """From when on others may hold the key that it holds by."""
