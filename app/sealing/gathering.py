"""From claimed rows to orders: the proofs of every society, and the keys that seal.

What waits for a society's key is held for it here, and named.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, joinedload

from app.awards.models import Award, AwardList
from app.credentials import typesetting
from app.credentials.models import Credential
from app.open_badges import did
from app.open_badges.guard import Unsignable
from app.open_badges.issuing import Batch, NoKey
from app.pdf import Attachment
from app.schemes.models import Edition, Scheme
from app.sealing import cms
from app.sealing.orders import Order, Resumed, Sealer
from app.sealing.waiting import resumed
from app.signing_keys import certificates
from app.signing_keys.models import Keeping, Purpose, SigningKey
from app.signing_keys.queries import in_force_of
from app.signing_keys.signing import CannotSign, signer
from app.societies.models import Society
from app.texts import gettext as _

SOON = timedelta(seconds=30)
"""What is missing for moments only is looked for again so soon."""


log = logging.getLogger("confer.sealing")


class Missing(Exception):
    """A society has no key in force."""

    def __init__(self, society: Society) -> None:
        super().__init__(society.code)
        self.society = society


def gather(session: Session, keys: Sequence[int], *, until: datetime, at: datetime) -> list[Order]:
    """The orders of claimed credentials; one that cannot be made yet is set aside by itself."""
    orders = []
    did_documents: dict[int, bytes] = {}
    credentials = session.scalars(_claimed(keys)).unique().all()
    badges = Batch(session, [one for one in credentials if one.award is not None], at=at)
    for credential in credentials:
        try:
            with session.begin_nested():
                order = _order(session, credential, badges, did_documents, until=until, at=at)
            orders.append(order)
        except Missing as missing:
            typesetting.hold_for(session, credential, missing.society.id, at=at, waits_for="key")
        except Unsignable as reason:
            typesetting.fail(session, credential.id, str(reason), at=at)
        except CannotSign as reason:
            typesetting.put_back(credential, str(reason), after=SOON, at=at)
        except DBAPIError:
            raise
        except Exception:
            log.exception("%s cannot be gathered now", credential.serial)
    return orders


def _claimed(keys: Sequence[int]) -> Select[Credential]:
    award = joinedload(Credential.award).joinedload(Award.award_list)
    return (
        select(Credential)
        .where(Credential.id.in_(keys))
        .options(
            award.joinedload(AwardList.edition).joinedload(Edition.scheme),
            joinedload(Credential.person),
        )
        .order_by(Credential.id)
    )


def _order(
    session: Session,
    credential: Credential,
    badges: Batch,
    did_documents: dict[int, bytes],
    *,
    until: datetime,
    at: datetime,
) -> Order:
    plain = Order(credential.id, credential.serial, credential.snapshot, until)
    if credential.award is None:
        return plain
    scheme = credential.award.award_list.edition.scheme
    waited = resumed(session, credential.id)
    return replace(
        plain,
        sealers=_sealers(session, credential.snapshot, scheme, waited, at=at),
        attachments=_attachments(session, credential, scheme, badges, did_documents),
        resumed=waited,
    )


def _sealers(
    session: Session,
    snapshot: Mapping[str, Any],
    scheme: Scheme,
    waited: Resumed | None,
    *,
    at: datetime,
) -> tuple[Sealer, ...]:
    """Those who have sealed with the keys that they used, the others with those in force."""
    societies = in_order(snapshot, scheme)
    named = {one["short"]: one["name"] for one in snapshot["awarding"]}
    keys = in_force_of(session, Purpose.SEAL, [one.id for one in societies], at=at)
    for society, used in zip(societies, waited.key_ids if waited else (), strict=False):
        keys[society.id] = session.get_one(SigningKey, used)
    return tuple(
        _sealer(society, named.get(society.short, society.name), keys) for society in societies
    )


def _sealer(society: Society, name: str, keys: Mapping[int, SigningKey]) -> Sealer:
    if society.id not in keys:
        raise Missing(society)
    key = keys[society.id]
    is_ours = key.keeping is not Keeping.DEFERRED and not key.has_ended
    return Sealer(
        society_id=society.id,
        place=society.code,
        name=name,
        key_id=key.id,
        public_key=key.public_key,
        form=cms.Form(str(key.algorithm), certificates.der(key.certificates)),
        sign=signer(key).sign if is_ours else None,
    )


def _attachments(
    session: Session,
    credential: Credential,
    scheme: Scheme,
    badges: Batch,
    did_documents: dict[int, bytes],
) -> tuple[Attachment, ...]:
    try:
        proven = badges.badge(credential).document.encode()
    except NoKey as missing:
        if missing.society is not None:
            raise Missing(missing.society) from None
        raise CannotSign(str(missing)) from None
    if scheme.id not in did_documents:
        written = json.dumps(did.joint(session, scheme), ensure_ascii=False, separators=(",", ":"))
        did_documents[scheme.id] = written.encode()
    return (
        Attachment("credential.json", proven, _("The joint credential")),
        Attachment("did.json", did_documents[scheme.id], _("The keys of those who issued it")),
    )


def in_order(snapshot: Mapping[str, Any], scheme: Scheme) -> list[Society]:
    """The awarding societies as the sheet names them; each seals at its turn."""
    places: dict[str, int] = {}
    for place, named in enumerate(snapshot["awarding"]):
        places[named.get("code") or named["short"]] = place
    last = len(places)
    return sorted(
        scheme.awarding, key=lambda one: places.get(one.code, places.get(one.short, last))
    )
