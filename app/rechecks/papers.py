"""The stored file of a credential, and the seals that it carries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.credentials.models import Credential
from app.files import Missing, digest_of, files
from app.rechecks.found import FILE, Found
from app.rechecks.keys import Trusted
from app.rechecks.seals import faults
from app.sealing.models import Seal


def look(
    credential: Credential, told: Mapping[str, Any], stamped: Sequence[str],
    seals: Sequence[Seal] | None, trusted: Trusted,
) -> Iterator[Found]:  # fmt: skip
    """`stamped` are its files with further stamps, the latest last; `seals` are those on record, in
    order; None when the record itself is in doubt.

    A diploma must bear those of the societies that the log names, also when none is on record.
    """
    newest = stamped[-1] if stamped else told["file"]
    is_named = credential.file_digest in {told["file"], *stamped}
    try:
        content = files.read(newest)
    except (Missing, OSError):
        yield Found(FILE, newest, "the file is missing")
        return
    if digest_of(content) != newest:
        yield Found(FILE, newest, "the bytes are not those that were kept")
        return
    if is_named and credential.file_digest == newest and credential.file_size != len(content):
        yield Found("credential", credential.serial, "its file is of another size")
    is_sealed = bool(seals) or credential.award is not None
    if seals is not None and is_sealed and all(trusted(one.key) for one in seals):
        expected = [(one.society.code, one.key.public_key) for one in seals]
        for reason in faults(content, expected, told["societies"]):
            yield Found(FILE, newest, reason)
