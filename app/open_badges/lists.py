"""Status lists: a place for every credential, and bits that follow what became of it.

Nobody tells a list that a diploma was withdrawn: a chore reads it from the register, so that no act
elsewhere can forget to. A replaced diploma counts as revoked here; its page says by which.
"""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, Table, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload

from app import site
from app.credentials.models import Reinstatement, Revocation, Supersession, Suspension
from app.open_badges import bits, compact, did, pinned, proofs
from app.open_badges.models import StatusEntry, StatusList, StatusPurpose
from app.schemes.models import Scheme
from app.signing_keys.models import Purpose
from app.signing_keys.queries import in_force
from app.signing_keys.signing import signer

TRIES = 8
"""Draws in a row that hit places in use before a list counts as full."""
HOLDS = timedelta(days=7)
"""How long a signed list may be believed."""
RENEWS = timedelta(days=1)
"""After so long it is signed again though nothing has changed."""


def url(one: StatusList) -> str:
    return f"{site.address()}/schemes/{one.scheme.code}/status/{one.purpose}/{one.number}"


@dataclass(frozen=True)
class Place:
    """Where a credential's bit is."""

    url: str
    position: int


Places = dict[StatusPurpose, Place]


def reserve(
    session: Session, credentials: Mapping[int, Scheme], *, at: datetime
) -> dict[int, Places]:
    """For each credential a place in a list of each purpose, drawn once for ever."""
    places: dict[int, Places] = {key: {} for key in credentials}
    had = select(StatusEntry).where(StatusEntry.credential_id.in_(credentials))
    whole = had.options(joinedload(StatusEntry.status_list).joinedload(StatusList.scheme))
    for entry in session.scalars(whole):
        places[entry.credential_id][entry.purpose] = Place(url(entry.status_list), entry.position)
    for scheme in dict.fromkeys(credentials.values()):
        for purpose in StatusPurpose:
            lacking = {
                key
                for key, of in credentials.items()
                if of is scheme and purpose not in places[key]
            }
            for key, place in _draw(session, lacking, scheme, purpose, at=at):
                places[key][purpose] = place
    return {key: {purpose: found[purpose] for purpose in StatusPurpose}
            for key, found in places.items()}  # fmt: skip


def _draw(
    session: Session, lacking: set[int], scheme: Scheme, purpose: StatusPurpose, *, at: datetime
) -> Iterator[tuple[int, Place]]:
    """A place for each; when all draws in a row hit places in use, the list counts as full."""
    if not lacking:
        return
    one, rounds = _latest(session, scheme, purpose, at=at), 0
    while lacking:
        rows = [
            {"credential_id": key, "purpose": purpose, "list_id": one.id,
             "position": secrets.randbelow(bits.SIZE)}
            for key in sorted(lacking)
        ]  # fmt: skip
        for key, position in _put(session, StatusEntry.__table__, rows):
            lacking.remove(key)
            yield key, Place(url(one), position)
        rounds += 1
        if lacking and rounds % TRIES == 0:
            one = _opened(session, scheme, purpose, one.number + 1, at=at)


def _latest(
    session: Session, scheme: Scheme, purpose: StatusPurpose, *, at: datetime
) -> StatusList:
    ours = select(StatusList).where(
        StatusList.scheme_id == scheme.id, StatusList.purpose == purpose
    )
    latest = session.scalars(ours.order_by(StatusList.number.desc()).limit(1)).first()
    return latest or _opened(session, scheme, purpose, 1, at=at)


def _opened(
    session: Session, scheme: Scheme, purpose: StatusPurpose, number: int, *, at: datetime
) -> StatusList:
    """The list of this number, made now unless another worker just did."""
    named = {"scheme_id": scheme.id, "purpose": purpose, "number": number}
    _put(session, StatusList.__table__, [{**named, "changed_at": at}])
    opened = session.scalars(select(StatusList).filter_by(**named)).one()
    if opened.document is None:  # whoever looks a credential up finds its list at once
        sign(session, opened, bits.encode(()), at=at)
    return opened


def _put(session: Session, table: Any, rows: list[dict[str, Any]]) -> list[tuple[int, int]]:
    """Write rows, but for those of which a unique key is taken; the first and the last column of
    what was written."""
    assert isinstance(table, Table)
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if is_postgresql else sqlite.insert
    put = insert(table).on_conflict_do_nothing()
    told = put.returning(table.c[next(iter(rows[0]))], table.c[list(rows[0])[-1]])
    return [(first, last) for first, last in session.execute(told, rows)]


def stopped(session: Session, *, on: date) -> dict[int, set[int]]:
    """The positions whose bit is set on a day, by the key of their list."""
    found: dict[int, set[int]] = defaultdict(set)
    for purpose, credentials in (
        (StatusPurpose.REVOCATION, _revoked(on)),
        (StatusPurpose.SUSPENSION, _suspended(on)),
    ):
        places = select(StatusEntry.list_id, StatusEntry.position).where(
            StatusEntry.purpose == purpose, StatusEntry.credential_id.in_(credentials)
        )
        for list_id, position in session.execute(places):
            found[list_id].add(position)
    return found


def _revoked(on: date) -> Select[int]:
    """Withdrawn, or replaced by a corrected one."""
    withdrawn = select(Revocation.credential_id).where(Revocation.on <= on)
    replaced = select(Supersession.old_id).where(Supersession.on <= on)
    either = withdrawn.union_all(replaced).subquery()
    return select(either.c[0])


def _suspended(on: date) -> Select[int]:
    return (
        select(Suspension.credential_id)
        .outerjoin(Reinstatement, Reinstatement.suspension_id == Suspension.id)
        .where(
            Suspension.on <= on, or_(Reinstatement.suspension_id.is_(None), Reinstatement.on > on)
        )
    )


def stale(
    session: Session, *, at: datetime, only: int | None = None
) -> list[tuple[StatusList, str]]:
    """The lists (or the one of this key) to be signed, with the bits that they shall say."""
    found_by = select(StatusList).options(joinedload(StatusList.scheme))
    if only is not None:
        found_by = found_by.where(StatusList.id == only)
    lists = session.scalars(found_by).all()
    now_set = stopped(session, on=at.date()) if lists else {}
    found = []
    for one in lists:
        encoded = bits.encode(now_set.get(one.id, ()))
        is_old = one.signed_at is None or one.signed_at + RENEWS <= at
        if is_old or one.document is None or encoded_in(one.document) != encoded:
            found.append((one, encoded))
    return found


def encoded_in(document: str) -> str:
    """The bits that a signed list says."""
    return str(json.loads(document)["credentialSubject"]["encodedList"])


def sign(session: Session, one: StatusList, encoded: str, *, at: datetime) -> bool:
    """Sign a list with the joint key of its scheme; whether there is one."""
    key = in_force(session, Purpose.PROOF, at=at, scheme_id=one.scheme_id)
    if key is None:
        return False
    if one.document is None or encoded_in(one.document) != encoded:
        one.changed_at = at
    issuer, signs = did.joint_id(one.scheme), signer(key)
    unsigned = _credential(one, issuer, encoded, at)
    signed = proofs.with_rdfc(
        unsigned, method=did.method(issuer, key), sign=signs.sign, created=proofs.moment(at)
    )
    one.signed_at = at
    one.document = json.dumps(signed, ensure_ascii=False)
    one.compact = compact.signed(session, one.scheme, unsigned, at=at)
    return True


def _credential(one: StatusList, issuer: str, encoded: str, at: datetime) -> dict[str, Any]:
    address = url(one)
    return {
        "@context": [pinned.VC],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": proofs.moment(at),
        "validUntil": proofs.moment(at + HOLDS),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": str(one.purpose),
            "encodedList": encoded,
        },
    }
