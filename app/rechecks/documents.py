"""Each finished credential: its record, its file, its seals, its badge, and what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.awards.models import Award
from app.credentials.models import Credential, Suspension
from app.open_badges.models import OpenBadge, StatusEntry
from app.rechecks import papers, releases
from app.rechecks.badges import Proofs
from app.rechecks.badges import look as look_at_badge
from app.rechecks.found import Found
from app.rechecks.keys import Trusted
from app.rechecks.logged import Logged, about, logged
from app.sealing.models import DocumentTimestamp, Seal
from app.transparency import records

LATE = timedelta(hours=1)
"""After so long what happened stands in the log, or something is wrong with it."""
STAMPED = "timestamped"


def keys(session: Session, after: int, limit: int) -> Sequence[int]:
    all_of_them = select(Credential.id).where(Credential.id > after).order_by(Credential.id)
    return session.scalars(all_of_them.limit(limit)).all()


def look(session: Session, ids: Sequence[int], at: datetime) -> Iterator[Found]:
    """The log first, then what it tells of, then stamps: what happens meanwhile is only ahead."""
    known = about(session, ids)
    credentials = session.scalars(_whole().where(Credential.id.in_(ids))).unique().all()
    batch = Batch.of(session, ids, at, known)
    for credential in credentials:
        yield from Case(credential, batch).look()


def _whole() -> Any:
    return select(Credential).options(
        joinedload(Credential.award).joinedload(Award.candidacy),
        joinedload(Credential.completion),
        joinedload(Credential.revocation),
        joinedload(Credential.supersession),
        selectinload(Credential.suspensions).joinedload(Suspension.reinstatement),
    )


@dataclass
class Batch:
    """What is on record about some credentials, read at once."""

    session: Session
    at: datetime
    known: Logged
    seals: dict[int, list[Seal]]
    stamps: dict[int, list[DocumentTimestamp]]
    badges: dict[int, OpenBadge]
    entries: dict[int, list[StatusEntry]]
    trusted: Trusted
    proofs: Proofs
    lists: dict[int, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session, ids: Sequence[int], at: datetime, known: Logged) -> Batch:
        def every(model: Any, *options: Any) -> Sequence[Any]:
            rows = select(model).where(model.credential_id.in_(ids)).options(*options)
            return session.scalars(rows).unique().all()

        trusted = Trusted(session)
        return cls(
            session=session,
            at=at,
            known=known,
            seals=_by_credential(every(Seal, joinedload(Seal.key), joinedload(Seal.society))),
            stamps=_by_credential(every(DocumentTimestamp)),
            badges={one.credential_id: one for one in every(OpenBadge)},
            entries=_by_credential(every(StatusEntry, joinedload(StatusEntry.status_list))),
            trusted=trusted,
            proofs=Proofs(session, trusted),
        )

    def is_list_sound(self, award: Award) -> bool:
        """Whether the list of an award is what was released; otherwise it is named itself."""
        one = award.award_list
        if one.id not in self.lists:
            known = logged(self.session, [f"released/{one.id}"])
            self.lists[one.id] = not releases.against(one, known)
        return self.lists[one.id]


@dataclass
class Case:
    """One credential with all that is known of it."""

    credential: Credential
    batch: Batch

    def look(self) -> Iterator[Found]:
        credential = self.credential
        source = f"issued/{credential.id}"
        told = self.batch.known.content(source)
        if source not in self.batch.known:
            yield from self._unlogged()
        elif told is not None:
            yield from self._record(source, told)
            yield from self._paper(told)
            yield from self._origin(source)
            yield from self._badge(told)
        yield from self._acts()

    @cached_property
    def is_whole(self) -> bool:
        """Whether the record itself is what it was when it was finished."""
        record = records.of_credential(self.credential)
        return self.batch.known.vouches(f"issued/{self.credential.id}", "credential", record)

    @cached_property
    def stamped(self) -> list[str]:
        """The files with its time stamps, in their order: as the log names them once it does."""
        known, own = self.batch.known, self.credential.id
        files = {stamp.id: stamp.file_digest for stamp in self.batch.stamps.get(own, [])}
        for source, leaf in known.leaves.items():
            word, _slash, number = source.partition("/")
            told = known.content(source) if word == STAMPED else None
            if told is not None and leaf.credential_id == own:
                files[int(number)] = told["file"]
        return [digest for _number, digest in sorted(files.items())]

    def _found(self, part: str, reason: str) -> Found:
        return Found(part, self.credential.serial, reason)

    def _unlogged(self) -> Iterator[Found]:
        """Not in the log: too early, or kept out of it. One whose entry lost its name is there."""
        credential = self.credential
        finished_at = credential.typeset_at or credential.issued_at
        told_of = any(
            '"act":"issued"' in leaf.content
            for leaf in self.batch.known.leaves.values()
            if leaf.credential_id == credential.id
        )
        if credential.file_digest is None or told_of:
            return
        if self._is_kept_out(f"issued/{credential.id}", finished_at):
            yield self._found("credential", "it was finished and does not stand in the log")

    def _is_kept_out(self, source: str, at: datetime) -> bool:
        """Whether something that happened long enough ago has no entry under any credential."""
        is_late = self.batch.at - at > LATE
        return is_late and source not in logged(self.batch.session, [source])

    def _record(self, source: str, told: dict[str, Any]) -> Iterator[Found]:
        credential = self.credential
        if not self.is_whole:
            yield self._found("credential", "the record is not what it was when it was finished")
        elif credential.file_digest not in {told["file"], *self.stamped}:
            yield self._found("credential", "it names another file than the log")

    def _paper(self, told: dict[str, Any]) -> Iterator[Found]:
        """The file, by the digest that the log names or a later time stamp's."""
        credential, batch = self.credential, self.batch
        seals = sorted(batch.seals.get(credential.id, []), key=lambda one: one.position)
        is_sound = batch.known.vouches(f"issued/{credential.id}", "seals", records.of_seals(seals))
        if not is_sound:
            yield self._found("seals", "the seals on record are not those it was finished with")
        sealed = seals if is_sound else None
        yield from papers.look(credential, told, self.stamped, sealed, batch.trusted)

    def _origin(self, source: str) -> Iterator[Found]:
        """The award or completion it rests on, as it was, and of the same person."""
        credential = self.credential
        origin = credential.award or credential.completion
        assert origin is not None
        if credential.award is not None and not self.batch.is_list_sound(credential.award):
            return
        award = credential.award
        if award is not None and award.award_list.release is None:
            yield self._found("credential", "its award was not released")
            return
        if not self.batch.known.vouches(source, "origin", records.of_origin(origin)):
            if credential.completion is not None:
                yield Found("completion", str(credential.completion_id), "it is not what it was")
            elif not releases.against_award(credential.award):  # type: ignore[arg-type]
                yield Found("award", str(credential.award_id), "the award is not what it was")
            return
        if award is not None and award.struck_at is not None:
            yield self._found("credential", "its award was not released")
        person = award.candidacy.person_id if award else credential.completion.person_id  # type: ignore[union-attr]
        if person != credential.person_id and self.is_whole:
            part, key = ("award", award.id) if award else ("completion", credential.completion_id)
            yield Found(part, str(key), "it is another person's")

    def _badge(self, told: dict[str, Any]) -> Iterator[Found]:
        credential, batch = self.credential, self.batch
        yield from look_at_badge(
            credential, told, batch.badges.get(credential.id),
            batch.entries.get(credential.id, []), batch.proofs, is_whole=self.is_whole,
            at=batch.at,
        )  # fmt: skip

    def _acts(self) -> Iterator[Found]:
        """Withdrawals and whatever else became of it: none altered, none gone."""
        credential, known = self.credential, self.batch.known
        rows: dict[str, tuple[Any, Sequence[str]]] = {}
        if credential.revocation:
            rows[f"withdrawn/{credential.id}"] = credential.revocation, records.ACT
        if credential.supersession:
            rows[f"superseded/{credential.id}"] = credential.supersession, records.SUPERSESSION
        for one in credential.suspensions:
            rows[f"suspended/{one.id}"] = one, records.ACT
            if one.reinstatement:
                rows[f"reinstated/{one.id}"] = one.reinstatement, records.REINSTATEMENT
        for stamp in self.batch.stamps.get(credential.id, []):
            rows[f"{STAMPED}/{stamp.id}"] = stamp, records.TIMESTAMP
        for source, (row, columns) in rows.items():
            word = source.split("/")[0]
            if not known.vouches(source, "act", records.of_row(row, columns)):
                yield self._found(word, "the act on record is not what was entered in the log")
            elif source not in known and self._is_kept_out(source, row.at):
                yield self._found(word, "it does not stand in the log")
        for source, leaf in known.leaves.items():
            is_act = leaf.credential_id == credential.id and not source.startswith("issued/")
            if is_act and source not in rows and known.content(source):
                yield self._found(source.split("/")[0], "the log tells of it; the record is gone")


def _by_credential(rows: Sequence[Any]) -> dict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.credential_id].append(row)
    return dict(found)
