"""`flask credentials sample`: a sheet as it will look, for societies that exist only on paper."""

from pathlib import Path
from typing import Any

import click

from app.designs import sheet
from app.designs.catalogue import CERTIFICATE, SHEETS
from app.pdf import Press, Unprintable

SOCIETIES = (
    ("EuSoMII", "European Society of Medical Imaging Informatics", "#1c4f8a", "President"),
    ("SIIM", "Society for Imaging Informatics in Medicine", "#b3541e", "Chair"),
    ("EFRS", "European Federation of Radiographer Societies", "#6a3d8f", "President"),
    ("Fourth", "Fourth Sample Society", "#1d6b41", "President"),
    ("Fifth", "Fifth Sample Society", "#8a5a00", "President"),
    ("Sixth", "Sixth Sample Society", "#a12622", "President"),
)
SIGNATORIES = (
    "Erik Sample",
    "Dana Example",
    "Chiara Specimen",
    "Ivo Muster",
    "Léa Modèle",
    "A. N. Other",
)
COUNTRIES = ("AT", "US", "NL", "IE", "FR", "SE")
SECOND_TITLES = {
    "de": "Gemeinsames Zertifikat in Bildgebungsinformatik",
    "fr": "Certificat conjoint en informatique de l’imagerie",
    "es": "Certificado conjunto en informática de la imagen",
}
MODULES = (
    ("From pixels to policy: imaging data that may be used again", "webinar", "data"),
    ("DICOM in practice", "course", "interoperability"),
    ("Validating a model before it meets a patient", "course", "artificial intelligence"),
    ("Who may see what: privacy in image exchange", "webinar", "governance"),
)
SERIAL = "7F3K-9QXW-2MHD-0000-0000-0000-0000"


def snapshot(
    kind: str,
    name: str,
    *,
    societies: int,
    language: str = "en",
    nature: str = "certificate programme",
    sealed: bool | None = None,
) -> dict[str, Any]:
    """A credential of nobody: everything a sheet can show, marked as a sample."""
    awarding = [
        {
            "code": short.lower(),
            "short": short,
            "name": full,
            "country": country,
            "colour": colour,
            "mark": "",
            "role": "awarding",
            "signatory": {"name": signatory, "office": office},
        }
        for (short, full, colour, office), signatory, country in zip(
            SOCIETIES[:societies], SIGNATORIES, COUNTRIES, strict=False
        )
    ]
    diploma = kind == "diploma"
    return {
        "kind": kind,
        "serial": SERIAL,
        "holder": {"name": name, "language": language},
        "title": (
            "Joint Certificate in Imaging Informatics"
            if diploma
            else "From pixels to policy: imaging data that may be used again"
        ),
        "edition": "2026" if diploma else None,
        "nature": nature if diploma else None,
        "certification_body": SOCIETIES[0][1] if diploma else None,
        "awarding": awarding,
        "endorsing": [],
        "recognising": [],
        "activity": None if diploma else _activity(kind),
        "requirements": ["One joint webinar attended", "The course “DICOM in practice” completed"]
        if diploma
        else [],
        "decided_on": "2026-11-18",
        "issued_on": "2026-11-21",
        "valid_until": "2031-11-21" if diploma and nature == "certification" else None,
        "verify_url": f"https://confer.example/v/{SERIAL}",
        "sample": True,
        "language": "en",
        "sealed": sealed,
        "supplement": _supplement(),
    }


def _activity(kind: str) -> dict[str, Any]:
    attended = kind == "attendance"
    return {
        "kind": "webinar" if attended else "course",
        "held": "Wednesday 14 October 2026, 18:00–19:30 CEST (Europe/Vienna)" if attended else "",
        "minutes_present": 77 if attended else None,
        "minutes": 90 if attended else None,
        "score": None if attended else 80,
        "threshold": 80 if attended else 75,
        "speakers": "Dana Example, Chiara Specimen",
        "language": "English",
    }


def _supplement() -> dict[str, Any]:
    """What somebody learnt who never was."""
    return {
        "modules": [
            {
                "title": title,
                "kind": kind,
                "domain": domain,
                "on": f"2026-{9 + number // 2:02d}-{14 + number}",
                "score": 78 + 4 * number if kind == "course" else None,
                "minutes_present": None if kind == "course" else 84,
                "minutes": 90 if kind == "webinar" else 480,
                "credits": None,
                "societies": [SOCIETIES[number % 3][0]],
            }
            for number, (title, kind, domain) in enumerate(MODULES)
        ],
        "annex": {
            "workload_hours": "25",
            "credits": {"system": "ECTS", "amount": "1"},
            "level": {"words": "postgraduate"},
            "outcomes": [
                "Explain how images travel from the modality to the archive and back.",
                "Judge whether a model was validated for the patients it will meet.",
                "Plan the exchange of imaging data within the law.",
            ],
            "assessment": "Tests at the end of each course, at least 75 per cent to pass.",
            "participation": "Online, with teachers present in the webinars.",
            "quality": "Peer review by the education committees of the awarding societies.",
            "prerequisites": "A degree in medicine, radiography, engineering or computer science.",
            "identity": "Signed-in account with a confirmed address.",
        },
    }


def designed(
    facts: dict[str, Any], *, design: str = "", second: str = "", copy: bool = False
) -> dict[str, Any]:
    """The same credential on a chosen sheet, in a second language too."""
    choices: dict[str, Any] = {"sheet": design} if design else {}
    if second:
        choices |= {"languages": ["en", second], "second": "copy" if copy else "same sheet"}
        choices["texts"] = {second: {"title": SECOND_TITLES.get(second, "")}}
    return facts | {"design": {"version": None, "choices": choices}}


def facts(
    societies: int,
    name: str,
    kind: str,
    nature: str,
    language: str,
    design: str | None,
    second_language: str,
    copy: bool,
) -> dict[str, Any]:
    """What was asked for on the command line, as a credential would say it."""
    if kind != "diploma" and design and CERTIFICATE not in SHEETS[design].occasions:
        raise click.ClickException(f"The sheet {design} is for diplomas.")
    shown = snapshot(kind, name, societies=societies, language=language, nature=nature)
    return designed(shown, design=design or "", second=second_language, copy=copy)


@click.command("sample")
@click.option("--societies", type=click.IntRange(1, len(SOCIETIES)), default=2, show_default=True)
@click.option("--name", required=True, help="The holder's name, in any script.")
@click.option(
    "--kind",
    type=click.Choice(["diploma", "attendance", "completion"]),
    default="diploma",
    show_default=True,
)
@click.option(
    "--nature",
    type=click.Choice(["certificate programme", "certification"]),
    default="certificate programme",
    show_default=True,
)
@click.option("--language", default="en", help="The language the name is written in.")
@click.option("--design", type=click.Choice(list(SHEETS)), help="The sheet; else the usual one.")
@click.option("--second-language", default="", help="Such as de: below ours, on the same sheet.")
@click.option("--copy", is_flag=True, help="The second language on a copy of its own instead.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
def sample(
    societies: int,
    name: str,
    kind: str,
    nature: str,
    language: str,
    design: str | None,
    second_language: str,
    copy: bool,
    out: Path,
) -> None:
    """Typeset a preview of a sheet; it needs no database."""
    shown = facts(societies, name, kind, nature, language, design, second_language, copy)
    try:
        with Press() as press:
            pdf = press.typeset(sheet.page(shown))
    except Unprintable as refusal:
        raise click.ClickException(str(refusal)) from refusal
    out.write_bytes(pdf)
    click.echo(f"{out}: {len(pdf):,} bytes, marked as a sample.")


if __name__ == "__main__":
    sample()
