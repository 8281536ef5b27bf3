"""Issuing: from a released award or a completion to a credential, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from app.accounts.models import Person
from app.agenda.models import Activity, Organiser
from app.awards.models import Award, AwardList, Release
from app.completions.models import Completion
from app.credentials import serial, snapshot
from app.credentials.models import Credential, CredentialKind, Supersession
from app.errors import Refusal
from app.jobs import hand_over
from app.journal.models import record
from app.schemes.models import Candidacy, Edition
from app.texts import gettext as _

Address = Callable[[str], str]
"""From a serial to the absolute address at which it is verified."""


def awards_due(limit: int) -> Select[Award]:
    """Awards of released lists that have no diploma yet."""
    return (
        select(Award)
        .join(AwardList)
        .join(Release)
        .outerjoin(Credential, Credential.award_id == Award.id)
        .where(Credential.id.is_(None), Award.struck_at.is_(None))
        .order_by(Award.id)
        .limit(limit)
        .options(
            joinedload(Award.candidacy).joinedload(Candidacy.person),
            joinedload(Award.award_list).options(
                defer(AwardList.content), joinedload(AwardList.edition).joinedload(Edition.scheme)
            ),
            joinedload(Award.award_list).joinedload(AwardList.release),
        )
    )


def completions_due(limit: int) -> Select[Completion]:
    """Completions that have no certificate yet."""
    return (
        select(Completion)
        .outerjoin(Credential, Credential.completion_id == Completion.id)
        .where(Credential.id.is_(None))
        .order_by(Completion.id)
        .limit(limit)
        .options(
            joinedload(Completion.person),
            joinedload(Completion.activity).options(
                selectinload(Activity.organisers).joinedload(Organiser.society),
                selectinload(Activity.named),
            ),
        )
    )


def issue_diploma(session: Session, award: Award, *, at: datetime, address: Address) -> Credential:
    """The diploma of an award whose list every awarding society has released."""
    release = award.award_list.release
    if release is None or award.struck_at is not None:
        raise Refusal(_("This award has not been released."))
    number, on = serial.new(), release.on
    version = snapshot.version_for(session, award)
    credential = Credential(
        serial=number,
        kind=CredentialKind.DIPLOMA,
        person=award.candidacy.person,
        award=award,
        snapshot=snapshot.of_award(
            session, award, version, serial=number, url=address(number), issued_on=on
        ),
        design_version_id=version and version.id,
        issued_at=at,
        issued_on=on,
        valid_until=snapshot.valid_until(on, award.award_list.edition.validity_years),
        next_at=at,
    )
    _put_in_force(session, credential, at)
    if award.replaces:
        old = session.scalars(Credential.whole().where(Credential.serial == award.replaces)).one()
        is_same_name = old.holder_name == credential.holder_name
        reason = _("It was issued anew.") if is_same_name else _("The name was corrected.")
        _supersede(session, old, credential, on=on, at=at, reason=reason)
    return credential


def issue_certificate(
    session: Session, completion: Completion, *, at: datetime, address: Address, version: int = 1
) -> Credential:
    """The certificate of a completion; a later version carries the holder's name of today."""
    number, on = serial.new(), at.date()
    design = snapshot.version_for(session, completion)
    kind = (
        CredentialKind.ATTENDANCE if completion.activity.is_webinar else CredentialKind.COMPLETION
    )
    credential = Credential(
        serial=number,
        kind=kind,
        person=completion.person,
        completion=completion,
        version=version,
        snapshot=snapshot.of_completion(
            session,
            completion,
            design,
            serial=number,
            url=address(number),
            issued_on=on,
            name=completion.person.name,
        ),
        design_version_id=design and design.id,
        issued_at=at,
        issued_on=on,
        next_at=at,
    )
    _put_in_force(session, credential, at)
    return credential


def correct(
    session: Session, old: Credential, *, by: Person, at: datetime, address: Address
) -> Credential:
    """A certificate with the holder's name as it is now; it supersedes the old one (decision 8).

    A diploma is corrected by a new award that turns the keys again, never here.
    """
    if old.completion is None:
        raise Refusal(_("A diploma is corrected through a new award list."))
    if old.revocation is not None or old.supersession is not None:
        raise Refusal(_("This certificate is no longer in force, so it cannot be corrected."))
    if old.holder_name == old.person.name:
        raise Refusal(_("The name on this certificate is already the one in the profile."))
    latest = session.scalar(
        select(func.max(Credential.version)).where(Credential.completion_id == old.completion_id)
    )
    new = issue_certificate(
        session, old.completion, at=at, address=address, version=(latest or 0) + 1
    )
    _supersede(session, old, new, on=at.date(), at=at, reason=_("The name was corrected."), by=by)
    return new


def _put_in_force(session: Session, credential: Credential, at: datetime) -> None:
    credential.revocation = None
    credential.supersession = None
    credential.suspensions = []
    session.add(credential)
    record(
        session,
        "credential.issued",
        by=None,
        at=at,
        on=credential,
        societies=credential.society_ids,
        kind=str(credential.kind),
        person=credential.person_id,
        award=credential.award_id,
        completion=credential.completion_id,
    )
    hand_over(session, "credentials.typeset", credential)


def _supersede(
    session: Session,
    old: Credential,
    new: Credential,
    *,
    on: date,
    at: datetime,
    reason: str,
    by: Person | None = None,
) -> None:
    session.flush()
    old.supersession = Supersession(new=new, at=at, on=on, reason=reason)
    record(
        session,
        "credential.superseded",
        by=by,
        at=at,
        on=old,
        societies=old.society_ids,
        new=new.serial,
        reason=reason,
    )
