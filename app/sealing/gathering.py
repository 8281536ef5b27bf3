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

from app.accounts.models import Person
from app.awards.models import Award, AwardList
from app.credentials import typesetting
from app.credentials.models import Credential
from app.open_badges import did
from app.open_badges.guard import Unsignable
from app.open_badges.issuing import Batch, NoKey
from app.pdf import Attachment
from app.schemes.models import Edition, Scheme
from app.sealing import cms
from app.sealing.afresh import drop_spoilt
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
    drop_spoilt(session, keys)
    credentials = session.scalars(_claimed(keys)).unique().all()
    shared = _Shared(session, credentials, at=at)
    for credential in credentials:
        try:
            orders.append(_order(credential, shared, until=until))
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
            joinedload(Credential.person).selectinload(Person.addresses),
        )
        .order_by(Credential.id)
    )


def _order(credential: Credential, shared: _Shared, *, until: datetime) -> Order:
    plain = Order(credential.id, credential.serial, credential.snapshot, until)
    if credential.award is None:
        return plain
    scheme = credential.award.award_list.edition.scheme
    waited = shared.waited.get(credential.id)
    return replace(
        plain,
        sealers=shared.sealers(credential.snapshot, scheme, waited),
        attachments=(
            Attachment("credential.json", shared.badge(credential), _("The joint credential")),
            Attachment("did.json", shared.keys(scheme), _("The keys of those who issued it")),
        ),
        resumed=waited,
    )


class _Shared:
    """What the diplomas of a batch have in common: looked up once."""

    def __init__(
        self, session: Session, credentials: Sequence[Credential], *, at: datetime
    ) -> None:
        diplomas = [one for one in credentials if one.award is not None]
        self._session, self._at = session, at
        self._badges = Batch(session, diplomas, at=at)
        self._did_documents: dict[int, bytes] = {}
        self._sealers: dict[tuple[Any, ...], tuple[Sealer, ...]] = {}
        self.waited = resumed(session, [one.id for one in diplomas])

    def sealers(
        self, snapshot: Mapping[str, Any], scheme: Scheme, waited: Resumed | None
    ) -> tuple[Sealer, ...]:
        """Those who have sealed with the keys that they used, the others with those in force."""
        used = waited.key_ids if waited else ()
        named = {one["short"]: one["name"] for one in snapshot["awarding"]}
        who = scheme.id, tuple(named.items()), used
        if who not in self._sealers:
            societies = in_order(snapshot, scheme)
            ids = [one.id for one in societies]
            keys = in_force_of(self._session, Purpose.SEAL, ids, at=self._at)
            for society, key in zip(societies, used, strict=False):
                keys[society.id] = self._session.get_one(SigningKey, key)
            self._sealers[who] = tuple(
                _sealer(society, named.get(society.short, society.name), keys)
                for society in societies
            )
        return self._sealers[who]

    def badge(self, credential: Credential) -> bytes:
        try:
            return self._badges.badge(credential).document.encode()
        except NoKey as missing:
            if missing.society is not None:
                raise Missing(missing.society) from None
            raise CannotSign(str(missing)) from None

    def keys(self, scheme: Scheme) -> bytes:
        """The joint DID document."""
        if scheme.id not in self._did_documents:
            document = did.joint(self._session, scheme)
            text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
            self._did_documents[scheme.id] = text.encode()
        return self._did_documents[scheme.id]


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


def in_order(snapshot: Mapping[str, Any], scheme: Scheme) -> list[Society]:
    """The awarding societies as the sheet names them; each seals at its turn."""
    places: dict[str, int] = {}
    for place, named in enumerate(snapshot["awarding"]):
        places[named.get("code") or named["short"]] = place
    last = len(places)
    return sorted(
        scheme.awarding, key=lambda one: places.get(one.code, places.get(one.short, last))
    )
