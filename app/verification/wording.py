"""Verdicts in plain words: for pages, for the command, for letters."""

from __future__ import annotations

from collections.abc import Iterable

from app.texts import gettext as _
from app.verification.judgement import File, JudgedSeal, Judgement, Level, Reason, SealState
from app.verification.keys import Party


def reasons(found: Iterable[Reason], judgement: Judgement | None) -> list[str]:
    """Reasons as sentences: of a seal that is there and does not hold it is not said that it is
    missing, nor of the very bytes that they are the same."""
    known = judgement or Judgement(File.UNKNOWN)
    is_absent = bool(known.absent)
    return [
        reason(one, known)
        for one in found
        if one is not Reason.SAME_BYTES and (is_absent or one is not Reason.SEALS_MISSING)
    ]


def reason(one: Reason, judgement: Judgement) -> str:
    """A reason as a sentence."""
    missing = listed(judgement.missing)
    absent = listed(judgement.absent or judgement.missing)
    strangers = ", ".join(
        dict.fromkeys(s.claims for s in judgement.seals if s.state is SealState.STRANGER)
    )
    foreign = listed([s.party for s in judgement.seals if s.state is SealState.FOREIGN and s.party])
    broken = ", ".join(dict.fromkeys(_whose(s) for s in judgement.seals if s.state in _UNSOUND))
    forged = listed([p.party for p in judgement.proofs if p.holds is False])
    return {
        Reason.SAME_BYTES: lambda: _("It is, byte for byte, what was issued."),
        Reason.SEALS_HOLD: lambda: _("Every seal that belongs on it is there and holds."),
        Reason.OTHER_BYTES: lambda: _("Its bytes are not those of the file that was issued."),
        Reason.STAMPED_SINCE: lambda: _(
            "It is what was issued, and a time stamp was added since."),
        Reason.ADDED_TO: lambda: _("Something was appended after the last seal."),
        Reason.CHANGED_AFTER: lambda: _(
            "It was changed after it had been sealed: something was added, hidden or replaced."
        ),
        Reason.SEAL_BROKEN: lambda: _("A seal does not fit this document: %(whose)s.",
                                      whose=broken),
        Reason.SEAL_STRANGER: lambda: _(
            "A seal was made with a key that is on nobody's record, in the name of %(whose)s. "
            "Anyone can make such a key.", whose=strangers or _("nobody")),
        Reason.SEAL_FOREIGN: lambda: _(
            "%(whose)s sealed it, but does not award this document.", whose=foreign),
        Reason.SEALS_MISSING: lambda: _("These seals are missing: %(whose)s.", whose=absent),
        Reason.NO_SEAL: lambda: _("It bears no seal."),
        Reason.KEY_COMPROMISED: lambda: _(
            "The key of a seal was reported as compromised, and no trusted time stamp shows that "
            "the seal is older than that."),
        Reason.KEY_ENDED: lambda: _(
            "A seal says of itself that it was made when its key was no longer in force."),
        Reason.UNREADABLE: lambda: _("The file is damaged, so that it cannot be read."),
        Reason.ENCRYPTED: lambda: _("The file is encrypted; what was issued is not."),
        Reason.EXCESSIVE: lambda: _("Reading the file takes far more than any document of ours."),
        Reason.NOT_ON_RECORD: lambda: _("The register has no such document."),
        Reason.CONTENT_DIFFERS: lambda: _("Its content is not the content that was issued."),
        Reason.PROOF_FORGED: lambda: (
            _("A proof does not hold: %(whose)s.", whose=forged) if forged
            else _("It bears a proof that was not issued with it.")),
        Reason.PROOFS_MISSING: lambda: _("These proofs are missing: %(whose)s.", whose=missing),
        Reason.PROOFS_HOLD: lambda: _("The proof of every awarding society holds."),
        Reason.PROOF_DOUBTFUL: lambda: _(
            "The key of a proof was reported as compromised, and nothing at hand shows that the "
            "proof is older than that."),
        Reason.ISSUER_ALONE: lambda: _(
            "Only the joint key signed it, not each society; without the register there is "
            "nothing to compare it with."),
        Reason.ISSUER_SIGNED: lambda: _(
            "Its content is the content that was issued, signed by the societies' joint key."),
        Reason.NO_CREDENTIAL: lambda: _("It carries no credential."),
        Reason.ATTACHED_DIFFERS: lambda: _(
            "The credential attached to it is not the one that was issued."),
        Reason.LOGGED: lambda: _("The transparency log holds these very bytes."),
        Reason.COUNTERSIGNED: lambda: " ".join(
            _("%(society)s countersigned the log that holds it, on %(day)s.",
              society=one.society, day=f"{one.at:%-d %B %Y}")
            for one in judgement.countersigned),
        Reason.NOT_COUNTERSIGNED: lambda: _(
            "No society has countersigned the log where it holds this: that there is no other log "
            "beside this one is the platform's word alone."),
        Reason.COUNTERSIGNER_DOUBTFUL: lambda: " ".join(
            _("The countersignature of %(society)s under the log does not count: its key was "
              "reported as compromised, and only the signature itself says how old it is.",
              society=one.society) for one in judgement.doubted),
        Reason.LOG_DIFFERS: lambda: _(
            "The transparency log names another file for this serial than the register does: one "
            "of them was changed. A file is judged by what the log says."),
        Reason.RECORD_DIFFERS: lambda: _(
            "The transparency log tells something else of this document than the register does: "
            "one of them was changed."),
        Reason.LOG_PROOF_FAILS: lambda: _(
            "The proof of inclusion does not show that the log holds this file."),
        Reason.STATUS_STALE: lambda: _(
            "What would say whether it was withdrawn is out of date: it tells of an earlier day."),
        Reason.STATUS_UNKNOWN: lambda: _(
            "Nothing at hand says whether it was withdrawn since."),
    }[one]()  # fmt: skip


_UNSOUND = {SealState.MISPLACED, SealState.FORGED, SealState.PARTIAL, SealState.UNREADABLE}


def _whose(seal: JudgedSeal) -> str:
    return seal.party.name if seal.party else seal.claims or seal.field or _("nobody")


def listed(parties: list[Party] | tuple[Party, ...]) -> str:
    return ", ".join(dict.fromkeys(party.name for party in parties))


def seal_state(state: SealState) -> tuple[str, str]:
    """The kind of a seal's state (good, warn, bad) and its word."""
    return {
        SealState.GENUINE: ("good", _("Seal valid")),
        SealState.OUTDATED: ("warn", _("Sealed with a former key")),
        SealState.DOUBTFUL: ("warn", _("Key compromised")),
        SealState.CHANGED: ("bad", _("Changed afterwards")),
        SealState.FOREIGN: ("bad", _("Not an awarding society")),
        SealState.STRANGER: ("bad", _("Unknown key")),
        SealState.MISPLACED: ("bad", _("Of another document")),
        SealState.FORGED: ("bad", _("Forged")),
        SealState.PARTIAL: ("bad", _("Leaves parts out")),
        SealState.UNREADABLE: ("bad", _("Not a seal")),
    }[state]


def level(one: Level) -> str:
    """What a level means to whoever relies on it."""
    return {
        Level.B: _("sealed, its time by its own word (PAdES B-B)"),
        Level.T: _("sealed and time-stamped (PAdES B-T)"),
        Level.LT: _("sealed, time-stamped, with what is needed to check it later (PAdES B-LT)"),
        Level.LTA: _("sealed and kept for the long term (PAdES B-LTA)"),
    }[one]


def vouching(seal: JudgedSeal) -> str:
    """Who says that the key is the society's."""
    if seal.key is None:
        return _("Nobody vouches for its key.")
    if seal.vouched_by:
        return _("Its key is certified up to %(authority)s.", authority=seal.vouched_by)
    return _("A key the society made itself; our register vouches for it.")


def file_state(file: File) -> str:
    """A file's state as it stands beside "Your file"."""
    return {
        File.IDENTICAL: _("Identical, byte for byte, to what was issued"),
        File.GENUINE: _("As good as what was issued, though not byte for byte the same"),
        File.OTHER: _("Genuine seals, but not the file that was issued"),
        File.DOUBTFUL: _("Seals that hold, but a key that is in doubt"),
        File.INCOMPLETE: _("Genuine as far as it goes, but not whole"),
        File.ALTERED: _("Not identical to what was issued"),
        File.UNKNOWN: _("Not ours"),
    }[file]
