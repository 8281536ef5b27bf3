"""Activities, who organises them, who speaks, and their announcement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, select, text
from sqlalchemy.orm import (
    Mapped,
    Session,
    contains_eager,
    joinedload,
    mapped_column,
    object_session,
    relationship,
    selectinload,
)

from app.accounts.models import Person
from app.agenda.changes import Cancellation, Consent, Rescheduling
from app.agenda.entry import Invitation, OpenToMembers, Terms
from app.agenda.kinds import Entry, Kind, Level, Proof, Role
from app.agenda.obstacles import AwaitingConsent, NotALink, Obstacle
from app.agenda.planning import Hour, Plan, Texts, is_link, obstacles
from app.agenda.profiles import SpeakerProfile
from app.agenda.scheduling import moments
from app.agenda.sessions import WebinarSession, Window, minutes_of
from app.agenda.speakers import Named, Speaker, newcomers, seated
from app.agreements.models import untied
from app.db import Base, hold
from app.errors import Refusal
from app.journal.models import record
from app.societies.models import Society
from app.texts import gettext as _

__all__ = [
    "STANDING_AGAINST",
    "Activity",
    "Announcement",
    "Audience",
    "Course",
    "Entry",
    "Kind",
    "Level",
    "Organiser",
    "Proof",
    "Role",
    "Speaker",
    "SpeakerProfile",
    "Webinar",
    "WebinarSession",
    "against",
]  # fmt: skip

DEFAULT_THRESHOLD = 80
"""Per cent of the session, decision 6; stamped on a webinar when it is announced."""


STANDING_AGAINST: list[Callable[[Activity, datetime], Sequence[object]]] = []
"""What other rooms hold against announcing an activity, in words; each room adds its own."""


class Activity(Base):
    """A webinar or a course on the joint agenda."""

    __tablename__ = "activities"
    __mapper_args__ = {"polymorphic_on": "kind"}
    __table_args__ = (
        CheckConstraint("kind <> 'webinar' OR starts_at IS NOT NULL", name="webinar_has_its_hour"),
        CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity_is_positive"),
        Index("ix_activities_agenda", "starts_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind]
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    level: Mapped[Level] = mapped_column(default=Level.INTRODUCTORY)
    capacity: Mapped[int | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    changes: Mapped[int] = mapped_column(default=0)
    """How often it changed since it was announced: SEQUENCE of its calendar entry."""
    changed_at: Mapped[datetime | None]

    starts_at: Mapped[datetime | None]
    """Webinar: when it starts. Course: when it opens, or nothing for at any time."""
    starts_local: Mapped[str] = mapped_column(default="")
    """Webinar: the wall-clock time as planned, YYYY-MM-DDTHH:MM, in `zone`."""
    zone: Mapped[str] = mapped_column(default="Europe/Vienna")
    until_at: Mapped[datetime | None] = mapped_column(index=True)
    """Webinar: when its last session ends."""
    minutes: Mapped[int | None]
    """Webinar: what its sessions last together. Course: the workload a learner should expect."""
    link: Mapped[str] = mapped_column(default="")
    threshold: Mapped[int | None]
    """Per cent of a webinar one must have been present, stamped when it is announced."""
    proofs: Mapped[list[Any]] = mapped_column(
        default=lambda: [str(Proof.REPORT)], server_default='["report"]'
    )
    """Which proofs of presence count (see `Proof`), stamped when it is announced."""

    captions: Mapped[str] = mapped_column(default="", server_default=text("''"))
    outcomes: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """What one can do afterwards, in Markdown."""
    registration_from: Mapped[datetime | None]
    registration_until: Mapped[datetime | None]
    entry: Mapped[Entry] = mapped_column(default=Entry.EVERYONE, server_default="everyone")
    has_credits: Mapped[bool] = mapped_column(default=False, server_default="0")
    needs_evaluation: Mapped[bool] = mapped_column(default=False, server_default="0")
    cancelled_at: Mapped[datetime | None]
    """Set by the cancellation, so that lists need not ask for it."""

    created_by: Mapped[Person] = relationship()
    organisers: Mapped[list[Organiser]] = relationship(
        order_by="Organiser.position", cascade="all, delete-orphan"
    )
    named: Mapped[list[Speaker]] = relationship(
        order_by=Speaker.position, cascade="all, delete-orphan", back_populates="activity"
    )
    """Everyone whom the programme names or has named."""
    sessions: Mapped[list[WebinarSession]] = relationship(
        order_by=WebinarSession.position, cascade="all, delete-orphan"
    )
    open_to_members: Mapped[list[OpenToMembers]] = relationship(
        order_by=OpenToMembers.society_id, cascade="all, delete-orphan"
    )
    invitations: Mapped[list[Invitation]] = relationship(
        order_by=Invitation.address, cascade="all, delete-orphan"
    )
    consents: Mapped[list[Consent]] = relationship(order_by=Consent.id)
    reschedulings: Mapped[list[Rescheduling]] = relationship(
        order_by=Rescheduling.id.desc(), viewonly=True
    )
    cancellation: Mapped[Cancellation | None] = relationship(viewonly=True)
    audiences: Mapped[list[Audience]] = relationship(
        order_by="Audience.profession", cascade="all, delete-orphan"
    )
    announcement: Mapped[Announcement | None] = relationship(back_populates="activity")

    @classmethod
    def whole(cls) -> Select[Activity]:
        """Activities with everything that a page shows of them, in few statements."""
        return select(Activity).options(
            selectinload(Activity.organisers).joinedload(Organiser.society, innerjoin=True),
            selectinload(Activity.named), selectinload(Activity.audiences),
            selectinload(Activity.sessions),
            joinedload(Activity.announcement),
        )  # fmt: skip

    @classmethod
    def announced(cls) -> Select[Activity]:
        return cls.whole().join(Announcement)

    @classmethod
    def offered(cls) -> Select[Activity]:
        """What is announced, with no more than an enrolment asks of it."""
        return (
            select(Activity)
            .join(Activity.announcement)
            .options(
                contains_eager(Activity.announcement),
                selectinload(Activity.organisers).joinedload(Organiser.society, innerjoin=True),
            )
        )

    @classmethod
    def organised_by(cls, society_ids: Sequence[int]) -> Select[Activity]:
        """What these societies lead or hold together with others: the reach of their staff."""
        return cls.whole().where(
            Activity.id.in_(
                select(Organiser.activity_id).where(Organiser.society_id.in_(society_ids))
            )
        )

    @classmethod
    def led_by(cls, society_ids: Sequence[int]) -> Select[Activity]:
        """What these societies lead: what their administrators change and announce."""
        return cls.whole().where(
            Activity.id.in_(
                select(Organiser.activity_id).where(
                    Organiser.society_id.in_(society_ids), Organiser.role == Role.ORGANISER
                )
            )
        )

    @property
    def is_webinar(self) -> bool:
        return self.kind is Kind.WEBINAR

    @property
    def is_announced(self) -> bool:
        return self.announcement is not None

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def consenting(self) -> set[int]:
        """The societies whose consent to the plan as it stands is given."""
        return {one.society_id for one in self.consents if one.void_at is None}

    @property
    def awaited_consents(self) -> list[Society]:
        """The societies beside the leading one that wish to agree first, and have not yet."""
        given = self.consenting
        return [s for s in self.beside if s.wants_to_consent and s.id not in given]

    @property
    def ends_at(self) -> datetime | None:
        """When a webinar is over: the end of its last session."""
        return self.until_at if self.is_webinar else None

    @property
    def windows(self) -> list[Window]:
        """From when until when each session of a webinar lasts, in order."""
        return [session.window for session in self.sessions]

    @property
    def societies(self) -> list[Society]:
        return [organiser.society for organiser in self.organisers]

    @property
    def lead(self) -> Society:
        return next(o.society for o in self.organisers if o.role is Role.ORGANISER)

    @property
    def beside(self) -> list[Society]:
        """The societies that hold it together with the leading one."""
        return [o.society for o in self.organisers if o.role is not Role.ORGANISER]

    @property
    def speakers(self) -> list[Speaker]:
        """Who speaks, moderates and plans, in the order of the programme."""
        return sorted((s for s in self.named if not s.has_left), key=lambda s: s.position)

    @speakers.setter
    def speakers(self, speakers: Sequence[Speaker]) -> None:
        for one in self.named:
            one.has_left = one not in speakers
        self.named.extend(one for one in speakers if one not in self.named)

    def owing(self, texts: Texts) -> list[Named]:
        """Who would come onto an announced programme with credits, and has not declared."""
        owes = self.is_announced and self.has_credits
        return newcomers(self.named, texts.speakers) if owes else []

    @property
    def professions(self) -> list[str]:
        return [audience.profession for audience in self.audiences]

    def has_opened(self, at: datetime) -> bool:
        """Whether a course may be taken: from its first day on, or always when it names none."""
        return self.starts_at is None or self.starts_at <= at

    def has_started(self, at: datetime) -> bool:
        return self.is_webinar and self.starts_at is not None and self.starts_at <= at

    def has_ended(self, at: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= at

    def meets(self, hours: Iterable[Hour], zone: str) -> None:
        """Say when a webinar meets. A session keeps its row, and with it what hangs on it."""
        kept = {session.position: session for session in self.sessions}
        sessions = []
        for position, hour in enumerate(hours, 1):
            starts_at, minutes = hour.starts_at(zone), hour.minutes or 0
            assert hour.local is not None
            assert starts_at is not None
            session = kept.get(position) or WebinarSession(position=position)
            session.starts_local, session.zone = f"{hour.local:%Y-%m-%dT%H:%M}", zone
            session.starts_at, session.minutes = starts_at, minutes
            session.ends_at = starts_at + timedelta(minutes=minutes)
            sessions.append(session)
        self.sessions = sessions
        first, last = sessions[0], sessions[-1]
        self.starts_local, self.zone, self.starts_at = first.starts_local, zone, first.starts_at
        self.until_at, self.minutes = last.ends_at, minutes_of(sessions)

    def held_by(self, lead: Society, others: Iterable[Society] = ()) -> None:
        """Say which societies hold it: the leading one first."""
        wanted = [lead, *[s for s in others if s.id != lead.id]]
        kept = {o.society_id: o for o in self.organisers}
        self.organisers = [kept.get(s.id) or Organiser(society=s) for s in wanted]
        for position, organiser in enumerate(self.organisers, 1):
            organiser.position = position
            organiser.role = Role.ORGANISER if position == 1 else Role.CO_ORGANISER

    @classmethod
    def draft(
        cls, session: Session, plan: Plan, texts: Texts, *, lead: Society,
        others: Iterable[Society] = (), by: Person, at: datetime,
    ) -> Activity:  # fmt: skip
        """Plan an activity. Nobody but its societies' staff sees it before it is announced."""
        kind = Webinar if plan.kind is Kind.WEBINAR else Course
        activity = kind(created_at=at, created_by=by)
        activity.announcement = None
        Refusal.unless_none(against(session, plan, texts, [lead, *others], at=at))
        activity._hold(plan, texts, lead, others)
        session.add(activity)
        record(session, f"{plan.kind}.planned", by=by, at=at, on=activity,
               societies=activity.societies, **activity._told)  # fmt: skip
        return activity

    def revise(
        self, plan: Plan, texts: Texts, *, lead: Society, others: Iterable[Society] = (),
        by: Person, at: datetime,
    ) -> None:  # fmt: skip
        """Plan it anew, as long as it is a draft."""
        session = self.held()
        if self.is_announced:
            raise Refusal(_("This is announced: its day, its hour and its societies stand."))
        Refusal.unless_none(against(session, plan, texts, [lead, *others], at=at))
        if (plan, texts, lead, list(others)) != (self.plan, self.texts, self.lead, self.beside):
            self.void_consents(at=at)
        self._hold(plan, texts, lead, others)
        record(session, f"{self.kind}.revised", by=by, at=at, on=self, societies=self.societies,
               **self._told)  # fmt: skip

    def amend(self, texts: Texts, *, by: Person, at: datetime) -> None:
        """Say it in other words; once announced, calendars that hold it learn of the change."""
        session = _session_of(self)
        if texts.link and not is_link(texts.link):
            raise Refusal(NotALink())
        if not self.is_announced and texts != self.texts:
            self.void_consents(at=at)
        self._say(texts)
        if self.is_announced:
            self.changes += 1
            self.changed_at = at
        record(session, f"{self.kind}.amended", by=by, at=at, on=self, societies=self.societies,
               title=self.title, changes=self.changes)  # fmt: skip

    def announce(self, *, by: Person, at: datetime, threshold: int = DEFAULT_THRESHOLD) -> None:
        """Make it public; from now on its presence rule stands."""
        session = self.held()
        if self.announcement is not None:
            return
        if self.has_started(at):
            raise Refusal(_("A webinar is announced before it starts."))
        Refusal.unless_none(self.obstacles(at=at))
        self.threshold = threshold if self.is_webinar else None
        self.announcement = Announcement(by=by, at=at)
        record(session, f"{self.kind}.announced", by=by, at=at, on=self, societies=self.societies,
               title=self.title, threshold=self.threshold)  # fmt: skip

    def obstacles(self, *, at: datetime) -> list[object]:
        """What stands against announcing it now, in this room and in others."""
        session = _session_of(self)
        found: list[object] = [*against(session, self.plan, self.texts, self.societies, at=at)]
        if awaited := self.awaited_consents:
            found.append(AwaitingConsent(tuple(society.short for society in awaited)))
        return found + [one for ask in STANDING_AGAINST for one in ask(self, at)]

    def void_consents(self, *, at: datetime) -> None:
        """The plan is another one: whoever agreed to it is asked again, this moment too."""
        self.held()
        for one in self.consents:
            if one.void_at is None:
                one.void_at = at

    def held(self) -> Session:
        """Nobody else changes it until the transaction ends; who agreed and whether it is announced
        is read anew."""
        session = _session_of(self)
        hold(session, select(Activity.id).where(Activity.id == self.id))
        session.refresh(self, ["announcement", "consents"])
        return session

    @property
    def plan(self) -> Plan:
        """The plan it was last saved with."""
        hours = [_hour(session) for session in self.sessions]
        first = hours[0] if hours else None
        local = datetime.fromisoformat(self.starts_local) if self.starts_local else None
        return Plan(
            kind=self.kind,
            on=local.date() if local else None,
            start=first.start if first else None,
            zone=self.zone,
            minutes=first.minutes if first else self.minutes,
            capacity=self.capacity,
            fold=first.fold if first else None,
            further=tuple(hours[1:]),
        )

    @property
    def terms(self) -> Terms:
        """On which terms people come in."""
        return Terms(
            registration_from=self.registration_from, registration_until=self.registration_until,
            entry=self.entry, members_of=frozenset(o.society_id for o in self.open_to_members),
            invited=frozenset(one.address for one in self.invitations),
            has_credits=self.has_credits, needs_evaluation=self.needs_evaluation,
            proofs=tuple(map(Proof, self.proofs)),
        )  # fmt: skip

    @property
    def texts(self) -> Texts:
        """The words it was last saved with."""
        return Texts(
            title=self.title, summary=self.summary, description=self.description,
            language=self.language, level=self.level, link=self.link,
            speakers=tuple(speaker.named for speaker in self.speakers),
            audiences=frozenset(self.professions), captions=self.captions, outcomes=self.outcomes,
        )  # fmt: skip

    def _hold(self, plan: Plan, texts: Texts, lead: Society, others: Iterable[Society]) -> None:
        if plan.hours:
            self.meets(plan.hours, plan.zone)
        else:
            self.starts_at, self.zone, self.minutes = plan.starts_at, plan.zone, plan.minutes
            self.starts_local = f"{plan.local:%Y-%m-%dT%H:%M}" if plan.local else ""
        self.capacity = plan.capacity
        self.held_by(lead, others)
        self._say(texts)

    def _say(self, texts: Texts) -> None:
        self.title, self.summary, self.description = texts.title, texts.summary, texts.description
        self.language, self.level, self.link = texts.language, texts.level, texts.link
        self.captions, self.outcomes = texts.captions, texts.outcomes
        self.speakers = seated(self.named, texts.speakers)
        kept = {a.profession: a for a in self.audiences}
        self.audiences = [
            kept.get(name) or Audience(profession=name) for name in sorted(texts.audiences)
        ]

    @property
    def _told(self) -> dict[str, Any]:
        """The plan as the journal keeps it."""
        return {
            "title": self.title,
            "starts": self.starts_local,
            "zone": self.zone,
            "minutes": self.minutes,
            **({"sessions": _written(self.sessions)} if len(self.sessions) > 1 else {}),
            "capacity": self.capacity,
            "organisers": [society.code for society in self.societies],
        }

    def __str__(self) -> str:
        return self.title


class Webinar(Activity):
    """A live session at an hour, with a link to join."""

    __mapper_args__ = {"polymorphic_identity": Kind.WEBINAR}


class Course(Activity):
    """An online course, taken at one's own pace."""

    __mapper_args__ = {"polymorphic_identity": Kind.COURSE}


class Organiser(Base):
    """A society's part in an activity."""

    __tablename__ = "organisers"
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    society_id: Mapped[int] = mapped_column(
        ForeignKey("societies.id"), primary_key=True, index=True
    )
    role: Mapped[Role]
    position: Mapped[int]
    society: Mapped[Society] = relationship()


class Audience(Base):
    """A profession an activity is meant for; none means everyone."""

    __tablename__ = "activity_audiences"
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    profession: Mapped[str] = mapped_column(primary_key=True, index=True)


class Announcement(Base):
    """The act that made an activity public."""

    __tablename__ = "announcements"
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    activity: Mapped[Activity] = relationship(back_populates="announcement")
    by: Mapped[Person] = relationship()


def against(
    session: Session, plan: Plan, texts: Texts, societies: Sequence[Society], *, at: datetime,
    begun: int = 0,
) -> list[Obstacle]:  # fmt: skip
    """What stands against a plan of these societies; so many sessions of it have begun."""
    groups = untied(session, societies, plan.kind.scope, on=plan.day(at))
    return obstacles(plan, at=at, groups=groups, link=texts.link, begun=begun)


def _hour(session: WebinarSession) -> Hour:
    """A session as it was planned."""
    local = datetime.fromisoformat(session.starts_local)
    found = moments(local, session.zone)
    fold = int(session.starts_at >= found[1]) if len(found) > 1 else None
    return Hour(on=local.date(), start=local.time(), minutes=session.minutes, fold=fold)


def _written(sessions: Sequence[WebinarSession]) -> list[list[str | int]]:
    """Sessions as the journal keeps them."""
    return [[session.starts_local, session.minutes] for session in sessions]


def _session_of(activity: Activity) -> Session:
    session = object_session(activity)
    assert session is not None
    return session
