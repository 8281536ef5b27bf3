"""What people do with signing keys, with good forms."""

from __future__ import annotations

from tests.stories.act import Act

KEYS = "/desk/keys/"
LEAK = {"since": "2026-10-01T08:00", "reason": "A laptop was stolen."}

KEY_ACTS = [
    Act("making a seal", "erik", KEYS + "new/{society}", {"starts": "now"}, page=True),
    Act("using a seal of one's own", "erik", KEYS + "new/{society}/elsewhere",
        {"file": "@own chain"}),
    Act("making the next key for credentials", "nils", KEYS + "{proof}/succession"),
    Act("making the next key of the log", "pia", KEYS + "{log_key}/succession"),
    Act("writing a certificate request", "erik", KEYS + "{seal}/request"),
    Act("entering a certificate", "nils", KEYS + "{waiting_seal}/certificates",
        {"file": "@chain"}),
    Act("putting a seal in force", "erik", KEYS + "{waiting_seal}/force", on=KEYS +
        "{waiting_seal}"),
    Act("retiring a seal", "erik", KEYS + "{seal}/retirement", {"reason": "A new president."}),
    Act("reporting a seal", "nils", KEYS + "{seal}/compromise", LEAK, page=True),
    Act("reporting a joint key", "pia", KEYS + "{joint_key}/compromise", LEAK),
]  # fmt: skip
