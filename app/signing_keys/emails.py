"""What officers are told about their keys."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app import mail
from app.addresses import external_url
from app.locale import day, moment
from app.signing_keys import ending
from app.signing_keys.ending import Due
from app.signing_keys.life import concerned
from app.signing_keys.models import SigningKey
from app.texts import gettext as _


def ends_soon(session: Session, one: Due, *, at: datetime) -> None:
    """The certificate of a key ends: time for the next one."""
    key = one.key
    assert key.society is not None and key.expires_at is not None
    left = max((key.expires_at - at).days, 0)
    for person in ending.officers(session, [key.society.id], on=at.date()):
        mail.write(
            session, "signing_keys/ends_soon", to=person.address,
            subject=_("The seal of %(society)s ends on %(day)s", society=key.society.short,
                      day=day(key.expires_at)),
            at=at, person_id=person.id, name=person.name, society=key.society.name,
            key_name=key.name, days=left, until=day(key.expires_at),
            url=external_url("keys_staff.show", id=key.id),
        )  # fmt: skip


def reported(session: Session, key: SigningKey, *, in_doubt: int, at: datetime) -> None:
    """A key may be in other hands: its societies and those who run the platform know at once."""
    assert key.compromise is not None
    report = key.compromise
    told = {
        person.id: person
        for person in (
            *ending.officers(session, [one.id for one in concerned(key)], on=at.date()),
            *ending.administrators(session, on=at.date()),
        )
    }
    owner = key.society.name if key.society else str(key.scheme or "Confer")
    for person in told.values():
        mail.write(
            session, "signing_keys/reported", to=person.address,
            subject=_("The key %(name)s was reported as compromised", name=key.name),
            at=at, person_id=person.id, name=person.name, owner=owner, key_name=key.name,
            since=moment(report.since, person.zone), reason=report.reason,
            by=report.by.name if report.by else "Confer", in_doubt=in_doubt,
            url=external_url("keys_staff.show", id=key.id),
        )  # fmt: skip
