"""Which designs a person works on: those of the schemes and societies they answer for."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import one_or_404, society_ids
from app.accounts.models import Person
from app.agenda.models import Activity, Organiser
from app.completions.models import Completion
from app.designs.models import DesignVersion
from app.designs.publishing import Owner
from app.designs.queries import reach, versions_of
from app.schemes.models import Candidacy, Edition, Scheme
from app.societies.models import OFFICERS, Society

MOST_NAMES = 40


def owner(kind: str, code: str) -> Owner:
    """The scheme or the society at an address, or 404 outside one's reach."""
    mine = society_ids(*OFFICERS)
    if kind == "schemes":
        return one_or_404(reach(mine).where(Scheme.code == code))
    return one_or_404(select(Society).where(Society.code == code, Society.id.in_(mine)))


def version(id: int) -> DesignVersion:
    mine = society_ids(*OFFICERS)
    if not mine:
        abort(404)
    return one_or_404(versions_of(mine).where(DesignVersion.id == id))


def names(session: Session, owner: Owner) -> Sequence[Person]:
    """People whose name this design may have to carry: the latest candidates or attendants."""
    if isinstance(owner, Scheme):
        found = (
            select(Person)
            .join(Candidacy, Candidacy.person_id == Person.id)
            .join(Edition)
            .where(Edition.scheme_id == owner.id)
            .order_by(Candidacy.id.desc())
        )
    else:
        found = (
            select(Person)
            .join(Completion, Completion.person_id == Person.id)
            .join(Activity, Activity.id == Completion.activity_id)
            .join(Organiser, Organiser.activity_id == Activity.id)
            .where(Organiser.society_id == owner.id, Organiser.position == 1)
            .order_by(Completion.id.desc())
        )
    return list(dict.fromkeys(session.scalars(found.limit(MOST_NAMES))))
