"""What happens around every webinar: people enrol, some withdraw, most come, and it is settled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from app.accounts.models import Person
from app.agenda.models import Activity
from app.attendance import deciding, intake
from app.attendance.matching import match
from app.attendance.models import Participant
from app.completions.models import Completion
from app.completions.settling import settle
from app.credentials.issuing import issue_certificate
from app.credentials.jobs import verification_url
from app.demo import reports
from app.demo.cast import REGULARS
from app.demo.programme import Entry, announce, dates, plan_webinar
from app.demo.reports import Guest
from app.demo.scene import Scene
from app.enrolments.booking import enrol, withdraw
from app.enrolments.models import Enrolment
from app.files import files

COMES, STAYS, LEAVES_EARLY = 0.74, 0.8, 0.9
"""Of ten who enrol seven come; of those, eight stay and one leaves early; one loses the line."""
OTHER_ADDRESS = 0.02
ISSUED_AFTER = timedelta(minutes=2)


def stage(scene: Scene, entry: Entry) -> None:
    """Put everything around one webinar into the script."""
    starts_at = scene.day(entry.day, entry.time, entry.zone)
    if entry.report:
        _content, starts_at = reports.sample(scene.now)
    planned_at, announced_at = dates(scene, entry, starts_at)
    if entry.is_draft:
        scene.script.at(
            scene.between(scene.day(-9), scene.now), plan_webinar, scene, entry, starts_at
        )
        return
    scene.script.at(planned_at, plan_webinar, scene, entry, starts_at)
    scene.script.at(announced_at, announce, scene, entry)
    guests = invited(scene, entry)
    closing = starts_at - timedelta(hours=1)
    for person, at in zip(guests, scene.moments(len(guests), announced_at, closing), strict=True):
        scene.script.at(at, enrolling, scene, entry, person)
        if person not in regulars(scene) and scene.dice.random() < 0.04:
            scene.script.at(scene.between(at, closing), leaving, scene, entry, person)
    ends_at = starts_at + timedelta(minutes=entry.minutes)
    if ends_at < scene.now and entry.state != "held":
        reported_at = min(ends_at + timedelta(hours=15), scene.now - timedelta(hours=1))
        scene.script.at(reported_at, reporting, scene, entry)


def invited(scene: Scene, entry: Entry) -> list[Person]:
    """Who enrols, in order: whom the story needs, whom a report names, then anybody."""
    first = list(regulars(scene)) if "siim" in entry.societies else []
    if entry.report:
        first = [p for n, p in scene.learners.items() if p.address.encode() in _sample(scene)]
    others = [p for p in scene.learners.values() if p not in first]
    scene.dice.shuffle(others)
    return (first + others)[: entry.guests]


def regulars(scene: Scene) -> Sequence[Person]:
    return [scene.learners[number] for number in REGULARS]


def _sample(scene: Scene) -> bytes:
    return reports.sample(scene.now)[0]


def enrolling(at: datetime, scene: Scene, entry: Entry, person: Person) -> None:
    enrol(scene.session, scene.activities[entry.name], person, at=at)


def leaving(at: datetime, scene: Scene, entry: Entry, person: Person) -> None:
    live = Enrolment.live(person, scene.activities[entry.name])
    enrolment = scene.session.scalars(live).unique().one()
    withdraw(scene.session, enrolment, by=person, at=at, reason="I am on call that evening.")


def reporting(at: datetime, scene: Scene, entry: Entry) -> None:
    """The administrator uploads the report, settles whom it leaves open, and confirms."""
    activity = scene.activities[entry.name]
    by = scene.administrator(activity)
    take_in(at, scene, entry, activity)
    if entry.state == "matching":
        return
    decide(at, scene, activity)
    settled_at = at + timedelta(minutes=25)
    settle(scene.session, activity, by=by, at=settled_at)
    certify(scene, activity, at=settled_at + ISSUED_AFTER)


def take_in(at: datetime, scene: Scene, entry: Entry, activity: Activity) -> None:
    host = scene.administrator(activity).address
    if entry.report:
        content, name, zone = _sample(scene), entry.report, reports.SAMPLE_ZONE
    else:
        content = reports.write(activity, house(scene, activity), host=host)
        name, zone = f"attendee_{activity.id}.csv", activity.zone
    examined = intake.examine(content, zone, intake.session_of(activity), activity.title)
    assert examined.report is not None
    known = intake.candidates(scene.session, activity.id)
    intake.take_in(
        scene.session, activity, examined.report, match(examined.report.participants, known),
        digest=files.keep(content), file_name=name, zone=zone,
        by=scene.administrator(activity), at=at,
    )  # fmt: skip


def house(scene: Scene, activity: Activity) -> list[Guest]:
    """Everybody with a place, and how long each of them was there."""
    assert activity.starts_at is not None
    assert activity.ends_at is not None
    enrolments = scene.session.scalars(
        select(Enrolment).where(
            Enrolment.activity_id == activity.id, Enrolment.ended_at.is_(None),
            Enrolment.place.has(),
        ).order_by(Enrolment.id)
    ).all()  # fmt: skip
    guests = []
    for enrolment in enrolments:
        person = enrolment.person
        address = person.address
        if person not in regulars(scene) and scene.dice.random() < OTHER_ADDRESS:
            address = f"{address.split('@')[0]}@private.example"
        stays = attendance(scene, activity.starts_at, activity.ends_at, person in regulars(scene))
        guests.append(Guest(person.name, address, person.country, enrolment.at, stays))
    return guests


def attendance(
    scene: Scene, starts: datetime, ends: datetime, faithful: bool
) -> list[tuple[datetime, datetime]]:
    """One person's stays, to the second: the whole, an early leave, a lost line, or nothing."""
    dice = scene.dice
    joined = starts + timedelta(seconds=dice.randint(-600, 150))
    left = ends + timedelta(seconds=dice.randint(-90, 400))
    if faithful:
        return [(joined, left)]
    if dice.random() > COMES:
        return []
    kind = dice.random()
    if kind < STAYS:
        return [(joined, left)]
    middle = starts + (ends - starts) * dice.uniform(0.2, 0.7)
    if kind < LEAVES_EARLY:
        return [(joined, middle)]
    return [(joined, middle), (middle + timedelta(seconds=dice.randint(40, 240)), left)]


def decide(at: datetime, scene: Scene, activity: Activity) -> None:
    """Whom the addresses left open is matched by name, or set aside."""
    by = scene.administrator(activity)
    waiting = select(Participant).where(
        Participant.activity_id == activity.id,
        Participant.enrolment_id.is_(None),
        Participant.decided_at.is_(None),
    )
    for one in scene.session.scalars(waiting.order_by(Participant.id)).all():
        if one.suggestion is not None and one.suggestion.is_active:
            deciding.match(scene.session, one, one.suggestion, by=by, at=at)
        else:
            reason = "Nobody enrolled under this name."
            deciding.set_aside(scene.session, one, reason=reason, by=by, at=at)


def certify(scene: Scene, activity: Activity, *, at: datetime) -> None:
    """Issue the certificates of a settled webinar, as the job does, at their own moment."""
    completions = select(Completion).where(Completion.activity_id == activity.id)
    for completion in scene.session.scalars(completions.order_by(Completion.id)).all():
        issue_certificate(scene.session, completion, at=at, address=verification_url)
