"""The letters of this room. None carries words of a stranger: a name may be an advertisement."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app import mail
from app.accounts.models import EmailAddress, Person
from app.addresses import external_url
from app.locale import moment


def confirm_sign_up(session: Session, address: str, token: str, *, at: datetime) -> None:
    mail.write(
        session,
        "accounts/sign_up",
        to=address,
        subject=_("Confirm your address"),
        at=at,
        url=external_url("accounts.confirm", token=token),
    )


def known_already(session: Session, person: Person, address: str, *, at: datetime) -> None:
    mail.write(
        session,
        "accounts/known",
        to=address,
        subject=_("You already have an account"),
        at=at,
        person_id=person.id,
        sign_in_url=external_url("accounts.sign_in"),
        reset_url=external_url("accounts.forgotten"),
    )


def reset_password(
    session: Session, person: Person, address: str, token: str, *, at: datetime
) -> None:
    mail.write(
        session,
        "accounts/reset",
        to=address,
        subject=_("Choose a new password"),
        at=at,
        person_id=person.id,
        url=external_url("accounts.choose_password", token=token),
    )


def password_changed(session: Session, person: Person, *, at: datetime) -> None:
    mail.write(
        session,
        "accounts/password_changed",
        to=person.address,
        subject=_("Your password was changed"),
        at=at,
        person_id=person.id,
        when=moment(at, person.zone),
        reset_url=external_url("accounts.forgotten"),
    )


def confirm_address(session: Session, address: EmailAddress, token: str, *, at: datetime) -> None:
    mail.write(
        session,
        "accounts/address",
        to=address.address,
        subject=_("Confirm your address"),
        at=at,
        person_id=address.person_id,
        url=external_url("accounts.confirm_address", token=token),
    )


def address_taken(session: Session, address: str, *, at: datetime) -> None:
    mail.write(
        session,
        "accounts/address_taken",
        to=address,
        subject=_("This address belongs to an account already"),
        at=at,
        sign_in_url=external_url("accounts.sign_in"),
    )


def addresses_changed(session: Session, person: Person, to: str, *, at: datetime) -> None:
    mail.write(
        session,
        "accounts/addresses_changed",
        to=to,
        subject=_("The addresses of your account were changed"),
        at=at,
        person_id=person.id,
        when=moment(at, person.zone),
        reset_url=external_url("accounts.forgotten"),
    )
