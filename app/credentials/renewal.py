"""Diplomas that are in doubt are issued anew: their holders go onto a new award list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import Select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Person
from app.awards.drawing_up import propose_anew
from app.awards.models import Award, AwardList
from app.credentials.models import Credential
from app.errors import Refusal
from app.schemes.models import Candidacy
from app.signing_keys.doubts import in_doubt
from app.signing_keys.models import SigningKey
from app.texts import gettext as _


def issue_anew(
    session: Session, key: SigningKey, within: Select[Credential], *, by: Person, at: datetime
) -> list[AwardList]:
    """For each edition one list of the diplomas of a reach that this key has put in doubt.

    Withdrawn, replaced and suspended ones stay what they are; each list needs every key.
    """
    if key.compromise is None:
        raise Refusal(_("%(name)s was not reported, so nothing is in doubt.", name=key.name))
    found = in_doubt(session, key, since=key.compromise.since)
    diplomas = _in_force(session, within, [one.name for one in found])
    lists = []
    for _edition, some in groupby(diplomas, key=lambda one: _candidacy(one).edition_id):
        group = list(some)
        award_list = propose_anew(
            session,
            _candidacy(group[0]).edition,
            [(_candidacy(one), one.serial) for one in group],
            title=_("Issued anew: %(key)s", key=key.name),
            by=by,
            at=at,
        )
        if award_list is not None:
            lists.append(award_list)
    return lists


def _in_force(
    session: Session, within: Select[Credential], serials: Sequence[str]
) -> list[Credential]:
    award = joinedload(Credential.award).joinedload(Award.candidacy, innerjoin=True)
    found = session.scalars(
        within.where(Credential.serial.in_(serials), Credential.award_id.is_not(None)).options(
            award.joinedload(Candidacy.edition, innerjoin=True),
            award.joinedload(Candidacy.person, innerjoin=True),
        )
    ).unique()
    return sorted(
        (one for one in found
         if one.revocation is None and one.supersession is None and one.suspension is None),
        key=lambda one: (_candidacy(one).edition_id, one.id),
    )  # fmt: skip


def _candidacy(credential: Credential) -> Candidacy:
    assert credential.award is not None
    return credential.award.candidacy
