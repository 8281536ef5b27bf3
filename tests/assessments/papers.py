"""The questions that the tests of the room speak of, and how they are answered."""

from __future__ import annotations

from typing import Any

from app.assessments.models import Sitting

ASKED = (
    ("What moves images?", "DICOM-CANARY-1", "Post", "Hope"),
    ("What names a finding?", "RADLEX-CANARY-2", "A nickname"),
    ("What asks for an image?", "QIDO-CANARY-3", "Shouting", "A letter", "A dream"),
    ("What stores an image?", "STOW-CANARY-4", "A drawer", "A shoebox"),
)


def answers(sitting: Sitting, right: int) -> dict[str, Any]:
    """What a form sends that has the first `right` questions right and the others wrong."""
    sent = {}
    for number, item in enumerate(sitting.items, 1):
        wrong = (item.right + 1) % len(item.choices)
        sent[f"question-{number}"] = str(item.right if number <= right else wrong)
    return sent
