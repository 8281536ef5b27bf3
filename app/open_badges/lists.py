"""Status lists: a place for every credential, and bits that follow what became of it.

Nobody tells a list that a diploma was withdrawn: a chore reads it from the register, so that no act
elsewhere can forget to. A replaced diploma counts as revoked here; its page says by which.
"""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, Table, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload

from app import site
from app.credentials.models import Credential, Reinstatement, Revocation, Supersession, Suspension
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


def reserve(
    session: Session, credential: Credential, scheme: Scheme, *, at: datetime
) -> dict[StatusPurpose, StatusEntry]:
    """A place for the credential in a list of each purpose, drawn once for ever."""
    had = select(StatusEntry).where(StatusEntry.credential_id == credential.id)
    whole = had.options(joinedload(StatusEntry.status_list).joinedload(StatusList.scheme))
    entries = {entry.purpose: entry for entry in session.scalars(whole)}
    for purpose in StatusPurpose:
        if purpose not in entries:
            entries[purpose] = _draw(session, credential, scheme, purpose, at=at)
    return {purpose: entries[purpose] for purpose in StatusPurpose}


def _draw(
    session: Session,
    credential: Credential,
    scheme: Scheme,
    purpose: StatusPurpose,
    *,
    at: datetime,
) -> StatusEntry:
    one = _latest(session, scheme, purpose, at=at)
    while True:
        for _try in range(TRIES):
            place = {"list_id": one.id, "position": secrets.randbelow(bits.SIZE)}
            who = {"credential_id": credential.id, "purpose": purpose}
            if _put(session, StatusEntry.__table__, {**who, **place}):
                key = (credential.id, purpose)
                entry = session.get_one(StatusEntry, key)
                entry.status_list = one
                return entry
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
    _put(session, StatusList.__table__, {**named, "changed_at": at})
    opened = session.scalars(select(StatusList).filter_by(**named)).one()
    if opened.document is None:  # whoever looks a credential up finds its list at once
        sign(session, opened, bits.encode(()), at=at)
    return opened


def _put(session: Session, table: Any, values: dict[str, Any]) -> bool:
    """Write a row unless a unique key is taken; whether it was written."""
    assert isinstance(table, Table)
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if is_postgresql else sqlite.insert
    written = insert(table).values(values).on_conflict_do_nothing()
    return session.execute(written.returning(table.c[0])).first() is not None


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
