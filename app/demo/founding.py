"""Societies, their agreements, their officers, and everybody who learns."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from app.accounts.models import Profession
from app.accounts.signing_up import Newcomer, join
from app.agreements.models import Agreement, Scope
from app.demo.scene import Scene
from app.locale import zones
from app.signing_keys import making
from app.societies.models import Mandate, Office, Society

DATA = Path(__file__).with_name("data")

SOCIETIES = (
    {
        "code": "eusomii", "short": "EuSoMII", "country": "AT", "colour": "#1c4f8a",
        "name": "European Society of Medical Imaging Informatics",
        "website": "https://www.eusomii.org",
        "summary": "Brings together those who make medical images useful: radiologists, engineers, "
        "computer scientists and everybody in between.",
    },
    {
        "code": "siim", "short": "SIIM", "country": "US", "colour": "#b3541e",
        "name": "Society for Imaging Informatics in Medicine", "website": "https://siim.org",
        "summary": "The home of imaging informatics in North America, from the reading room to the "
        "data centre.",
    },
    {
        "code": "efrs", "short": "EFRS", "country": "NL", "colour": "#6a3d8f",
        "name": "European Federation of Radiographer Societies", "website": "https://www.efrs.eu",
        "summary": "Speaks for radiographers and their education throughout Europe.",
    },
)  # fmt: skip
EVERYTHING = (
    Scope.WEBINARS, Scope.COURSES, Scope.CERTIFICATION, Scope.PUBLICATIONS, Scope.RESEARCH,
)  # fmt: skip

Officer = tuple[str, Office, str, str, str]
OFFICERS: tuple[Officer, ...] = (
    ("", Office.PLATFORM_ADMINISTRATOR, "Pia Novak", "SI", "Europe/Ljubljana"),
    ("eusomii", Office.COURSE_ADMINISTRATOR, "Eva Lindqvist", "SE", "Europe/Stockholm"),
    ("eusomii", Office.EDUCATION_OFFICER, "Matteo Brunelli", "IT", "Europe/Rome"),
    ("eusomii", Office.PRESIDENT, "Ingrid Aasen", "NO", "Europe/Oslo"),
    ("eusomii", Office.AUDITOR, "Otto Brandt", "DE", "Europe/Berlin"),
    ("siim", Office.COURSE_ADMINISTRATOR, "Sam Carter", "US", "America/Chicago"),
    ("siim", Office.EDUCATION_OFFICER, "Grace Okafor", "US", "America/New_York"),
    ("siim", Office.PRESIDENT, "Susan Reed", "US", "America/Chicago"),
    ("siim", Office.AUDITOR, "Walter Nguyen", "US", "America/Los_Angeles"),
    ("efrs", Office.COURSE_ADMINISTRATOR, "Fleur de Wit", "NL", "Europe/Amsterdam"),
    ("efrs", Office.EDUCATION_OFFICER, "Andreas Kyriakou", "CY", "Asia/Nicosia"),
    ("efrs", Office.PRESIDENT, "Marguerite Dubois", "BE", "Europe/Brussels"),
    ("efrs", Office.AUDITOR, "Tomasz Zieliński", "PL", "Europe/Warsaw"),
)
IN_OFFICE_SINCE = date(2019, 1, 1)


def found(scene: Scene) -> None:
    """Everything that must be there before the first webinar is planned."""
    at = scene.day(-340)
    appoint(scene, OFFICERS[:1], at=at)
    for facts in SOCIETIES:
        society = Society.enter(scene.session, **facts, by=scene.platform, at=at)
        scene.societies[society.code] = society
    appoint(scene, OFFICERS[1:], at=at)
    conclude(scene, at=at)
    make_keys(scene, at=at)
    for number, newcomer in enumerate(newcomers(scene.digest), 1):
        joined = scene.between(scene.day(-330), scene.day(-310))
        scene.learners[number] = join(scene.session, newcomer, at=joined, is_sample=True)


def make_keys(scene: Scene, *, at: datetime) -> None:
    """Each society's president makes its seal; EuSoMII's new president made a new one later."""
    for code, society in scene.societies.items():
        president = scene.officers[code, Office.PRESIDENT]
        making.make_with_proof(scene.session, society, by=president, at=at)
    scene.script.at(scene.day(-95), renew_seal, scene, "eusomii")
    making.make_missing(scene.session, at)


def renew_seal(at: datetime, scene: Scene, code: str) -> None:
    """The next seal takes over; the former vouches for what it sealed."""
    making.make_with_proof(
        scene.session, scene.societies[code], by=scene.officers[code, Office.PRESIDENT], at=at
    )


def appoint(scene: Scene, officers: Sequence[Officer], *, at: datetime) -> None:
    """The platform administrator comes first and then makes the others."""
    for code, office, name, country, zone in officers:
        who = Newcomer(
            name=name, address=address_of(name, code), password=scene.digest, country=country,
            profession=str(Profession.IMAGING_INFORMATICS), zone=zone,
        )  # fmt: skip
        person = join(scene.session, who, at=at, is_sample=True)
        Mandate.give(
            scene.session, person, office, society=scene.societies.get(code),
            from_on=IN_OFFICE_SINCE, until_on=None, by=scene.platform, at=at,
        )  # fmt: skip
        scene.officers[code, office] = person


def address_of(name: str, code: str) -> str:
    plain = name.lower().replace("ń", "n").replace(" ", ".")
    return f"{plain}@{code or 'confer'}.example"


def conclude(scene: Scene, *, at: datetime) -> None:
    """The two memoranda that the societies have announced."""
    eusomii, siim, efrs = (scene.societies[code] for code in ("eusomii", "siim", "efrs"))
    for title, partner, scopes, announced_on, summary in (
        (
            "Memorandum of Understanding between EuSoMII and SIIM", siim,
            (*EVERYTHING, Scope.EXCHANGE), date(2019, 10, 24),
            "Education, research and certification of professionals in imaging informatics: "
            "statements, guidelines, white papers, educational material, online teaching courses "
            "and webinars, exchange at board level, an international multidisciplinary platform.",
        ),
        (
            "Memorandum of Understanding between EuSoMII and EFRS", efrs, EVERYTHING,
            date(2021, 7, 12),
            "Education, scientific research, publication and distribution of statements, "
            "guidelines, white papers and educational material, online teaching courses and "
            "webinars; in the long term a European certificate or diploma in imaging informatics "
            "that both organisations recognise.",
        ),
    ):  # fmt: skip
        Agreement.conclude(
            scene.session, title, [eusomii, partner], scopes, announced_on=announced_on,
            from_on=announced_on, summary=summary, by=scene.platform, at=at,
        )  # fmt: skip


def newcomers(digest: str) -> list[Newcomer]:
    """The people of people.csv, as they would say it of themselves."""
    with (DATA / "people.csv").open(encoding="utf-8", newline="") as file:
        return [
            Newcomer(
                name=row["name"], address=row["email"], password=digest, country=row["country"],
                profession=row["profession"], language="en",
                zone=row["time_zone"] if row["time_zone"] in zones() else "UTC",
            )
            for row in csv.DictReader(file)
        ]  # fmt: skip
