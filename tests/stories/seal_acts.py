"""What officers do with what waits for seals, with good forms."""

from __future__ import annotations

from tests.stories.act import Act

SEAL_ACTS = [
    Act("handing in a signature", "erik", "/desk/seals/{society}/signatures",
        {"file": "@signature"}, on="/desk/seals"),
]  # fmt: skip
