"""What the parent orders: a page, what is attached to it, and the places of its seals."""

import json
import struct
from dataclasses import dataclass
from typing import BinaryIO


@dataclass(frozen=True)
class Attachment:
    """A file that the PDF carries within it."""

    name: str
    content: bytes
    description: str


@dataclass(frozen=True)
class SealField:
    """An empty place for a seal."""

    name: str
    label: str


@dataclass(frozen=True)
class Order:
    """One page to set."""

    page: str
    attachments: tuple[Attachment, ...] = ()
    seal_fields: tuple[SealField, ...] = ()


def take_order(inbox: BinaryIO) -> Order | None:
    """The next order, or nothing when the parent has closed the pipe."""
    if len(head := inbox.read(4)) < 4:
        return None
    parts = [_part(inbox) for _ in range(struct.unpack(">I", head)[0])]
    page, slip, contents = parts[0].decode("utf-8", "replace"), json.loads(parts[1]), parts[2:]
    return Order(
        page,
        tuple(
            Attachment(name, content, description)
            for (name, description), content in sorted(
                zip(slip["attachments"], contents, strict=True)
            )
        ),
        tuple(SealField(name, label) for name, label in slip["seal_fields"]),
    )


def _part(inbox: BinaryIO) -> bytes:
    return inbox.read(struct.unpack(">I", inbox.read(4))[0])
