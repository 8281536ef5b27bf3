"""What people do with the keys of programs, with good forms."""

from __future__ import annotations

from tests.stories.act import Act

VERIFICATION_ACTS = [
    Act("making a key for a program", "ana", "/my/api-keys",
        {"organisation": "General Hospital", "purpose": "Applications"}, page=True, answer=201),
    Act("withdrawing one's key", "ana", "/my/api-keys/{api_key}/withdrawal"),
    Act("withdrawing anybody's key", "pia", "/desk/api-keys/{api_key}/withdrawal"),
]  # fmt: skip
