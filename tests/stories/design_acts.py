"""What officers do with designs and marks, with good forms."""

from __future__ import annotations

from tests.stories.act import Act

DIPLOMA = "/desk/designs/schemes/{scheme}"

DESIGN_ACTS = [
    Act("keeping a draft", "susan", DIPLOMA, {"margin": "14"}, page=True),
    Act("keeping a draft of certificates", "nils", "/desk/designs/societies/{society}",
        {"sheet": "transcript"}, page=True),
    Act("publishing a design", "erik", f"{DIPLOMA}/publication", on=f"{DIPLOMA}/publication"),
    Act("giving a mark", "erik", "/desk/societies/{society}/mark", {"file": "@new mark"},
        page=True),
    Act("describing an edition", "susan", "/desk/schemes/{scheme}/editions/{edition}/annex",
        {"workload_hours": "25"}, page=True),
]  # fmt: skip
