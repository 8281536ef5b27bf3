"""What the tests of designs stand on: a scheme of two societies, and a specimen."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.designs import choices
from app.designs.models import DesignVersion
from app.designs.publishing import Specimen, change, publish
from app.schemes.models import Scheme
from tests.cast import NOON
from tests.schemes.stage import edition, past_webinar, scheme

__all__ = ["edition", "past_webinar", "scheme"]

SPECIMEN = Specimen(pdf="1" * 64, picture="2" * 64)


@pytest.fixture
def publish_design(session: Session, scheme: Scheme, erik):
    """Publish a design of the scheme with these choices."""

    def publish_it(**chosen: object) -> DesignVersion:
        design = change(session, scheme, chosen, by=erik, at=NOON)
        session.flush()
        version = publish(session, design, SPECIMEN, seen=digest_of(design), by=erik, at=NOON)
        session.flush()
        return version

    return publish_it


def digest_of(design) -> str:
    return choices.digest(design.draft)
