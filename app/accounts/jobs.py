"""Forgetting what nobody needs any more."""

from datetime import timedelta

from sqlalchemy import delete, select

from app import db
from app.accounts.models import PasswordReset, SignUp
from app.clock import now
from app.jobs import chore
from app.limits import Bucket

KEPT = timedelta(days=30)


@chore("accounts.forget")
def forget() -> None:
    """A month later an unanswered sign-up, a used letter and a dry bucket are gone."""
    before = now() - KEPT
    with db.reading() as session:
        old = session.scalars(select(SignUp.id).where(SignUp.asked_at < before).limit(1)).first()
    if old is None:
        return
    with db.writing() as session:
        session.execute(delete(SignUp).where(SignUp.asked_at < before))
        session.execute(delete(PasswordReset).where(PasswordReset.asked_at < before))
        session.execute(delete(Bucket).where(Bucket.at < before))
