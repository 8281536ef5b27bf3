"""What is to be made of a credential: its sheet, what it carries, and who seals it in turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.pdf import Attachment, SealField
from app.sealing import cms
from app.sealing.tokens import Stamp
from app.texts import gettext as _

TIMESTAMP_FIELD = "timestamp"


@dataclass(frozen=True)
class Sealer:
    """A society with the key that it seals with."""

    society_id: int
    place: str
    """The name of its field: its code."""
    name: str
    key_id: int
    public_key: str
    """PEM; its seal is looked for under this key."""
    form: cms.Form
    sign: Callable[[bytes], bytes] | None = field(repr=False)
    """Nothing where the society signs elsewhere."""


@dataclass(frozen=True)
class Resumed:
    """A document that had waited for a signature, and the signature."""

    digest: str
    form: cms.Form
    to_sign: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    key_ids: tuple[int, ...]
    """The keys of its seals so far, this one last."""


@dataclass(frozen=True)
class Order:
    """One credential on its way to its file; everything it needs, and no row of the database."""

    id: int
    serial: str
    snapshot: Mapping[str, Any] = field(repr=False)
    until: datetime
    """Until when it is ours alone."""
    sealers: tuple[Sealer, ...] = ()
    attachments: tuple[Attachment, ...] = field(default=(), repr=False)
    resumed: Resumed | None = None
    """Where it goes on, when it had to wait."""

    @property
    def sealed(self) -> int:
        """How many societies have sealed it already."""
        return len(self.resumed.key_ids) if self.resumed else 0

    def comes_to(self, what: str) -> bool:
        """Whether it needs now what is named so: a society's place, or the time stamp's."""
        for one in self.sealers[self.sealed :]:
            if one.sign is None or one.place == what:
                return one.sign is not None
        return self.is_sealed and what == TIMESTAMP_FIELD

    @property
    def is_sealed(self) -> bool:
        """Whether it is a kind that societies seal."""
        return bool(self.sealers)

    def fields(self, *, stamped: bool) -> list[SealField]:
        """The empty places for every seal to come, in their order."""
        if not self.is_sealed:
            return []
        places = [
            SealField(one.place, _("Electronic seal of %(society)s", society=one.name))
            for one in self.sealers
        ]
        return [*places, SealField(TIMESTAMP_FIELD, _("Time stamp"))] if stamped else places


@dataclass(frozen=True)
class Made:
    """A document that is finished."""

    order: Order
    content: bytes = field(repr=False)
    at: datetime
    stamp: Stamp | None = None


@dataclass(frozen=True)
class Awaits:
    """A document that goes on when a society has signed it elsewhere."""

    order: Order
    content: bytes = field(repr=False)
    sealer: Sealer
    position: int
    to_sign: bytes


@dataclass(frozen=True)
class Spoiled:
    """It cannot be made as it is; officers see why."""

    order: Order
    reason: str


@dataclass(frozen=True)
class Later:
    """Something outside stands in the way: a token, an authority."""

    order: Order
    reason: str
    needs: str = ""
    """What is out of reach: a society's place or the time stamp's; nothing that others need."""


Outcome = Made | Awaits | Spoiled | Later
