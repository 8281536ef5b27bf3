"""The main job from an empty database to a verified diploma, each step with its proof."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import db, jobs
from app.accounts import password
from app.accounts.models import Person
from app.accounts.signing_up import Newcomer, confirm, of_token, sign_up
from app.agenda.models import Activity
from app.assessments.sitting import hand_in, open_sitting
from app.attendance import queries
from app.attendance.models import Participant
from app.attendance.presence import seconds
from app.awards.drawing_up import draw_up, freeze
from app.awards.models import AwardList
from app.awards.release import approve
from app.clock import now, today
from app.completions.fulfilment import complete
from app.completions.models import Completion
from app.completions.settling import settle
from app.credentials.models import Credential, CredentialKind
from app.demo import courses, diplomas, founding, programme, reports, webinars
from app.demo.scene import Scene
from app.enrolments.booking import enrol
from app.enrolments.models import Enrolment
from app.files import digest_of, files
from app.learning.models import Lesson, LessonCompletion
from app.outbox.models import Message
from app.schemes.applying import apply
from app.societies.models import Office
from app.verification.answers import as_json
from app.verification.examine import by_file, by_serial

HOLDER = 13
"""Олександра Їжакевич: she stayed to the end of the webinar of the sample report."""


@dataclass(frozen=True)
class Proof:
    """A step of the story: what was done, what was looked at, and whether it was so."""

    step: str
    holds: bool
    says: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass
class Story:
    """One telling. Past acts happen at their own moments, the last ones now."""

    out: Path
    scene: Scene

    @classmethod
    def begin(cls, session: Session, out: Path) -> Story:
        return cls(out, Scene(session, now(), password.digest("seven lanterns by the harbour")))

    def tell(self) -> Iterator[Proof]:
        """Play the chapters; the caller's transaction is committed after each."""
        for chapter in (
            self.societies, self.announcement, self.enrolment, self.presence, self.certificate,
            self.course, self.candidacy, self.first_key, self.second_key, self.diploma,
            self.verification, self.alteration,
        ):  # fmt: skip
            yield chapter()
            db.commit(self.session)

    @property
    def session(self) -> Session:
        return self.scene.session

    @property
    def entry(self) -> programme.Entry:
        return next(entry for entry in programme.webinars() if entry.report)

    @property
    def webinar(self) -> Activity:
        return self.scene.activities[self.entry.name]

    @property
    def person(self) -> Person:
        return self.scene.learners[HOLDER]

    # -- from the societies to the certificate -------------------------------------------------

    def societies(self) -> Proof:
        empty = not self.session.scalar(select(func.count()).select_from(Person))
        founding.found(self.scene)
        tied = [s.short for s in self.scene.societies.values()]
        return Proof(
            "societies", empty and len(tied) == 3,
            f"An empty database; then {', '.join(tied)} and two agreements.",
            {"was_empty": empty, "societies": tied},
        )  # fmt: skip

    def announcement(self) -> Proof:
        _content, starts_at = reports.sample(self.scene.now)
        planned_at, announced_at = programme.dates(self.scene, self.entry, starts_at)
        webinar = programme.plan_webinar(planned_at, self.scene, self.entry, starts_at)
        hidden = not webinar.is_announced
        programme.announce(announced_at, self.scene, self.entry)
        return Proof(
            "announcement", hidden and webinar.is_announced and webinar.threshold == 80,
            f"{webinar.title}: planned, then announced with a threshold of {webinar.threshold} %.",
            {"webinar": webinar.id, "starts_at": starts_at.isoformat()},
        )  # fmt: skip

    def enrolment(self) -> Proof:
        """A newcomer signs up, answers the letter and enrols; everybody else does so too."""
        announcement = self.webinar.announcement
        assert announcement is not None
        at = announcement.at + timedelta(hours=1)
        who = Newcomer(
            name="Noa Ferrari", address="noa.ferrari@clinic.example", password=self.scene.digest,
            profession="radiologist", country="IT", zone="Europe/Rome",
        )  # fmt: skip
        _wish, token = sign_up(self.session, who, at=at, intent=f"enrol:{self.webinar.id}")
        wish = of_token(self.session, token, at=at + timedelta(minutes=3))
        assert wish is not None
        newcomer = confirm(self.session, wish, at=at + timedelta(minutes=3))
        mine = enrol(self.session, self.webinar, newcomer, at=at + timedelta(minutes=3))
        for person in webinars.invited(self.scene, self.entry):
            enrol(self.session, self.webinar, person, at=at + timedelta(hours=1))
        self.session.flush()
        places, waiting = self._house()
        letter = self.session.scalars(select(Message).where(Message.to == who.address)).first()
        says = (
            f"{newcomer.name} has a place; {places} have one, {waiting} wait; a letter confirms it."
        )
        return Proof(
            "enrolment",
            mine.has_place and places == self.webinar.capacity and waiting > 0
            and letter is not None,
            says, {"places": places, "waiting": waiting, "letter": letter and letter.subject},
        )  # fmt: skip

    def _house(self) -> tuple[int, int]:
        every = self.session.scalars(
            select(Enrolment).where(Enrolment.activity_id == self.webinar.id)
        ).all()
        places = sum(one.has_place for one in every)
        return places, len(every) - places

    def presence(self) -> Proof:
        """The real report, matched and settled; every second compared with the oracle."""
        ends_at = self.webinar.ends_at
        assert ends_at is not None
        webinars.take_in(ends_at + timedelta(hours=15), self.scene, self.entry, self.webinar)
        webinars.decide(ends_at + timedelta(hours=16), self.scene, self.webinar)
        settled_at = ends_at + timedelta(hours=17)
        by = self.scene.administrator(self.webinar)
        settlement = settle(self.session, self.webinar, by=by, at=settled_at)
        counted = self._seconds()
        wrong = {a: (counted.get(a), s) for a, s in oracle().items() if counted.get(a) != s}
        says = (
            f"{len(oracle())} people equal the oracle to the second; {settlement.present} of them "
            f"reached {settlement.threshold} %."
        )
        facts = {"people": len(oracle()), "differences": wrong, "present": settlement.present}
        return Proof("presence", not wrong and settlement.present > 0, says, facts)

    def _seconds(self) -> dict[str, int]:
        stays = queries.presence(self.session, self.webinar)
        rows = self.session.execute(
            select(Participant.address, Participant.enrolment_id).where(
                Participant.activity_id == self.webinar.id, Participant.enrolment_id.is_not(None)
            )
        )
        return {address: seconds(stays[id]) for address, id in rows if id is not None}

    def certificate(self) -> Proof:
        """The job issues what is due and sets the sheet of one certificate and all others."""
        db.commit(self.session)
        jobs.run_all()
        self.session.expire_all()
        issued = self.session.scalars(select(Credential)).all()
        mine = self._document(CredentialKind.ATTENDANCE)
        digest = self._keep(mine, "certificate.pdf")
        completed = self.session.scalar(select(func.count()).select_from(Completion))
        return Proof(
            "certificate",
            len(issued) == completed and all(one.is_ready for one in issued)
            and digest == mine.file_digest,
            f"{len(issued)} certificates for {completed} completions; certificate.pdf written.",
            {"serial": mine.serial, "sha256": digest, "certificates": len(issued)},
        )  # fmt: skip

    # -- from the course to the diploma --------------------------------------------------------

    def course(self) -> Proof:
        entry = next(e for e in programme.courses() if e.key == courses.FOUNDATIONS)
        at = self.scene.day(-30)
        course = programme.plan_course(at, self.scene, entry)
        courses.writing(at, self.scene, entry)
        programme.announce(at, self.scene, entry)
        enrolment = enrol(self.session, course, self.person, at=at + timedelta(days=1))
        for days, lesson in enumerate(self.session.scalars(Lesson.of(course)), 2):
            LessonCompletion.mark(self.session, lesson, enrolment, at=at + timedelta(days=days))
        before = complete(self.session, enrolment, at=at + timedelta(days=4))
        sat_at = at + timedelta(days=5)
        sitting = open_sitting(
            self.session, enrolment, at=sat_at, seed=self.scene.dice.getrandbits(64)
        )
        answers = [item.right for item in sitting.items]
        grading = hand_in(self.session, sitting, answers, at=sat_at + timedelta(minutes=9))
        completion = complete(self.session, enrolment, at=sat_at + timedelta(minutes=9))
        return Proof(
            "course", before is None and grading.passed and completion is not None,
            f"Lessons alone complete nothing; the test, {grading.score} % right, does.",
            {"course": course.id, "score": grading.score, "pass_mark": sitting.pass_mark},
        )  # fmt: skip

    def candidacy(self) -> Proof:
        diplomas.publish(self.scene.day(-20), self.scene)
        candidacy = apply(
            self.session, diplomas.edition(self.scene), self.person, at=self.scene.day(-10)
        )
        by = self.scene.officers["eusomii", Office.EDUCATION_OFFICER]
        award_list = draw_up(
            self.session, candidacy.edition, [candidacy], title="The list of the story", by=by,
            at=self.scene.now,
        )  # fmt: skip
        freeze(self.session, award_list, by=by, at=self.scene.now)
        return Proof(
            "award list", award_list.is_frozen,
            f"{self.person.name} applied; the list is frozen under its digest.",
            {"list": award_list.id, "digest": award_list.digest},
        )  # fmt: skip

    def first_key(self) -> Proof:
        release = self._turn("eusomii")
        db.commit(self.session)
        jobs.run_all()
        issued = self._diplomas()
        return Proof(
            "first key", release is None and issued == 0,
            "EuSoMII approves: nothing is released.", {"diplomas": issued},
        )  # fmt: skip

    def second_key(self) -> Proof:
        release = self._turn("siim")
        db.commit(self.session)
        jobs.run_all()
        issued = self._diplomas()
        return Proof(
            "second key", release is not None and issued == 1,
            "SIIM approves: the list is released and becomes one diploma.", {"diplomas": issued},
        )  # fmt: skip

    def _turn(self, code: str) -> object:
        award_list = self.session.scalars(select(AwardList)).one()
        assert award_list.digest is not None
        return approve(
            self.session, award_list, self.scene.societies[code], seen=award_list.digest,
            by=self.scene.officers[code, Office.PRESIDENT], at=now(),
        )  # fmt: skip

    def _diplomas(self) -> int:
        where = Credential.kind == CredentialKind.DIPLOMA
        return self.session.scalar(select(func.count()).select_from(Credential).where(where)) or 0

    def diploma(self) -> Proof:
        self.session.expire_all()
        mine = self._document(CredentialKind.DIPLOMA)
        digest = self._keep(mine, "diploma.pdf")
        awarding = [society["short"] for society in mine.snapshot["awarding"]]
        return Proof(
            "diploma", digest == mine.file_digest and awarding == ["EuSoMII", "SIIM"],
            f"diploma.pdf written for {mine.holder_name}, awarded by {' and '.join(awarding)}.",
            {"serial": mine.serial, "sha256": digest, "bytes": mine.file_size},
        )  # fmt: skip

    def _document(self, kind: CredentialKind) -> Credential:
        return (
            self.session.scalars(Credential.of(self.person).where(Credential.kind == kind))
            .unique()
            .one()
        )

    def _keep(self, credential: Credential, name: str) -> str:
        """Write the stored bytes beside the others, and answer the digest of what was written."""
        assert credential.file_digest is not None
        (self.out / name).write_bytes(files.read(credential.file_digest))
        return digest_of((self.out / name).read_bytes())

    # -- a stranger asks -----------------------------------------------------------------------

    def verification(self) -> Proof:
        serial = self._document(CredentialKind.DIPLOMA).serial
        said = as_json(by_serial(self.session, serial, on=today()))
        shown = as_json(by_file(self.session, self._bytes(), on=today()))
        return Proof(
            "verification", said["valid"] and shown["valid"] and shown["serial"] == serial,
            "By its serial and by its bytes the diploma is genuine and valid.",
            {"serial": serial, "by_serial": said["verdict"], "by_file": shown["verdict"]},
        )  # fmt: skip

    def alteration(self) -> Proof:
        content = bytearray(self._bytes())
        content[len(content) // 2] ^= 1
        altered = as_json(by_file(self.session, bytes(content), on=today()))
        foreign = as_json(by_file(self.session, b"%PDF-1.7 something else", on=today()))
        return Proof(
            "altered byte", altered["verdict"] == "altered" and foreign["verdict"] == "unknown",
            "With one bit changed the same file is altered; another file is unknown.",
            {"altered": altered["verdict"], "foreign": foreign["verdict"]},
        )  # fmt: skip

    def _bytes(self) -> bytes:
        return (self.out / "diploma.pdf").read_bytes()


def oracle() -> dict[str, int]:
    """The seconds that everybody in the sample report was present, counted by other means."""
    with (founding.DATA / "expected-presence.csv").open(encoding="utf-8", newline="") as file:
        return {row["person_email"]: int(row["seconds_present"]) for row in csv.DictReader(file)}
