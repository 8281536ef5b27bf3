"""Changing a draft, and publishing it as a version that never changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.db import hold
from app.designs import choices
from app.designs.models import Design, DesignVersion
from app.designs.queries import begun
from app.designs.trial import occasion
from app.errors import Refusal
from app.journal.models import record
from app.schemes.models import Scheme
from app.societies.models import Society
from app.texts import gettext as _

Owner = Scheme | Society


@dataclass(frozen=True)
class Specimen:
    """What the press made of a draft: digests of kept files. Without one nothing is published."""

    pdf: str
    picture: str


def read(owner: Owner, raw: Mapping[str, Any] | None) -> choices.Choices:
    """Choices for this owner in normal form; raises `choices.Unfit`."""
    kind = occasion(owner)
    if isinstance(owner, Society):  # whoever leads a webinar decides the look, not the company
        return choices.whole(raw, occasion=str(kind), societies={owner.code})
    return choices.whole(raw, occasion=str(kind), societies={s.code for s in owner.awarding})


def change(
    session: Session, owner: Owner, raw: Mapping[str, Any], *, by: Person, at: datetime
) -> Design:
    """Keep these choices as the draft; raises `choices.Unfit` with everything wrong with them."""
    chosen = read(owner, raw)
    design = begun(session, owner)
    if design is None:
        design = Design(occasion=occasion(owner), changed_at=at, draft=chosen, versions=[])
        if isinstance(owner, Scheme):
            design.scheme = owner
        else:
            design.society = owner
        session.add(design)
    elif design.draft == chosen:
        return design
    design.draft, design.changed_at = chosen, at
    record(session, "design.changed", by=by, at=at, on=design, societies=design.societies,
           digest=choices.digest(chosen))  # fmt: skip
    return design


def publish(
    session: Session,
    design: Design,
    specimen: Specimen,
    *,
    seen: str,
    by: Person,
    at: datetime,
) -> DesignVersion:
    """Make the draft a version: what is issued from now on is set with it.

    `seen` is the digest of the draft that the officer saw and the press has set.
    """
    _lock(session, design)
    digest = choices.digest(design.draft)
    if digest != seen:
        raise Refusal(
            _("Somebody has changed the draft since you opened it. Please look at it again.")
        )
    last = design.latest
    if last is not None and last.digest == digest:
        raise Refusal(_("The draft is what version %(number)d says already.", number=last.number))
    version = DesignVersion(
        design=design,
        number=last.number + 1 if last else 1,
        choices=design.draft,
        digest=digest,
        published_at=at,
        published_by=by,
        specimen_digest=specimen.pdf,
        picture_digest=specimen.picture,
    )
    session.add(version)
    record(session, "design.published", by=by, at=at, on=version, societies=design.societies,
           number=version.number, digest=digest, specimen=specimen.pdf)  # fmt: skip
    return version


def _lock(session: Session, design: Design) -> None:
    """Let one act at a time decide about a design, on what it holds now."""
    session.flush()
    hold(session, select(Design.id).where(Design.id == design.id))
    session.refresh(design, ["draft", "versions"])
