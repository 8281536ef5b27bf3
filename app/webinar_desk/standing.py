"""Where a webinar stands, from the plan to the certificates, and the next thing to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import Session

from app import locale
from app.agenda.models import Activity
from app.attendance.models import Participant, PresenceReport, Settlement
from app.completions import awaiting
from app.completions.models import Completion
from app.contests.models import Contest
from app.credentials.models import Credential
from app.db import db
from app.texts import gettext as _
from app.texts import ngettext


@dataclass(frozen=True)
class Counts:
    """How far it is, as the rows say; made by one statement."""

    settled_at: datetime | None
    reports: int
    to_settle: int
    contests: int
    completions: int
    ready: int
    failed: int
    lacking: int
    """People who were there, and whose certificate waits for their evaluation."""


@dataclass(frozen=True)
class Next:
    """The one next thing to do: a sentence, and the view on which it is done."""

    text: str
    quiet: str | None = None
    label: str | None = None
    view: str | None = None
    kind: str = "turn"


@dataclass(frozen=True)
class Standing:
    """Stages are (label, "done" | "now" | "later", a quiet word)."""

    stages: list[tuple[str, str, str | None]]
    next: Next


def standing(activity: Activity, *, at: datetime) -> Standing:
    """An announced webinar or a draft of one, as its desk shows it."""
    counts = count(db.session, activity)
    return Standing(stages(activity, counts, at=at), next_thing(activity, counts, at=at))


def count(session: Session, activity: Activity) -> Counts:
    of_certificates = (
        select(Credential.id)
        .join(Completion, Completion.id == Credential.completion_id)
        .where(Completion.activity_id == activity.id, Credential.version == 1)
    )
    row = session.execute(
        select(
            select(Settlement.at).where(Settlement.activity_id == activity.id).scalar_subquery(),
            _number(
                select(PresenceReport.id).where(
                    PresenceReport.activity_id == activity.id, PresenceReport.ended_at.is_(None)
                )
            ),
            _number(
                select(Participant.id)
                .join(PresenceReport, PresenceReport.id == Participant.report_id)
                .where(
                    Participant.activity_id == activity.id, PresenceReport.ended_at.is_(None),
                    Participant.enrolment_id.is_(None), Participant.decided_at.is_(None),
                )
            ),
            _number(
                select(Contest.id).where(
                    Contest.activity_id == activity.id, Contest.ruled_at.is_(None)
                )
            ),
            _number(select(Completion.id).where(Completion.activity_id == activity.id)),
            _number(of_certificates.where(Credential.file_digest.is_not(None))),
            _number(of_certificates.where(Credential.is_failed())),
            _number(awaiting.lacking(activity.id)),
        )
    ).one()  # fmt: skip
    return Counts(*row)


def stages(
    activity: Activity, counts: Counts, *, at: datetime
) -> list[tuple[str, str, str | None]]:
    """The path of a webinar: everything before the first thing not done is done."""
    announced, day = activity.announcement, locale.short_day
    steps: list[tuple[str, bool, datetime | None]] = [
        (_("Planned"), True, activity.created_at),
        (_("Approved"), announced is not None or not activity.awaited_consents, None),
        (_("Announced"), announced is not None, announced.at if announced else None),
    ]
    if activity.is_cancelled:
        steps.append((_("Cancelled"), True, activity.cancelled_at))
    else:
        certified = (
            counts.settled_at is not None
            and counts.ready >= counts.completions
            and not counts.lacking
        )
        steps += [
            (_("Held"), activity.has_ended(at), activity.starts_at),
            (_("Presence settled"), counts.settled_at is not None, counts.settled_at),
            (_("Certificates sent"), certified, None),
        ]
    found: list[tuple[str, str, str | None]] = []
    state = "done"
    for label, is_done, when in steps:
        if state == "now":
            state = "later"
        if state == "done" and not is_done:
            state = "now"
        found.append((label, state, day(when) if when else None))
    return found


def next_thing(activity: Activity, counts: Counts, *, at: datetime) -> Next:
    """What an administrator does next, once it is announced."""
    if activity.is_cancelled:
        return Next(_("This was cancelled."), kind="bad")
    if not activity.has_ended(at):
        return Next(
            _("On now.") if activity.has_started(at) else _("It is on the agenda."), kind="done"
        )
    if counts.settled_at is None:
        return _to_settle(activity, counts)
    if counts.contests:
        return Next(
            ngettext("%(num)d person contests their presence.",
                     "%(num)d people contest their presence.", counts.contests),
            _("Read what they say, then rule; the certificate follows."),
            _("Read and rule"), "contests_staff.index",
        )  # fmt: skip
    if counts.failed:
        return Next(
            ngettext("%(num)d certificate could not be made.",
                     "%(num)d certificates could not be made.", counts.failed),
            _("See why, and have them made again."),
            _("See them"), "credentials_staff.index", kind="bad",
        )  # fmt: skip
    if counts.ready < counts.completions:
        return Next(
            _("%(ready)s of %(all)s certificates are made.", ready=locale.number(counts.ready),
              all=locale.number(counts.completions)),
            _("The rest is made now. You may leave this page."), kind="waiting",
        )  # fmt: skip
    if counts.lacking:
        return Next(
            ngettext("%(num)d person was there and has yet to evaluate.",
                     "%(num)d people were there and have yet to evaluate.", counts.lacking),
            _("Their certificates follow by themselves once they have."),
            _("See who"), "waivers.index", kind="waiting",
        )  # fmt: skip
    return Next(
        ngettext("Done. %(num)d certificate is with its holder.",
                 "Done. %(num)d certificates are with their holders.", counts.completions),
        kind="done",
    )  # fmt: skip


def _to_settle(activity: Activity, counts: Counts) -> Next:
    where = "attendance.show"
    if not counts.reports:
        return Next(
            _("It is over. Who was there?"),
            _("Load the report of the session to settle presence."),
            _("Load the report"), where,
        )  # fmt: skip
    if counts.to_settle:
        return Next(
            ngettext("%(num)d person in the report is not matched yet.",
                     "%(num)d people in the report are not matched yet.", counts.to_settle),
            _("Say who they are, or set them aside."), _("Match them"), where,
        )  # fmt: skip
    return Next(
        _("Everybody in the report is matched."),
        _("Confirm the presence, and the certificates follow."),
        _("Confirm the presence"), "completions_staff.show",
    )  # fmt: skip


def _number(rows: Select[Any]) -> ScalarSelect[int]:
    return select(func.count()).select_from(rows.subquery()).scalar_subquery()
