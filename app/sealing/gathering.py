"""From claimed rows to orders: the proofs of every society, and the keys that seal.

What waits for a society's key is held for it here, and named.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.awards.models import Award, AwardList
from app.credentials import typesetting
from app.credentials.models import Credential
from app.files import files
from app.open_badges import did
from app.open_badges.guard import Unsignable
from app.open_badges.issuing import NoKey, badge
from app.pdf import Attachment
from app.schemes.models import Edition, Scheme
from app.sealing import cms, pipeline
from app.sealing.models import SigningRequest
from app.sealing.orders import Order, Sealer
from app.signing_keys import certificates
from app.signing_keys.models import Keeping, Purpose, SigningKey
from app.signing_keys.queries import in_force_of
from app.signing_keys.signing import CannotSign, signer
from app.societies.models import Society
from app.texts import gettext as _

log = logging.getLogger("confer.sealing")
SOON = timedelta(seconds=30)
"""A joint key is missing for moments only: it is made by a chore."""


class Missing(Exception):
    """A society has no key in force."""

    def __init__(self, society: Society) -> None:
        super().__init__(society.code)
        self.society = society


def gather(session: Session, keys: Sequence[int], *, until: datetime, at: datetime) -> list[Order]:
    """The orders of claimed credentials; one that cannot be made yet is set aside by itself."""
    orders = []
    documents: dict[int, bytes] = {}
    for credential in session.scalars(_claimed(keys)).unique():
        try:
            with session.begin_nested():
                orders.append(_order(session, credential, documents, until=until, at=at))
        except Missing as missing:
            waits_for = "key"
            typesetting.hold_for(session, credential, missing.society.id, at=at,
                                 waits_for=waits_for)  # fmt: skip
        except Unsignable as reason:
            typesetting.fail(session, credential.id, str(reason), at=at)
        except CannotSign as reason:
            typesetting.put_back(credential, str(reason), after=SOON, at=at)
    return orders


def _claimed(keys: Sequence[int]) -> Any:
    award = joinedload(Credential.award).joinedload(Award.award_list)
    return (
        select(Credential)
        .where(Credential.id.in_(keys))
        .options(award.joinedload(AwardList.edition).joinedload(Edition.scheme),
                 joinedload(Credential.person))
        .order_by(Credential.id)
        .execution_options(populate_existing=True)
    )  # fmt: skip


def _order(
    session: Session,
    credential: Credential,
    documents: dict[int, bytes],
    *,
    until: datetime,
    at: datetime,
) -> Order:
    facts = {"id": credential.id, "serial": credential.serial, "snapshot": credential.snapshot}
    if credential.award is None:
        return Order(**facts, until=until)
    scheme = credential.award.award_list.edition.scheme
    societies = in_order(credential.snapshot, scheme)
    sealing = in_force_of(session, Purpose.SEAL, [one.id for one in societies], at=at)
    for society in societies:
        if society.id not in sealing:
            raise Missing(society)
    try:
        credential_json = badge(session, credential, at=at).document.encode()
    except NoKey as missing:
        if missing.society is None:
            raise CannotSign(str(missing)) from None
        raise Missing(missing.society) from None
    if scheme.id not in documents:
        documents[scheme.id] = json.dumps(
            did.joint(session, scheme), ensure_ascii=False, separators=(",", ":")
        ).encode()
    named = {one["short"]: one["name"] for one in credential.snapshot["awarding"]}
    sealers = tuple(
        _sealer(society, named.get(society.short, society.name), sealing[society.id])
        for society in societies
    )
    begun, sealed = _begun(session, credential)
    return Order(
        **facts,
        until=until,
        sealers=sealers,
        attachments=(
            Attachment("credential.json", credential_json, _("The joint credential")),
            Attachment("did.json", documents[scheme.id], _("The keys of its issuers")),
        ),
        begun=begun,
        sealed=sealed,
    )


def in_order(snapshot: Any, scheme: Scheme) -> list[Society]:
    """The awarding societies as the sheet names them; each seals at its turn."""
    places = {
        named.get("code") or named["short"]: place
        for place, named in enumerate(snapshot["awarding"])
    }
    return sorted(
        scheme.awarding,
        key=lambda one: places.get(one.code, places.get(one.short, len(places))),
    )


def _sealer(society: Society, name: str, key: SigningKey) -> Sealer:
    chain = certificates.der(key.certificates)
    return Sealer(
        society_id=society.id,
        place=society.code,
        name=name,
        key_id=key.id,
        form=cms.Form(str(key.algorithm), chain),
        sign=None if key.keeping is Keeping.DEFERRED else signer(key).sign,
    )


def _begun(session: Session, credential: Credential) -> tuple[bytes, int]:
    """The document as far as it got before it had to wait for a society that signs elsewhere."""
    answered = (
        select(SigningRequest)
        .where(
            SigningRequest.credential_id == credential.id, SigningRequest.signature.is_not(None)
        )
        .order_by(SigningRequest.position.desc(), SigningRequest.id.desc())
        .limit(1)
        .options(joinedload(SigningRequest.key))
    )
    asked = session.scalars(answered).first()
    if asked is None or asked.signature is None:
        return b"", 0
    form = cms.Form(str(asked.key.algorithm), certificates.der(asked.key.certificates))
    document = files.read(asked.file_digest)
    return pipeline.take_up(document, form, asked.to_sign, asked.signature), asked.position
