"""What a speaker tells of themselves, what they hand in, and the link by which they do it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, LargeBinary, Select, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, object_session, relationship

from app.accounts.models import Person, new_token, normal, token_digest
from app.agenda.speakers import Speaker
from app.db import Base
from app.errors import Refusal
from app.journal.models import record
from app.texts import gettext as _

if TYPE_CHECKING:
    from app.agenda.models import Activity

LINK_LIFE = timedelta(days=90)
"""How long after the end of a webinar the personal page stays open."""
COURSE_LIFE = timedelta(days=365)
MOST_MATERIAL = 20


class SpeakerProfile(Base):
    """What the public page shows of a speaker besides name and affiliation."""

    __tablename__ = "speaker_profiles"
    speaker_id: Mapped[int] = mapped_column(ForeignKey("speakers.id"), primary_key=True)
    biography: Mapped[str] = mapped_column(default="")
    """Markdown, a thousand characters at most."""
    photo: Mapped[str | None] = mapped_column(index=True)
    """The digest of a JPEG among the files."""
    photo_alt: Mapped[str] = mapped_column(default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    """The account of the same person, once they have said so."""
    changed_at: Mapped[datetime]

    speaker: Mapped[Speaker] = relationship(back_populates="profile")
    person: Mapped[Person | None] = relationship()

    @classmethod
    def of(cls, speaker: Speaker, *, at: datetime) -> SpeakerProfile:
        """The profile of a speaker, begun now if there is none yet."""
        if speaker.profile is None:
            speaker.profile = cls(biography="", photo=None, photo_alt="", changed_at=at)
        return speaker.profile

    @property
    def alt(self) -> str:
        """What the photograph shows, for whoever cannot see it."""
        return self.photo_alt or _("Portrait of %(name)s", name=self.speaker.name)


class Release(StrEnum):
    """When those who are enrolled may have what a speaker handed in."""

    AT_ONCE = "at once"
    AFTERWARDS = "afterwards"


class Material(Base):
    """A file that a speaker handed in for those who are enrolled."""

    __tablename__ = "materials"
    id: Mapped[int] = mapped_column(primary_key=True)
    speaker_id: Mapped[int] = mapped_column(ForeignKey("speakers.id"), index=True)
    name: Mapped[str]
    type: Mapped[str]
    size: Mapped[int]
    digest: Mapped[str]
    release: Mapped[Release]
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    speaker: Mapped[Speaker] = relationship()

    @classmethod
    def of(cls, activity: Activity) -> Select[Material]:
        """What has been handed in for an activity and not taken back."""
        return (
            select(cls)
            .join(cls.speaker)
            .where(Speaker.activity_id == activity.id, cls.withdrawn_at.is_(None))
            .options(joinedload(cls.speaker))
            .order_by(Speaker.position, cls.id)
        )

    @classmethod
    def by(cls, speaker: Speaker) -> Select[Material]:
        return (
            select(cls)
            .where(cls.speaker_id == speaker.id, cls.withdrawn_at.is_(None))
            .order_by(cls.id)
        )

    def is_open(self, activity: Activity, at: datetime) -> bool:
        """Whether those who are enrolled may have it."""
        return (
            self.withdrawn_at is None
            and not self.speaker.has_left
            and (self.release is Release.AT_ONCE or activity.has_ended(at))
        )

    def open_from(self, release: Release, *, at: datetime) -> None:
        """Choose anew when those who are enrolled may have it."""
        if release is not self.release:
            self.release = release
            note(self.speaker, "material.released", at, on=self, file=self.name, when=release)

    def take_back(self, *, at: datetime) -> None:
        """Have it no longer handed out."""
        if self.withdrawn_at is None:
            self.withdrawn_at = at
            note(self.speaker, "material.withdrawn", at, on=self, file=self.name)

    def __str__(self) -> str:
        return self.name


class SpeakerInvitation(Base):
    """A letter with the link to a speaker's personal page; only the digest of it is kept."""

    __tablename__ = "speaker_invitations"
    id: Mapped[int] = mapped_column(primary_key=True)
    speaker_id: Mapped[int] = mapped_column(ForeignKey("speakers.id"), index=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    address: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    speaker: Mapped[Speaker] = relationship()
    by: Mapped[Person] = relationship()

    def is_open(self, at: datetime) -> bool:
        """Whether its link opens the page: not once it was revoked, the webinar is long over, the
        speaker is off the programme, or their address is another one."""
        speaker = self.speaker
        end = speaker.activity.ends_at
        until = end + LINK_LIFE if end else self.at + COURSE_LIFE
        is_theirs = normal(speaker.address) == normal(self.address) and not speaker.has_left
        return is_theirs and self.revoked_at is None and at < until


def introduce(speaker: Speaker, *, affiliation: str, biography: str, at: datetime) -> None:
    """Say where a speaker comes from and who they are."""
    profile = SpeakerProfile.of(speaker, at=at)
    speaker.affiliation, profile.biography, profile.changed_at = affiliation, biography, at
    note(speaker, "speaker.introduced", at, affiliation=affiliation, length=len(biography))


def show_face(speaker: Speaker, digest: str | None, *, alt: str, at: datetime) -> None:
    """Show this photograph of a speaker, or none."""
    profile = SpeakerProfile.of(speaker, at=at)
    has_changed = profile.photo != digest
    profile.photo, profile.photo_alt, profile.changed_at = digest, alt, at
    if has_changed:
        note(speaker, "speaker.pictured", at, photo=digest)


def belongs_to(speaker: Speaker, person: Person | None, *, by: Person, at: datetime) -> None:
    """Say whose account is that of the speaker, or that it is nobody's."""
    profile = SpeakerProfile.of(speaker, at=at)
    profile.person = person
    note(speaker, "speaker.linked", at, by=by, person=person.id if person else None)


def hand_in(
    speaker: Speaker, *, name: str, type: str, content: bytes, digest: str, release: Release,
    at: datetime,
) -> Material:  # fmt: skip
    """Keep a file for those who are enrolled. The same file twice is one."""
    session = _session_of(speaker)
    here = session.scalars(Material.by(speaker)).all()
    again = next((one for one in here if one.digest == digest), None)
    if again is not None:
        again.open_from(release, at=at)
        return again
    if len(here) >= MOST_MATERIAL:
        raise Refusal(_("These are %(most)d files already. Remove one first, or send a ZIP file.",
                        most=MOST_MATERIAL))  # fmt: skip
    material = Material(speaker=speaker, name=name, type=type, size=len(content), digest=digest,
                        release=release, at=at)  # fmt: skip
    session.add(material)
    note(speaker, "material.handed_in", at, on=material, file=name, digest=digest, when=release)
    return material


def invite(speaker: Speaker, *, by: Person, at: datetime) -> str:
    """Make the token of a letter to a speaker. Earlier letters stay good."""
    session = _session_of(speaker)
    if speaker.has_left:
        raise Refusal(_("%(name)s is no longer on the programme.", name=speaker.name))
    if not speaker.address:
        raise Refusal(_("Enter the e-mail address of %(name)s first.", name=speaker.name))
    token = new_token()
    session.add(
        SpeakerInvitation(
            speaker=speaker, token_digest=token_digest(token), address=speaker.address, by=by, at=at
        )
    )
    note(speaker, "speaker.invited", at, by=by, address=speaker.address)
    return token


def revoke(speaker: Speaker, *, by: Person, at: datetime) -> None:
    """Close every link that was sent to a speaker."""
    open_ones = invitations(_session_of(speaker), [speaker])
    for one in open_ones:
        one.revoked_at = at
    if open_ones:
        note(speaker, "speaker.link_revoked", at, by=by, letters=len(open_ones))


def invitations(session: Session, speakers: list[Speaker]) -> list[SpeakerInvitation]:
    """The letters to these people that have not been revoked, the latest first."""
    found = (
        select(SpeakerInvitation)
        .where(
            SpeakerInvitation.speaker_id.in_([speaker.id for speaker in speakers]),
            SpeakerInvitation.revoked_at.is_(None),
        )
        .order_by(SpeakerInvitation.id.desc())
    )
    return list(session.scalars(found))


def of_token(session: Session, token: str, *, at: datetime) -> Speaker | None:
    """The speaker whose letter carries this token, while its link is open."""
    invitation = session.scalars(
        select(SpeakerInvitation)
        .where(SpeakerInvitation.token_digest == token_digest(token))
        .options(
            joinedload(SpeakerInvitation.speaker).options(
                joinedload(Speaker.profile), joinedload(Speaker.activity)
            )
        )
    ).one_or_none()
    return invitation.speaker if invitation is not None and invitation.is_open(at) else None


def note(
    speaker: Speaker, act: str, at: datetime, *, by: Person | None = None, on: object = None,
    **details: Any,
) -> None:  # fmt: skip
    """Leave an entry. Without a person, it was whoever holds the link, under the speaker's name.

    The account that is linked stands for nothing here: the link opens the page without it.
    """
    activity = speaker.activity
    if by is None:
        details["through"] = "personal page"
    entry = record(_session_of(speaker), act, by=by, at=at, on=on or speaker,
                   societies=activity.societies, title=activity.title, speaker=speaker.name,
                   **details)  # fmt: skip
    if by is None:
        entry.actor_name = speaker.name


def _session_of(speaker: Speaker) -> Session:
    session = object_session(speaker)
    assert session is not None
    return session
