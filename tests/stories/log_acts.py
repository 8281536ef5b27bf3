"""What people do with the log and with what rechecks have found, with good forms."""

from __future__ import annotations

from tests.stories.act import Act

LOG_ACTS = [
    Act("countersigning the log", "erik", "/desk/log/{head}/countersignature",
        {"society": "@society_id"}),
    Act("asking for a recheck", "otto", "/desk/rechecks/rounds", on="/desk/rechecks"),
    Act("settling a finding", "pia", "/desk/rechecks/findings/{finding}/settlement",
        {"reason": "A disk was exchanged; the file is back."}, page=True),
]  # fmt: skip
