"""A file that came with a form, now or a moment ago: whoever looks at the doubts keeps the file."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.attendance.forms import ReportForm
from app.file_names import clean_name
from app.files import Missing, digest_of, files, waiting

AN_HOUR = 3600


@dataclass(frozen=True)
class Upload:
    """The bytes of a report and the name under which they came."""

    name: str
    content: bytes
    seen_in: str = ""
    """The zone in which its doubts were shown already."""

    @property
    def digest(self) -> str:
        return digest_of(self.content)


def received(form: ReportForm, activity_id: int) -> Upload | None:
    """What came with the form: a file chosen now comes before the one that was kept."""
    kept = kept_under(form.kept.data or "", activity_id)
    if form.file.data:
        chosen = Upload(named(form.file.data.filename), form.file.data.read())
        if kept is None or kept.digest != chosen.digest:
            return chosen
    return kept


def named(name: str | None) -> str:
    """How a report is called, on pages and when it is handed out again."""
    return clean_name(name or "report.csv", otherwise="report")


def keep(upload: Upload, activity_id: int, zone: str) -> str:
    """Keep it for a while; answer the seal by which this form, and no other, finds it again."""
    waiting.keep(upload.content)
    return _seals().dumps([activity_id, upload.digest, upload.name, zone])


def kept_under(seal: str, activity_id: int) -> Upload | None:
    """The file that this seal was given for, within the hour and for the same webinar."""
    try:
        for_activity, digest, name, zone = _seals().loads(seal, max_age=AN_HOUR)
        content = waiting.read(digest)
    except (BadSignature, Missing):
        return None
    return Upload(name, content, zone) if for_activity == activity_id else None


def content_of(digest: str) -> bytes | None:
    """The bytes of a report that was taken in; nothing when they are not kept any more."""
    try:
        return files.read(digest)
    except Missing:
        return None


def _seals() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="attendance report")
