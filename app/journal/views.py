"""Reading the journal: auditors see their society's acts, platform administrators all."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app import db
from app.access import (
    OFFICES,
    Audience,
    is_platform_administrator,
    one_or_404,
    open_to,
    society_ids,
)
from app.journal.forms import JournalFilter
from app.journal.models import Entry

blueprint = Blueprint("journal", __name__)
PAGE = 50


@blueprint.route("/desk/journal")
@open_to(Audience.AUDITOR)
def index() -> ResponseReturnValue:
    wanted = JournalFilter(request.args)
    found = db.db.session.scalars(wanted.narrow(_reach()).limit(PAGE + 1)).all()
    return render_template(
        "journal/index.html", form=wanted, entries=found[:PAGE], more=len(found) > PAGE
    )


@blueprint.route("/desk/journal/<int:id>")
@open_to(Audience.AUDITOR)
def show(id: int) -> ResponseReturnValue:
    entry = one_or_404(_reach().where(Entry.id == id).options(joinedload(Entry.link)))
    return render_template("journal/show.html", entry=entry)


def _reach() -> Select[Entry]:
    """Everything for platform administrators; for auditors what concerns their society."""
    if is_platform_administrator():
        return select(Entry)
    audited = society_ids(*OFFICES[Audience.AUDITOR])
    return Entry.of_societies(audited)
