"""The design and the mark of each side."""

from __future__ import annotations

import io

from PIL import Image
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.designs import choices
from app.designs.publishing import Specimen, change, publish
from app.files import files
from app.schemes.models import Scheme
from app.societies.drawings import read
from app.societies.marks import Mark
from app.societies.wordmark import mark as wordmark
from tests.cast import NOON
from tests.stories.file import File


def designs_of_side(session: Session, scheme: Scheme, by: Person) -> dict:
    """Nouns for every page about designs; all of it is there before a list is frozen."""
    design = change(session, scheme, {"sheet": "modern"}, by=by, at=NOON)
    session.flush()
    specimen = Specimen(files.keep(b"%PDF-1.7 specimen"), files.keep(_picture()))
    seen = choices.digest(design.draft)
    version = publish(session, design, specimen, seen=seen, by=by, at=NOON)
    change(session, scheme, {"sheet": "portrait"}, by=by, at=NOON)
    lead = scheme.awarding[0]
    drawing = read(wordmark(lead.short, lead.colour).encode())
    mark = Mark.take_in(session, lead, drawing, digest=files.keep(drawing.content),
                        by=by, at=NOON)  # fmt: skip
    session.flush()
    return {
        "design version": version.id,
        "mark": mark.digest,
        "sheet": "heritage",
        "of schemes": "schemes",
        "of societies": "societies",
        "new mark": File(_picture(), "mark.png"),
    }


def _picture() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (400, 200), "navy").save(written, "PNG")
    return written.getvalue()
