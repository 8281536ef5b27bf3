"""The badge of each side's diploma, and a scheme of others that the side endorses."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.clock import now
from app.credentials.models import Credential
from app.open_badges import endorsing
from app.open_badges.issuing import badge
from app.schemes.models import Nature, Scheme
from app.schemes.publishing import Rules, publish_edition, publish_scheme
from app.signing_keys.making import make_local
from app.signing_keys.models import Algorithm, Purpose
from app.signing_keys.signing import new_private
from app.societies.models import Society
from tests.cast import NOON, keys_for

_compact = cache(lambda name: new_private(Algorithm.RSA_3072))


def badges_of_side(
    session: Session, name: str, lead: Society, diploma: Credential, by: Person
) -> dict[str, Any]:
    """Nouns for every address of credentials."""
    assert diploma.award is not None
    scheme = diploma.award.award_list.edition.scheme
    make_local(session, purpose=Purpose.COMPACT, scheme=scheme, by=None, at=NOON,
               made=_compact(name))  # fmt: skip
    badge(session, diploma, at=now())
    endorsed = _endorsed(session, name, lead, by)
    first, second = endorsed.editions
    given = endorsing.endorse(session, first, lead, comment="We recommend it.", by=by, at=now())
    session.flush()
    return {
        "purpose": "revocation",
        "list": 1,
        "form": "svg",
        "endorsed scheme": endorsed.code,
        "endorsed edition": second.id,
        "endorsement": given.id,
    }


def _endorsed(session: Session, name: str, lead: Society, by: Person) -> Scheme:
    board = Society(code=f"board{name}", short=f"Board{name}", name=f"Board of {name}",
                    country="AT", colour="#33475b")  # fmt: skip
    session.add(board)
    keys_for(session, board)
    rules = Rules(name="2026", opens_on=date(2026, 1, 1), webinars=1, courses=[],
                  validity_years=None)  # fmt: skip
    scheme = publish_scheme(
        session, code=f"endorsed-{name}", title=f"Endorsed by {name}", nature=Nature.PROGRAMME,
        body=board, awarding=[board], endorsing=[lead], rules=rules, by=by, at=NOON,
    )  # fmt: skip
    more = Rules(name="2027", opens_on=date(2027, 1, 1), webinars=2, courses=[],
                 validity_years=None)  # fmt: skip
    publish_edition(session, scheme, more, by=by, at=NOON)
    session.flush()
    session.refresh(scheme, ["editions"])
    return scheme
