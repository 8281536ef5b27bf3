"""Whom each page of the disclosures is open to."""

from app.access import Audience

ROUTES = [
    ("GET", "/speak/<token>/disclosure", Audience.EVERYONE),
    ("POST", "/speak/<token>/disclosure", Audience.EVERYONE),
    ("GET", "/desk/activities/<int:id>/disclosures", Audience.STAFF),
    ("POST", "/desk/activities/<int:id>/disclosures/reminder", Audience.STAFF),
    ("GET", "/desk/activities/<int:id>/disclosures/<int:speaker_id>", Audience.STAFF),
    ("POST", "/desk/activities/<int:id>/disclosures/<int:speaker_id>", Audience.STAFF),
    ("GET", "/desk/activities/<int:id>/disclosures/<int:speaker_id>/record", Audience.STAFF),
    ("POST", "/desk/activities/<int:id>/disclosures/<int:speaker_id>/record", Audience.STAFF),
]
