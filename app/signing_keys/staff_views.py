"""Signing keys at the desk: what there is, how it stands, and what became of it."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from app.access import (
    Audience,
    is_platform_administrator,
    one_or_404,
    open_to,
    society_ids,
)
from app.clock import now
from app.db import db
from app.signing_keys import certificates, confirming, doubts, queries, words
from app.signing_keys.models import Keeping, Purpose, SigningKey
from app.societies.models import OFFICERS, Office, Society
from app.web import attached

blueprint = Blueprint("keys_staff", __name__, url_prefix="/desk/keys")
MOST_IN_DOUBT = 200


@blueprint.get("")
@open_to(Audience.OVERSEER)
def index() -> str:
    at, mine = now(), society_ids(*OFFICERS)
    found = db.session.scalars(_readable().order_by(SigningKey.id.desc())).unique().all()
    seen = society_ids(*OFFICERS, Office.AUDITOR)
    everybody = {key.society_id for key in found if key.society_id is not None}
    societies = db.session.scalars(
        select(Society).where(Society.id.in_({*seen, *everybody})).order_by(Society.short)
    ).all()
    return render_template(
        "signing_keys_staff/index.html", societies=societies, mine=mine, at=at, words=words,
        keys={one.id: [key for key in found if key.society_id == one.id] for one in societies},
        joint=[key for key in found if key.scheme_id is not None],
        platform=[key for key in found if key.society_id is None and key.scheme_id is None],
        sealing={
            key.society_id for key in found
            if key.purpose is Purpose.SEAL and key.is_in_force(at=at)
        },
    )  # fmt: skip


@blueprint.get("/<int:id>")
@open_to(Audience.OVERSEER)
def show(id: int) -> str:
    key, at = _read(id), now()
    chain = certificates.parsed(key.certificates)
    signed = doubts.signed_with(db.session, key) if key.compromise is not None else []
    since = key.compromise.since if key.compromise is not None else at
    in_doubt = [one for one in signed if not one.stands(since=since)]
    return render_template(
        "signing_keys_staff/show.html", key=key, at=at, words=words, chain=chain,
        names=[certificates.common_name(one.subject) for one in chain],
        certificate=certificates.grouped(certificates.der(key.certificates)[0]) if chain else None,
        may_act=may_act(key), is_local=key.keeping is Keeping.LOCAL,
        address=confirming.address_of(key.society) if key.society is not None else None,
        published=_published(key) if key.society is not None else None,
        in_doubt=in_doubt[:MOST_IN_DOUBT], doubts=len(in_doubt), signed=len(signed),
        left=sum(not one.is_over for one in in_doubt),
        in_force=_in_force(key),
    )  # fmt: skip


@blueprint.get("/<int:id>/certificates.pem")
@open_to(Audience.OVERSEER)
def chain(id: int) -> Response:
    key = _read(id)
    return _file(key.certificates, f"{key.name}.pem")


@blueprint.get("/<int:id>/request.pem")
@open_to(Audience.OVERSEER)
def requested(id: int) -> Response:
    key = _read(id)
    return _file(key.request, f"{key.name}-request.pem")


def may_act(key: SigningKey) -> bool:
    """Officers act on their society's keys, administrators on the platform's and on joint ones."""
    if key.society_id is None:
        return is_platform_administrator()
    return key.society_id in society_ids(*OFFICERS)


def _in_force(key: SigningKey) -> SigningKey | None:
    """The key that signs in its place, or itself."""
    return queries.in_force(db.session, key.purpose, at=now(), society_id=key.society_id,
                            scheme_id=key.scheme_id)  # fmt: skip


def _published(key: SigningKey) -> str:
    assert key.society is not None
    standing = queries.ever(db.session, society_id=key.society_id)
    return confirming.to_publish(key.society, [one for one in standing if one.compromise is None])


def _readable() -> Select[SigningKey]:
    """All keys for those who run the platform; else those of one's societies and the shared."""
    if is_platform_administrator():
        return queries.whole()
    return queries.whole().where(queries.within(society_ids(*OFFICERS, Office.AUDITOR)))


def _read(id: int) -> SigningKey:
    return one_or_404(
        _readable()
        .where(SigningKey.id == id)
        .options(selectinload(SigningKey.certifications), selectinload(SigningKey.confirmations))
    )


def _file(text: str, name: str) -> Response:
    if not text:
        abort(404)
    return attached(Response(text, mimetype="application/x-pem-file"), name)
