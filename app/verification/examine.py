"""What is this file, what is this serial? A stranger's questions, answered from the register."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache

from sqlalchemy.orm import Session

from app.credentials import serial as serials
from app.credentials.models import Credential
from app.credentials.standing import Standing, standing
from app.files import Missing, files
from app.verification import proofs, register
from app.verification.apart import reader
from app.verification.judgement import File, JudgedSeal, Judgement, Level, Reason, SealState
from app.verification.judging import judge
from app.verification.logged import differs
from app.verification.reading.facts import Facts
from app.verification.register import OnRecord

__all__ = ["Event", "File", "Verdict", "What", "by_facts", "by_file", "by_serial", "history"]

SECURITY_STORE = b"/DSS"
AS_GOOD = frozenset({File.GENUINE, File.OTHER})
"""Of a file whose every seal holds."""


@dataclass(frozen=True)
class Verdict:
    """What the register says of a serial or a file."""

    file: File | None
    digest: str | None
    credential: Credential | None
    standing: Standing | None
    form: str | None = None
    """What kind of file it was."""
    judgement: Judgement | None = None
    """Of a file: what it says of itself, held against the record."""
    record: OnRecord | None = None
    keys: register.Keys | None = None
    logged: register.Logged | None = None
    differences: tuple[Reason, ...] = ()
    """In what the transparency log and the register differ, so that neither can be relied on."""

    @property
    def is_good(self) -> bool:
        """Genuine and valid today; with a file, that very file or one as good."""
        is_sound = self.file is None or self.file.is_sound
        return self.standing is Standing.VALID and is_sound and not self.differences

    @property
    def is_contradicted(self) -> bool:
        """Valid by the register, but by the log something else."""
        return self.standing is Standing.VALID and bool(self.differences)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        told = self.judgement.reasons if self.judgement else ()
        return tuple(dict.fromkeys((*told, *self.differences)))

    @property
    def seals(self) -> tuple[JudgedSeal, ...]:
        """Those of the file when there is one that can have any, else those on record."""
        if self.judgement and (self.judgement.seals or self.file is not File.IDENTICAL):
            return self.judgement.seals
        return tuple(_on_record(self.record, self.keys)) if self.record and self.keys else ()


class What(StrEnum):
    """What happened to a credential."""

    DECIDED = "decided"
    ISSUED = "issued"
    SUSPENDED = "suspended"
    REINSTATED = "reinstated"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    EXPIRES = "expires"


@dataclass(frozen=True)
class Event:
    """One line of a credential's history."""

    what: What
    on: date
    is_past: bool = True


def by_serial(session: Session, text: str, *, on: date) -> Verdict:
    """The verdict on a serial someone typed."""
    number = serials.read(text)
    found = register.by_serial(session, number) if number else None
    if found is None:
        return Verdict(None, None, None, None)
    return _verdict(session, found, on=on, file=None, digest=None)


def by_file(
    session: Session, content: bytes, *, on: date, authorities: Collection[bytes] = ()
) -> Verdict:
    """The verdict on a file. It is read first, apart: begin no transaction before."""
    return by_facts(session, reader().read(content), on=on, authorities=authorities)


def by_facts(
    session: Session, facts: Facts, *, on: date, authorities: Collection[bytes] = ()
) -> Verdict:
    """The verdict on what was read from a file."""
    found = register.by_digest(session, facts.digest) or register.first_named(
        session, _named(facts)
    )
    keys = register.keys(session)
    if facts.form in {"pdf", "other"}:
        files = register.issued_files(found) if found else register.Issued()
        judgement = judge(
            facts,
            keys=keys.seals,
            required=found.required if found else (),
            authorities=authorities,
            is_issued=facts.digest in files.digests,
            issued=files.digests if found else None,
            is_on_record=found is not None,
        )
        if found and judgement.file in AS_GOOD and not _is_attached(facts, found):
            judgement = replace(judgement, file=File.ALTERED, reasons=(Reason.ATTACHED_DIFFERS,))
        if files.differs:
            judgement = replace(judgement, reasons=(*judgement.reasons, Reason.LOG_DIFFERS))
    else:
        judgement = _of_credential(session, facts, found, keys)
    if found is None:
        return Verdict(judgement.file, facts.digest, None, None, facts.form, judgement, keys=keys)
    verdict = _verdict(session, found, on=on, file=judgement.file, digest=facts.digest)
    return replace(verdict, form=facts.form, judgement=judgement, keys=keys)


def _of_credential(
    session: Session, facts: Facts, found: OnRecord | None, keys: register.Keys
) -> Judgement:
    """A credential by itself, or baked into a picture."""
    if facts.fault or not facts.credential:
        reason = Reason.NO_CREDENTIAL if not facts.fault else Reason.UNREADABLE
        return Judgement(File.ALTERED if found else File.UNKNOWN, (reason,))
    stored = found.badge.document if found and found.badge else None
    original = json.loads(stored) if stored else {}
    return proofs.judge(
        facts.credential,
        stored=stored,
        keys=keys.proofs,
        issuer=proofs.issuer_of(original) or None,
        required=proofs.provers(original, keys.proofs),
        compacts=register.compacts(session) if not facts.credential.startswith("{") else {},
        is_on_record=found is not None,
    )


def _is_attached(facts: Facts, found: OnRecord) -> bool:
    """Whether the credential that a document carries is the one on record."""
    if found.badge is None:
        return True
    try:
        attached = proofs.parsed(facts.credential)
        return proofs.canonical(attached) == proofs.canonical(json.loads(found.badge.document))
    except proofs.Unreadable:
        return False


def _named(facts: Facts) -> list[str]:
    """Serials that a file names, the one of its credential first."""
    own: list[str] = []
    if facts.credential:
        try:
            own = [str(proofs.parsed(facts.credential).get("id", ""))]
        except proofs.Unreadable:
            own = []
    parts = [part for text in own for part in text.split("/")]
    return [*parts, *facts.serials]


def _verdict(
    session: Session, found: OnRecord, *, on: date, file: File | None, digest: str | None
) -> Verdict:
    credential = found.credential
    keys = register.keys(session, {seal.society_id for seal in found.seals})
    state = standing(credential, on=on)
    return Verdict(
        file, digest, credential, state, record=found, keys=keys,
        logged=register.logged(session, found),
        differences=tuple(_differences(found, is_by_file=file is not None)),
    )  # fmt: skip


def _differences(found: OnRecord, *, is_by_file: bool) -> Iterator[Reason]:
    """A file is judged by what the log says was issued; without one nothing vouches for it."""
    if not is_by_file and register.names_another_file(found):
        yield Reason.LOG_DIFFERS
    if differs(found.credential, found.leaves, found.badge):
        yield Reason.RECORD_DIFFERS


def _on_record(found: OnRecord, keys: register.Keys) -> Sequence[JudgedSeal]:
    """The seals that the register knows of a document, when no file was shown."""
    by_name = {one.name: one for one in keys.seals.values()}
    first = found.stamps[0] if found.stamps else None
    level = _level(found.stamps[-1].file_digest) if found.stamps else Level.B
    judged = []
    for seal in found.seals:
        key = by_name.get(seal.key.name)
        since = key.compromised_since if key else None
        is_doubtful = since is not None and (first is None or first.at >= since)
        judged.append(
            JudgedSeal(
                state=SealState.DOUBTFUL if is_doubtful else SealState.GENUINE,
                field="",
                claims=seal.society.name,
                party=register.party(seal.society),
                key=key,
                level=level,
                at=first.at if first else seal.at,
                is_stamped=first is not None,
                authority=first.authority if first else "",
            )
        )
    return judged


def _level(digest: str) -> Level:
    """That of a stamped document which is kept: the file itself says whether it is to last."""
    try:
        return Level.LTA if _is_to_last(digest) else Level.T
    except (OSError, Missing):
        return Level.T


@lru_cache(maxsize=4096)
def _is_to_last(digest: str) -> bool:
    return SECURITY_STORE in files.read(digest)


def history(credential: Credential, *, on: date) -> list[Event]:
    """What became of a credential, in order."""
    snapshot = credential.snapshot
    events = []
    if snapshot["kind"] == "diploma":
        events.append(Event(What.DECIDED, date.fromisoformat(snapshot["decided_on"])))
    events.append(Event(What.ISSUED, credential.issued_on))
    for one in credential.suspensions:
        events.append(Event(What.SUSPENDED, one.on, one.on <= on))
        if one.reinstatement is not None:
            back = one.reinstatement.on
            events.append(Event(What.REINSTATED, back, back <= on))
    if credential.supersession is not None:
        events.append(Event(What.SUPERSEDED, credential.supersession.on))
    if credential.revocation is not None:
        day = credential.revocation.on
        events.append(Event(What.WITHDRAWN, day, day <= on))
    elif credential.valid_until is not None:
        is_over = credential.valid_until < on
        what = What.EXPIRED if is_over else What.EXPIRES
        events.append(Event(what, credential.valid_until, is_over))
    return sorted(events, key=lambda event: event.on)
