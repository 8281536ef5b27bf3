"""A house with two sides: what EuSoMII and SIIM hold together, and what EFRS holds alone.

`ours` and `theirs` name the same nouns on each side, so that every address can be asked for with
one's own record, with another's, and with none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import addresses, resets, signing_up
from app.accounts.models import Person
from app.accounts.models import Session as SignedIn
from app.agenda.acts import consent
from app.agenda.models import Activity, Course
from app.agreements.models import Agreement, Party
from app.assessments.models import Assessment
from app.assessments.sitting import open_sitting
from app.attendance.matching import How, WhyNot
from app.attendance.models import Participant, Presence, PresenceReport
from app.awards.drawing_up import draw_up, freeze
from app.awards.models import AwardList
from app.awards.release import approve
from app.clock import now
from app.credentials import typesetting
from app.credentials.issuing import issue_certificate, issue_diploma
from app.credentials.models import CorrectionRequest, Credential
from app.enrolments.booking import enrol
from app.files import files
from app.journal.models import Entry, record
from app.learning.models import Lesson, LessonCompletion
from app.outbox.models import Message
from app.schemes.models import Edition, Nature
from app.schemes.publishing import Rules, publish_scheme
from app.societies.models import Mandate, Society
from app.verification import keyring
from tests.cast import NOON, make_webinar
from tests.schemes.stage import complete, make_candidate
from tests.stories.badge_house import badges_of_side
from tests.stories.design_house import designs_of_side
from tests.stories.evening import evening
from tests.stories.key_house import keys_of_side
from tests.stories.log_house import log_of_side
from tests.stories.seal_house import seals_of_side

HELD = datetime.fromisoformat("2026-10-14T16:00+00:00")
Nouns = dict[str, Any]


@dataclass
class Side:
    """Who builds one side of the house, and for whom."""

    name: str
    lead: Society
    others: list[Society]
    admin: Person
    officers: list[tuple[Person, Society]]
    learner: Person
    make_person: Callable[..., Person]

    def build(self, session: Session) -> Nouns:
        nouns: Nouns = {"society": self.lead.code, "society_id": self.lead.id}
        held, coming = self._webinars(session, nouns)
        nouns |= evening(session, self, held, coming)
        nouns |= self._course(session)
        nouns |= self._awards(session)
        nouns |= self._personal(session)
        nouns |= self._kept(session)
        nouns |= self._awaited(session, nouns)
        nouns |= log_of_side(session, self.name)
        return nouns

    def _awaited(self, session: Session, nouns: Nouns) -> Nouns:
        """Whoever holds something beside the leading society consents first: to one draft it has,
        to another not yet."""
        draft = session.get_one(Activity, nouns["draft"])
        awaited = self.webinar(session, "Awaited", announced=False)
        for society in self.others:
            society.wants_to_consent = True
            consent(draft, society, by=self.admin, at=now())
        session.flush()
        return {"awaited": awaited.id}

    def webinar(self, session: Session, title: str, **facts: Any) -> Activity:
        return make_webinar(
            session, self.admin, self.lead, *self.others, title=f"{title} ({self.name})", **facts
        )

    def _webinars(self, session: Session, nouns: Nouns) -> tuple[Activity, Activity]:
        held = self.webinar(session, "Held", starts_at=HELD)
        place = enrol(session, held, self.learner, at=NOON)
        report = PresenceReport(
            activity=held,
            provider="zoom-webinar",
            topic=held.title,
            file_name="report.csv",
            file_digest=files.keep(b"name,joined,left\n"),
            zone="UTC",
            ignored=[],
            by=self.admin,
            at=now(),
        )
        guest = Participant(
            report=report,
            activity_id=held.id,
            key="guest",
            name="A. Guest",
            role="attendee",
            how=WhyNot.NO_ADDRESS,
        )
        known = Participant(
            report=report,
            activity_id=held.id,
            key="known",
            role="attendee",
            name=self.learner.name,
            how=How.ADDRESS,
            enrolment_id=place.id,
        )
        for one in (guest, known):
            one.intervals = [Presence(joined_at=HELD, left_at=HELD + timedelta(minutes=85))]
        session.add_all([report, guest, known])
        coming = self.webinar(session, "Coming", capacity=30)
        enrolment = enrol(session, coming, self.learner, at=now())
        draft = self.webinar(session, "Draft", announced=False)
        session.flush()
        nouns |= {
            "webinar": held.id,
            "coming": coming.id,
            "draft": draft.id,
            "report": report.id,
            "participant": guest.id,
            "place": place.id,
            "enrolment": enrolment.id,
        }
        return held, coming

    def _course(self, session: Session) -> Nouns:
        course = self._make_course(session, "Course")
        by, at = self.admin, NOON
        lessons = [
            Lesson.add(session, course, title=f"Lesson {n}", body="Text", minutes=5, by=by, at=at)
            for n in (1, 2)
        ]
        session.flush()
        test = Assessment.set(session, course, by=by, at=at)
        questions = [test.ask(f"Is {n} odd?", ["yes", "no"], right=0, by=by, at=at) for n in (1, 3)]
        session.flush()
        place = enrol(session, course, self.learner, at=NOON)
        for lesson in lessons:
            LessonCompletion.mark(session, lesson, place, at=NOON)
        extra = Lesson.add(session, course, title="News", body="Text", minutes=5, by=by, at=at)
        session.flush()
        extra_done = LessonCompletion.mark(session, extra, place, at=NOON)
        sitting = open_sitting(session, place, at=NOON, seed=7)
        session.delete(extra_done)
        session.flush()
        return {
            "course": course.id,
            "lesson": lessons[0].id,
            "news": extra.id,
            "position": 1,
            "question": questions[0].id,
            "sitting": sitting.id,
        }

    def _make_course(self, session: Session, title: str) -> Activity:
        course = Course(
            title=f"{title} ({self.name})",
            summary="From pixels to policy.",
            created_at=NOON,
            created_by=self.admin,
            minutes=120,
        )
        course.held_by(self.lead, self.others)
        session.add(course)
        session.flush()
        course.announce(by=self.admin, at=NOON)
        session.flush()
        return course

    def _awards(self, session: Session) -> Nouns:
        """A scheme with an open, a frozen and a released list, and somebody who waits."""
        webinar = self.webinar(session, "Settled", starts_at=HELD - timedelta(days=60))
        course, chair = self._make_course(session, "Done"), self.officers[0][0]
        rules = Rules(
            name="2026", opens_on=date(2026, 1, 1), webinars=1, courses=[course], validity_years=5
        )
        scheme = publish_scheme(
            session,
            code=f"scheme-{self.name}",
            title=f"Certificate of {self.name}",
            nature=Nature.PROGRAMME,
            body=self.lead,
            awarding=[self.lead, *self.others],
            rules=rules,
            by=chair,
            at=NOON,
        )
        designs = designs_of_side(session, scheme, chair)
        edition = scheme.editions[0]
        people = [
            self.learner,
            *(
                self.make_person(f"{n} of {self.name}", f"{n}@{self.name}.example")
                for n in ("Second", "Third", "Fourth")
            ),
        ]
        candidacies = [make_candidate(session, edition, p, webinar, course, NOON) for p in people]
        lists = [
            draw_up(session, edition, [candidacy], title=f"List {n}", by=chair, at=NOON)
            for n, candidacy in enumerate(candidacies[:3], 1)
        ]
        session.flush()
        released, frozen, opened = lists
        for one in (released, frozen):
            freeze(session, one, by=chair, at=NOON)
        for officer, society in self.officers:
            assert released.digest is not None
            approve(session, released, society, seen=released.digest, by=officer, at=NOON)
        session.flush()
        keys = keys_of_side(session, self.lead, self.others, scheme)
        return {
            **keys,
            **designs,
            "scheme": scheme.code,
            "edition": edition.id,
            "waiting": candidacies[3].id,
            "open list": opened.id,
            "award": opened.awards[0].id,
            "frozen list": frozen.id,
            "frozen digest": frozen.digest,
            "released list": released.id,
            "released award": released.awards[0].id,
            **self._credentials(session, released, edition),
        }

    def _credentials(self, session: Session, released: AwardList, _edition: Edition) -> Nouns:
        def address(serial: str) -> str:
            return f"http://127.0.0.1:8000/v/{serial}"

        session.expire(released, ["release"])
        diploma = issue_diploma(session, released.awards[0], at=now(), address=address)
        webinar = self.webinar(session, "Certified", starts_at=HELD - timedelta(days=30))
        certificate = issue_certificate(
            session, complete(session, self.learner, webinar), at=now(), address=address
        )
        failed = issue_certificate(
            session,
            complete(
                session,
                self.learner,
                self.webinar(session, "Failed", starts_at=HELD - timedelta(days=20)),
            ),
            at=now(),
            address=address,
        )
        session.flush()
        for one in (diploma, certificate):
            content = f"%PDF-1.7 of {one.serial}".encode()
            digest = files.keep(content)
            file = typesetting.File(digest, len(content))
            assert typesetting.finish(session, {one.id: file}, at=now())
        typesetting.fail(session, failed.id, "too wide", at=now())
        asked = self._correction(session, certificate), self._correction(session, diploma)
        unsealed = self.webinar(session, "Unsealed", starts_at=HELD - timedelta(days=10))
        awaiting = issue_certificate(
            session, complete(session, self.learner, unsealed), at=now(), address=address
        )
        session.flush()
        badges = badges_of_side(session, self.name, self.lead, diploma, self.officers[0][0])
        return {
            **badges,
            **seals_of_side(session, self.lead, awaiting),
            "certificate": certificate.serial,
            "diploma": diploma.serial,
            "failed": failed.serial,
            "correction": asked[0].id,
            "diploma correction": asked[1].id,
        }

    def _correction(self, session: Session, credential: Credential) -> CorrectionRequest:
        asked = CorrectionRequest(credential=credential, name="Another Name", asked_at=now())
        session.add(asked)
        return asked

    def _personal(self, session: Session) -> Nouns:
        """What belongs to the learner alone, and letters that open a door."""
        second, token = addresses.add(session, self.learner, f"second@{self.name}.example", at=NOON)
        session.flush()
        addresses.confirm(session, second, by=self.learner, at=NOON)
        third, token = addresses.add(session, self.learner, f"third@{self.name}.example", at=now())
        elsewhere = SignedIn.start(self.learner, at=now(), browser="elsewhere", origin="127.0.0.1")
        session.add(elsewhere)
        newcomer = signing_up.Newcomer(
            name="A. Newcomer",
            address=f"new@{self.name}.example",
            password="!",
            profession="engineer",
            country="SE",
            zone="Europe/Stockholm",
        )
        _wish, wish_token = signing_up.sign_up(session, newcomer, at=now())
        reset = resets.ask(session, self.learner, at=now())
        session.flush()
        key, _text = keyring.make(
            session, person=self.learner, organisation="A hospital", purpose="", at=now()
        )
        session.flush()
        return {
            "api key": key.id,
            "address": second.id,
            "unconfirmed": third.id,
            "address letter": token,
            "session": elsewhere.id,
            "sign-up letter": wish_token,
            "reset letter": reset,
        }

    def _kept(self, session: Session) -> Nouns:
        """What offices read: letters, entries, agreements, mandates."""
        mandate = session.scalars(select(Mandate).where(Mandate.person_id == self.admin.id)).one()
        entry = record(
            session,
            "society.looked-at",
            by=self.admin,
            at=now(),
            on=self.lead,
            society_id=self.lead.id,
        )
        letters = session.scalars(select(Message).where(Message.person_id == self.learner.id))
        letter = next(one for one in letters if one.attachments)
        agreement = session.scalars(
            select(Agreement).join(Party).where(Party.society_id == self._tied).limit(1)
        ).first()
        assert agreement is not None
        unsent = Message(
            kind="test",
            to="nobody@nowhere.example",
            person_id=self.learner.id,
            subject="Unsent",
            plain="Unsent.\n",
            html="<p>Unsent.</p>",
            attachments=[],
            next_at=now(),
            waits=False,
            message_id=f"<unsent-{self.name}@localhost>",
            written_at=now(),
            attempts=12,
            last_error="refused",
        )
        session.add(unsent)
        session.flush()
        assert isinstance(entry, Entry)
        return {
            "mandate": mandate.id,
            "entry": entry.id,
            "letter": letter.id,
            "number": 1,
            "unsent": unsent.id,
            "agreement": agreement.id,
        }

    @property
    def _tied(self) -> int:
        return (self.others or [self.lead])[0].id
