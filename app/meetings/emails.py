"""The links that letters carry."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.addresses import external_url
from app.clock import now
from app.enrolments.models import Enrolment
from app.meetings.joining import link_token


def join_link(session: Session, enrolment: Enrolment) -> str:
    """The address at which this person comes in, for a letter to them alone."""
    return external_url("meetings.join", token=link_token(session, enrolment, at=now()))
