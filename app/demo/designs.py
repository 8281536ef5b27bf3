"""The marks of the societies, and how their diplomas and certificates look."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.credentials.jobs import press
from app.demo import marks
from app.demo.scene import Scene
from app.designs import choices, publishing, showing
from app.designs.publishing import Owner
from app.files import files
from app.schemes.annex import annex
from app.schemes.models import Scheme
from app.schemes.publishing import describe_edition
from app.societies.drawings import read
from app.societies.marks import Mark
from app.societies.models import Office

MARKS = (
    ("eusomii", marks.slices, "#1c4f8a"),
    ("siim", marks.wave, "#b3541e"),
    ("efrs", marks.rays, "#6a3d8f"),
)
FIRST_DIPLOMA = {"sheet": "portrait", "background": "rosette"}
DIPLOMA = {
    "sheet": "heritage",
    "colours": {"ornament": "#a98c45"},
    "texts": {
        "en": {
            "note": "It does not replace a national qualification and is not a licence to practise."
        }
    },
}
CERTIFICATES: Mapping[str, dict[str, Any]] = {
    "eusomii": {"sheet": "portrait", "colours": {"ornament": "#5f84b5"}, "background": "lines"},
    "siim": {"sheet": "portrait", "colours": {"ornament": "#c07f55"}},
    "efrs": {"sheet": "transcript", "colours": {"ornament": "#8d6bab"}},
}
ANNEX = {
    "workload_hours": "25",
    "credit_amount": "1",
    "credit_system": "ECTS",
    "level_words": "Advanced, for those who work with medical images",
    "outcomes": "Reads and explains the parts of a DICOM object\n"
    "Plans how images travel between systems, with DICOMweb, HL7 FHIR and IHE profiles\n"
    "Weighs what a model of machine learning may and may not be used for\n"
    "Protects images and reports of patients when they are used again",
    "assessment": "Written test online, drawn from a bank of questions, pass mark 75%",
    "participation": "Online, live and in one's own time",
    "quality": "Peer review by the education officers of both societies; evaluation by learners",
    "identity": "Account with a confirmed address; presence measured by the meeting platform",
    "grade": "Passed; the results stand in the table",
    "stacking": "Stands alone; counts towards no other credential",
    "further": "Nobody needs to be a member of either society",
    "domains": ["Practice of imaging informatics", "Foundations of imaging informatics"],
}  # fmt: skip


def taking_in(at: datetime, scene: Scene) -> None:
    """Each society gives its mark."""
    for code, drawn, colour in MARKS:
        society = scene.societies[code]
        drawing = read(drawn(society.short, colour))
        Mark.take_in(
            scene.session, society, drawing, digest=files.keep(drawing.content),
            by=scene.officers[code, Office.PRESIDENT], at=at,
        )  # fmt: skip


def certificates(at: datetime, scene: Scene) -> None:
    """Each society chooses how the certificates of what it leads look."""
    for code, chosen in CERTIFICATES.items():
        publish(at, scene, scene.societies[code], chosen, code)


def publish(at: datetime, scene: Scene, owner: Owner, chosen: Mapping[str, Any], code: str) -> None:
    """An officer makes a draft, looks at it and publishes it."""
    by = scene.officers[code, Office.EDUCATION_OFFICER]
    design = publishing.change(scene.session, owner, chosen, by=by, at=at)
    cases = showing.cases(scene.session, owner, design.draft, on=at.date())
    specimen = showing.prove(press(), cases)
    seen = choices.digest(design.draft)
    publishing.publish(scene.session, design, specimen, seen=seen, by=by, at=at)


def describing(at: datetime, scene: Scene, scheme: Scheme) -> None:
    """What the supplement says of the edition."""
    by = scene.officers["eusomii", Office.EDUCATION_OFFICER]
    for edition in scheme.editions:
        describe_edition(scene.session, edition, annex(ANNEX), by=by, at=at)
