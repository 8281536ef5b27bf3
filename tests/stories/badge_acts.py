"""What officers do about endorsements, with good forms."""

from __future__ import annotations

from tests.stories.act import Act

DESK = "/desk/endorsements/"

BADGE_ACTS = [
    Act("endorsing a scheme", "erik", DESK + "editions/{endorsed_edition}",
        {"comment": "We recommend it to our members."}, page=True),
    Act("taking an endorsement back", "nils", DESK + "{endorsement}/withdrawal",
        {"reason": "The syllabus has changed."}, page=True),
]  # fmt: skip
