"""Drawing up a list, changing it while it is open, and freezing it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.awards.content import Look, canonical, digest
from app.awards.emails import await_keys
from app.awards.models import Award, AwardList
from app.awards.queries import Ready, case, evidence, key_holders, waiting
from app.awards.quorum import Obstacle, against_freezing
from app.db import hold
from app.errors import Refusal
from app.journal.models import record
from app.schemes.applying import lock as lock_edition
from app.schemes.models import Candidacy, Edition
from app.schemes.queries import standings
from app.texts import gettext as _


def draw_up(
    session: Session,
    edition: Edition,
    candidacies: Sequence[Candidacy],
    *,
    title: str,
    by: Person,
    at: datetime,
) -> AwardList:
    """A new list of candidates who each meet everything today and stand on no other list."""
    lock_edition(session, edition)
    ready = {r.candidacy.id: r for r in waiting(session, edition, on=at.date()).ready}
    if not candidacies:
        raise Refusal(_("Choose at least one candidate."))
    Refusal.unless_none(
        _(
            "%(name)s cannot be on this list: a requirement is not met, "
            "or another list holds them already.",
            name=c.person.name,
        )
        for c in candidacies
        if c.id not in ready
    )
    chosen = {c.id: ready[c.id] for c in candidacies}
    award_list = AwardList(edition=edition, title=title, drawn_up_at=at, drawn_up_by=by, version=0)
    award_list.awards = [_award(one) for one in chosen.values()]
    session.add(award_list)
    record(
        session,
        "award_list.drawn_up",
        by=by,
        at=at,
        on=award_list,
        societies=edition.scheme.deciding,
        edition=edition.id,
        candidacies=list(chosen),
    )
    return award_list


def propose_correction(
    session: Session, candidacy: Candidacy, *, replaces: str, by: Person, at: datetime
) -> AwardList:
    """A list of one that corrects the diploma of this serial: the person's name as it is now.

    It goes through the same keys as any list. A correction that is under way is answered again.
    """
    edition = candidacy.edition
    lock_edition(session, edition)
    under_way = select(Award).where(Award.replaces == replaces, Award.struck_at.is_(None))
    if existing := session.scalars(under_way).first():
        return existing.award_list
    released = Award.released().where(Award.candidacy_id == candidacy.id)
    if not session.scalars(released.limit(1)).first():
        raise Refusal(
            _("There is no released award of %(name)s to correct.", name=candidacy.person.name)
        )
    standing = standings(session, edition, [candidacy.person_id], on=at.date())
    award_list = AwardList(
        edition=edition,
        title=_("Correction for %(name)s", name=candidacy.person.name),
        drawn_up_at=at,
        drawn_up_by=by,
        version=0,
    )
    award_list.awards = [_award(Ready(candidacy, standing[candidacy.person_id]), replaces=replaces)]
    session.add(award_list)
    record(
        session,
        "award_list.correction_proposed",
        by=by,
        at=at,
        on=award_list,
        societies=edition.scheme.deciding,
        candidacy=candidacy.id,
        replaces=replaces,
    )
    return award_list


def propose_anew(
    session: Session,
    edition: Edition,
    diplomas: Sequence[tuple[Candidacy, str]],
    *,
    title: str,
    by: Person,
    at: datetime,
) -> AwardList | None:
    """One list of holders whose diplomas, by their serials, others shall take the place of.

    It goes through the same keys as any list. Those on their way already are left out.
    """
    lock_edition(session, edition)
    serials = [serial for _candidacy, serial in diplomas]
    under_way = select(Award.replaces).where(Award.replaces.in_(serials), Award.struck_at.is_(None))
    listed = set(session.scalars(under_way))
    due = {candidacy.id: (candidacy, serial) for candidacy, serial in diplomas
           if serial not in listed}  # fmt: skip
    if not due:
        return None
    standing = standings(
        session, edition, [c.person_id for c, _serial in due.values()], on=at.date()
    )
    award_list = AwardList(edition=edition, title=title, drawn_up_at=at, drawn_up_by=by, version=0)
    award_list.awards = [
        _award(Ready(candidacy, standing[candidacy.person_id]), replaces=serial)
        for candidacy, serial in due.values()
    ]
    session.add(award_list)
    record(
        session,
        "award_list.proposed_anew",
        by=by,
        at=at,
        on=award_list,
        societies=edition.scheme.deciding,
        edition=edition.id,
        replaces=[serial for _candidacy, serial in due.values()],
    )
    return award_list


def strike(session: Session, award: Award, *, by: Person, at: datetime, reason: str) -> None:
    """Take a holder off the list. A frozen list opens again, and its approvals are void."""
    award_list = award.award_list
    lock(session, award_list)
    _not_released(award_list)
    if not award.stands:
        return
    award.struck_at, award.struck_by, award.struck_reason = at, by, reason
    record(
        session,
        "award.struck",
        by=by,
        at=at,
        on=award,
        societies=award_list.scheme.deciding,
        list=award_list.id,
        reason=reason,
    )
    _open(session, award_list, by=by, at=at)


def reopen(session: Session, award_list: AwardList, *, by: Person, at: datetime) -> None:
    """Open a frozen list again; the approvals given stay visible and are void."""
    lock(session, award_list)
    _not_released(award_list)
    _open(session, award_list, by=by, at=at)


def freeze(session: Session, award_list: AwardList, *, by: Person, at: datetime) -> None:
    """Fix names and evidence as they are now, and put the list before the officers."""
    lock(session, award_list)
    _not_released(award_list)
    if award_list.is_frozen:
        return
    edition, standing_awards = award_list.edition, award_list.standing_awards
    people = [a.candidacy.person_id for a in standing_awards]
    standing = standings(session, edition, people, on=at.date())
    for award in standing_awards:
        award.holder_name = award.candidacy.person.name
        award.evidence = evidence(standing[award.candidacy.person_id])
    Refusal.unless_none(against_freezing(case(session, award_list, on=at.date())))
    award_list.version += 1
    award_list.look = Look.now(award_list).facts()
    award_list.content = canonical(award_list)
    award_list.digest = digest(award_list.content)
    award_list.frozen_at = at
    record(
        session,
        "award_list.frozen",
        by=by,
        at=at,
        on=award_list,
        societies=award_list.scheme.deciding,
        digest=award_list.digest,
        version=award_list.version,
        holders=len(standing_awards),
    )
    in_office = key_holders(session, [s.id for s in award_list.scheme.awarding], on=at.date())
    others = [s for s in award_list.scheme.awarding if (by.id, s.id) not in in_office]
    await_keys(session, award_list, others, at=at)


def lock(session: Session, award_list: AwardList) -> None:
    """Hold the list's row and read it anew, so that one act on it happens at a time."""
    session.flush()
    hold(session, select(AwardList.id).where(AwardList.id == award_list.id))
    session.scalars(
        select(AwardList)
        .where(AwardList.id == award_list.id)
        .options(*AwardList.whole())
        .execution_options(populate_existing=True)
    ).unique().one()


def _open(session: Session, award_list: AwardList, *, by: Person, at: datetime) -> None:
    if not award_list.is_frozen:
        return
    record(
        session,
        "award_list.reopened",
        by=by,
        at=at,
        on=award_list,
        societies=award_list.scheme.deciding,
        digest=award_list.digest,
        void=[a.id for a in award_list.standing_approvals],
    )
    award_list.digest = award_list.content = award_list.frozen_at = award_list.look = None


def _not_released(award_list: AwardList) -> None:
    if award_list.is_released:
        raise Refusal(Obstacle("released"))


def _award(ready: Ready, *, replaces: str | None = None) -> Award:
    return Award(
        candidacy=ready.candidacy,
        holder_name=ready.candidacy.person.name,
        evidence=evidence(ready.standings),
        replaces=replaces,
        struck_reason="",
    )
