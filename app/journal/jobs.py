"""Linking new entries."""

from sqlalchemy.exc import IntegrityError

from app import db
from app.jobs import chore
from app.journal.queries import link_new


@chore("journal.link")
def link() -> None:
    """Link what is new; when another worker was faster, it has done the work."""
    try:
        while True:
            with db.writing() as session:
                if link_new(session) == 0:
                    return
    except IntegrityError:
        return
