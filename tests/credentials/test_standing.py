"""How a credential stands on a day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.credentials.models import Credential, Revocation, Supersession
from app.credentials.snapshot import valid_until
from app.credentials.standing import Standing, standing

AT = datetime(2026, 10, 16, tzinfo=UTC)
UNTIL = date(2031, 10, 16)


def credential(**facts) -> Credential:
    made = Credential(file_digest="d" * 64, valid_until=UNTIL, issued_at=AT)
    made.revocation = made.supersession = None
    made.suspensions = []
    for name, value in facts.items():
        setattr(made, name, value)
    return made


def withdrawn(on: date) -> Revocation:
    return Revocation(on=on, at=AT, reason="An error in the presence list.")


def replaced(on: date) -> Supersession:
    return Supersession(on=on, at=AT, reason="The name was corrected.")


@pytest.mark.parametrize(
    ("facts", "on", "expected"),
    [
        ({}, date(2026, 10, 16), Standing.VALID),
        ({}, UNTIL, Standing.VALID),
        ({}, date(2031, 10, 17), Standing.EXPIRED),
        ({"valid_until": None}, date(2126, 1, 1), Standing.VALID),
        ({"file_digest": None}, date(2026, 10, 16), Standing.PREPARING),
        ({"revocation": withdrawn(date(2027, 1, 5))}, date(2027, 1, 4), Standing.VALID),
        ({"revocation": withdrawn(date(2027, 1, 5))}, date(2027, 1, 5), Standing.WITHDRAWN),
        ({"revocation": withdrawn(date(2027, 1, 5))}, date(2032, 1, 5), Standing.WITHDRAWN),
        ({"supersession": replaced(date(2027, 1, 5))}, date(2027, 1, 5), Standing.SUPERSEDED),
        ({"supersession": replaced(date(2027, 1, 5))}, date(2032, 1, 5), Standing.SUPERSEDED),
        (
            {"file_digest": None, "revocation": withdrawn(date(2027, 1, 5))},
            date(2027, 2, 1),
            Standing.WITHDRAWN,
        ),
    ],
)
def test_a_credential_stands_as_its_records_say(facts, on, expected):
    assert standing(credential(**facts), on=on) is expected


def test_validity_ends_on_the_same_day_and_on_28_february_for_a_leap_day():
    assert valid_until(date(2026, 10, 16), 5) == date(2031, 10, 16)
    assert valid_until(date(2028, 2, 29), 5) == date(2033, 2, 28)
    assert valid_until(date(2026, 10, 16), None) is None
