"""What nobody needs any more is forgotten after a month."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.accounts.jobs import KEPT, forget
from app.accounts.models import SignUp, new_token, token_digest
from app.clock import now


def test_an_unanswered_sign_up_is_forgotten_after_a_month_and_not_before(session):
    for name, age in (("Old", KEPT + timedelta(days=1)), ("New", KEPT - timedelta(days=1))):
        session.add(
            SignUp(
                address=f"{name.lower()}@clinic.example", name=name, password="!", zone="UTC",
                profession="radiologist", country="AT", language="en", asked_at=now() - age,
                token_digest=token_digest(new_token()),
            )
        )  # fmt: skip
    session.commit()

    forget()

    session.expire_all()
    assert session.scalars(select(SignUp.name)).all() == ["New"]
