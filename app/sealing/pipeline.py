"""From an order to its file: set, sealed by each society in turn, stamped, looked at once more.

Nothing here knows the database, so nothing waits for it. All but the signatures is the same
whenever it is made; whoever makes it twice has made the same diploma.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.designs import pictures, sheet
from app.errors import Refusal
from app.files import files
from app.hardware import OutOfReach
from app.pdf import Press, Unprintable
from app.sealing import revision
from app.sealing.archival import next_place
from app.sealing.check import faults
from app.sealing.orders import (
    TIMESTAMP_FIELD,
    Awaits,
    Later,
    Made,
    Order,
    Outcome,
    Resumed,
    Sealer,
    Spoiled,
)
from app.sealing.timestamps import Authorities, NoTimestamp
from app.sealing.tokens import Stamp

Archive = Callable[[bytes], tuple[bytes, Stamp]]


@dataclass(frozen=True)
class Works:
    """What documents are made with."""

    press: Press
    authorities: Authorities | None = None
    """Nothing where seals are not stamped (B-B)."""
    archive: Archive | None = None
    """What makes a stamped document last (B-LTA)."""

    def make(self, order: Order, *, at: datetime) -> Outcome:
        """The document of an order, or what stands in its way."""
        needs = ""
        try:
            document = take_up(order.resumed) if order.resumed else self.set(order)
            for position, sealer in enumerate(order.sealers, 1):
                if position <= order.sealed:
                    continue
                prepared = prepare(order, document, sealer, position, at=at)
                attributes = sealer.form.attributes(prepared.digest)
                if sealer.sign is None:
                    return Awaits(order, prepared.content, sealer, position, attributes)
                needs = sealer.place
                signature = sealer.sign(attributes)
                needs = ""
                document = prepared.filled(sealer.form.container(attributes, signature))
            needs = TIMESTAMP_FIELD
            return self._finished(order, document, at)
        except Unprintable as reason:
            return Spoiled(order, str(reason))
        except (NoTimestamp, OutOfReach, Refusal) as reason:
            return Later(order, str(reason), needs)

    def set(self, order: Order) -> bytes:
        """The sheet with all it carries and an empty place for every seal."""
        page = sheet.page(order.snapshot, pictures=pictures.of(order.snapshot))
        return self.press.typeset(
            page,
            attachments=order.attachments,
            seal_fields=order.fields(stamped=self.authorities is not None),
        )

    def _finished(self, order: Order, document: bytes, at: datetime) -> Outcome:
        if not order.is_sealed:
            return Made(order, document, at)
        document, stamp = self._stamped(document)
        expected = [(one.place, one.public_key) for one in order.sealers]
        stamps = [TIMESTAMP_FIELD] if stamp else []
        wrong = faults(document, expected, stamps)
        if self.archive and stamp and not wrong:
            place = next_place(document)
            document, stamp = self.archive(document)
            wrong = faults(document, expected, [*stamps, place])
        if wrong:
            return Spoiled(order, "; ".join(wrong))
        return Made(order, document, at, stamp)

    def _stamped(self, document: bytes) -> tuple[bytes, Stamp | None]:
        if self.authorities is None or TIMESTAMP_FIELD not in revision.empty_fields(document):
            return document, None
        return self.authorities.stamp(document, TIMESTAMP_FIELD)


def prepare(
    order: Order, document: bytes, sealer: Sealer, position: int, *, at: datetime
) -> revision.Prepared:
    """The seal of a society, all but its signature; the first one certifies the document."""
    return revision.seal(
        document,
        sealer.place,
        name=sealer.name,
        reason=f"{order.snapshot['title']}, {order.serial}",
        at=at,
        room=sealer.form.longest,
        certifies=position == 1,
    )


def take_up(resumed: Resumed) -> bytes:
    """A document in which a signature that was made elsewhere has come to its place."""
    waiting = revision.unfinished(files.read(resumed.digest))
    return waiting.filled(resumed.form.container(resumed.to_sign, resumed.signature))
