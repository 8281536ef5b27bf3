"""The joint scheme of EuSoMII and SIIM: candidates, lists, keys, diplomas and what followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.awards.drawing_up import draw_up, freeze
from app.awards.models import Award, AwardList
from app.awards.release import approve
from app.credentials import corrections
from app.credentials.issuing import issue_diploma
from app.credentials.jobs import verification_url
from app.credentials.models import Credential, CredentialKind
from app.credentials.withholding import Decision, withdraw
from app.demo import cast, designs
from app.demo.courses import FOUNDATIONS
from app.demo.scene import Scene
from app.schemes.applying import apply
from app.schemes.models import Candidacy, Edition, Nature, Scheme
from app.schemes.publishing import Rules, publish_scheme
from app.signing_keys import making
from app.societies.models import Office

CODE = "joint-certificate-imaging-informatics"
TITLE = "Joint Certificate in Imaging Informatics"
SUMMARY = "One certificate of two societies, for every profession that works with medical images."
DESCRIPTION = """The societies test what their joint course teaches, and see that you have met the \
community at a joint webinar.

## How it goes

1. Attend one joint webinar and complete the course.
2. Apply here: you see at once whether anything is missing.
3. An officer of each society approves the list on which your name stands.
4. Your diploma is released, and anyone can verify it.
"""
CORRECTED_NAME = "Ann Dixon-Hale"


def stage(scene: Scene) -> None:
    """Put the scheme and everything that follows from it into the script."""
    script, day = scene.script, scene.day
    script.at(day(-330, "08:00"), designs.taking_in, scene)
    script.at(day(-329, "08:00"), designs.certificates, scene)
    script.at(day(-200), publish, scene)
    script.at(day(-199), designing, scene, designs.FIRST_DIPLOMA)
    script.at(day(-100), designing, scene, designs.DIPLOMA)
    for numbers, first, last in (
        (cast.WITHDRAWN, -139, -135),
        (cast.RELEASED, -70, -40),
        (cast.AWAITING, -30, -18),
        (cast.DRAWN_UP, -14, -9),
        (cast.APPLIED, -5, -4),
    ):
        for number in numbers:
            script.at(scene.between(day(first), day(last)), applying, scene, number)
    _stage_list(scene, cast.WITHDRAWN, -128, keys=("eusomii", "siim"))
    _stage_list(scene, cast.RELEASED, -34, keys=("siim", "eusomii"))
    _stage_list(scene, cast.AWAITING, -8, keys=("eusomii",))
    script.at(day(-3), drawing_up, scene, cast.DRAWN_UP)
    script.at(day(-60), withdrawing, scene, cast.WITHDRAWN[0])
    script.at(day(-50), renaming, scene, cast.CORRECTED[0])


def _stage_list(scene: Scene, numbers: Sequence[int], offset: int, *, keys: Sequence[str]) -> None:
    """A list drawn up one morning, frozen an hour later, its keys turned in later afternoons."""
    at = scene.day(offset)
    scene.script.at(at, drawing_up, scene, numbers)
    scene.script.at(at + timedelta(hours=1), freezing, scene, numbers)
    for number, code in enumerate(keys, 1):
        turned_at = scene.day(offset + 2 * number, f"1{3 + number}:20")
        scene.script.at(turned_at, turning, scene, numbers, code)


def publish(at: datetime, scene: Scene) -> None:
    eusomii, siim = scene.societies["eusomii"], scene.societies["siim"]
    rules = Rules(
        name=str(scene.now.year), opens_on=at.date(), webinars=1, validity_years=5,
        courses=[scene.activities[FOUNDATIONS]], renewal_credits=24, renewal_years=2,
    )  # fmt: skip
    publish_scheme(
        scene.session, code=CODE, title=TITLE, nature=Nature.PROGRAMME, body=eusomii,
        awarding=[eusomii, siim], recognising=[scene.societies["efrs"]], rules=rules,
        summary=SUMMARY, description=DESCRIPTION,
        by=scene.officers["eusomii", Office.EDUCATION_OFFICER], at=at,
    )  # fmt: skip
    making.make_missing(scene.session, at)


def designing(at: datetime, scene: Scene, chosen: Mapping[str, Any]) -> None:
    """The officers agree how the diploma looks, and what its supplement says."""
    scheme = edition(scene).scheme
    designs.describing(at, scene, scheme)
    designs.publish(at, scene, scheme, chosen, "eusomii")


def edition(scene: Scene) -> Edition:
    return scene.session.scalars(select(Edition).join(Scheme).where(Scheme.code == CODE)).one()


def applying(at: datetime, scene: Scene, number: int) -> None:
    apply(scene.session, edition(scene), scene.learners[number], at=at)


def drawing_up(at: datetime, scene: Scene, numbers: Sequence[int]) -> None:
    people = [scene.learners[number].id for number in numbers]
    candidacies = scene.session.scalars(
        select(Candidacy).where(Candidacy.person_id.in_(people)).order_by(Candidacy.id)
    ).all()
    draw_up(
        scene.session, edition(scene), candidacies, title=f"List of {at:%B %Y}",
        by=scene.officers["eusomii", Office.EDUCATION_OFFICER], at=at,
    )  # fmt: skip


def list_of(scene: Scene, numbers: Sequence[int]) -> AwardList:
    person = scene.learners[numbers[0]]
    return scene.session.scalars(
        select(AwardList).join(Award).join(Candidacy).where(Candidacy.person_id == person.id)
    ).one()


def freezing(at: datetime, scene: Scene, numbers: Sequence[int]) -> None:
    by = scene.officers["eusomii", Office.EDUCATION_OFFICER]
    freeze(scene.session, list_of(scene, numbers), by=by, at=at)


def turning(at: datetime, scene: Scene, numbers: Sequence[int], code: str) -> None:
    """An officer turns the society's key; after the last one the diplomas are issued."""
    award_list = list_of(scene, numbers)
    assert award_list.digest is not None
    release = approve(
        scene.session, award_list, scene.societies[code], seen=award_list.digest,
        by=scene.officers[code, Office.PRESIDENT], at=at,
    )  # fmt: skip
    for award in award_list.standing_awards if release else ():
        issued_at = at + timedelta(minutes=2)
        issue_diploma(scene.session, award, at=issued_at, address=verification_url)


def withdrawing(at: datetime, scene: Scene, number: int) -> None:
    diploma = scene.session.scalars(
        Credential.of(scene.learners[number]).where(Credential.kind == CredentialKind.DIPLOMA)
    ).one()
    withdraw(
        scene.session,
        diploma,
        Decision(
            by=scene.officers["eusomii", Office.PRESIDENT],
            society_id=scene.societies["eusomii"].id,
            at=at,
            on=at.date(),
            reason="The evidence turned out to belong to another person of the same name.",
        ),
    )


def renaming(at: datetime, scene: Scene, number: int) -> None:
    """Somebody marries, says so in the profile, and asks for a certificate in the new name."""
    person = scene.learners[number]
    person.change(
        name=CORRECTED_NAME, profession=person.profession, country=person.country,
        zone=person.zone, language=person.language, at=at,
    )  # fmt: skip
    certificate = scene.session.scalars(
        Credential.of(person).where(Credential.kind == CredentialKind.COMPLETION).limit(1)
    ).first()
    assert certificate is not None
    request = corrections.ask(scene.session, certificate, at=at + timedelta(minutes=4))
    corrections.grant(
        scene.session, request, by=scene.officers["eusomii", Office.EDUCATION_OFFICER],
        at=at + timedelta(days=1), address=verification_url,
    )  # fmt: skip
