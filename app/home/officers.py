"""What waits for the officers of societies: lists, keys, seals, the log, endorsements."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from flask import url_for
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.awards.desk import awaited, before_the_keys
from app.home.turn import MOST, Turn
from app.open_badges.queries import unendorsed
from app.sealing.queries import numbers
from app.signing_keys.queries import without_seal
from app.societies.models import Society
from app.texts import gettext as _
from app.texts import ngettext
from app.transparency import queries as log


def keys(session: Session, person: Person, societies: list[Society], on: date) -> Iterator[Turn]:
    mine = [s.id for s in societies]
    for award_list, society in awaited(session, person, mine, on=on, most=MOST):
        yield Turn(
            _(
                "The approval of %(society)s is awaited: %(title)s",
                society=society.short,
                title=award_list.title,
            ),
            _("Look at the frozen list and its digest, then approve or have it changed."),
            _("Open the list"),
            url_for("awards.show", id=award_list.id),
        )


def lists(session: Session, societies: list[Society]) -> Iterator[Turn]:
    for step in before_the_keys(session, [s.id for s in societies])[:MOST]:
        if step.kind == "freeze":
            yield Turn(
                _("A list to freeze: %(title)s", title=step.title),
                _("Read it. Once it is frozen, each awarding society is asked to approve it."),
                _("Open the list"),
                url_for("awards.show", id=step.id),
            )
        else:
            yield Turn(
                ngettext(
                    "%(num)d candidate is on no award list: %(title)s",
                    "%(num)d candidates are on no award list: %(title)s",
                    step.candidates,
                    title=step.title,
                ),
                _("They have applied, and wait until an officer draws up a list."),
                _("Draw up a list"),
                url_for("awards.draw_up", id=step.id),
            )


def seals(session: Session, societies: list[Society], at: datetime) -> Iterator[Turn]:
    for society, lacks_seal in without_seal(session, [s.id for s in societies], at=at):
        if lacks_seal:
            yield Turn(
                _("%(society)s has no seal in force: make it in a minute", society=society.short),
                _("Its diplomas wait until there is one."),
                _("Make the seal"),
                url_for("keys_acts.make", code=society.code),
            )
        else:
            yield Turn(
                _("%(society)s has no key for its credentials", society=society.short),
                _("Its diplomas wait until there is one. Open the former key, and make the next."),
                _("Open the keys"),
                url_for("keys_staff.index"),
            )


def signatures(session: Session, societies: list[Society], at: datetime) -> Iterator[Turn]:
    for society, number in numbers(session, [s.id for s in societies], at=at):
        yield Turn(
            ngettext(
                "%(num)d diploma waits for the signature of %(society)s",
                "%(num)d diplomas wait for the signature of %(society)s",
                number,
                society=society.short,
            ),
            _("Fetch the files, sign them where your key is, and hand the signatures in."),
            _("Sign them"),
            url_for("seals_staff.index"),
        )


def countersignatures(session: Session, societies: list[Society], at: datetime) -> Iterator[Turn]:
    for society in log.awaited(session, [s.id for s in societies], at=at):
        yield Turn(
            _("The countersignature of %(society)s under the log is due", society=society.short),
            _("With its signature nobody can rewrite unseen what was issued and withdrawn so far."),
            _("Look and sign"),
            url_for("transparency_staff.index"),
        )


def endorsements(session: Session, societies: list[Society], on: date) -> Iterator[Turn]:
    waiting = unendorsed([society.id for society in societies], on=on, most=MOST)
    for society, edition in session.execute(waiting):
        yield Turn(
            _("%(society)s is named as endorsing: %(title)s",
              society=society.short, title=f"{edition.scheme.title}, {edition.name}"),
            _("Say in its own words why it does."),
            _("Give the statement"),
            url_for("endorsements.endorse", id=edition.id),
            "waiting",
        )  # fmt: skip
