"""Milliseconds for a sheet in a warm press, beside the same sheet set by Typst."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import segno
import typst

from app.credentials import serial
from app.designs import sample, sheet
from app.pdf import TYPEFACES, Press
from bench.crowd import FAMILY, GIVEN
from bench.figures import Line, figure, percentile, spread
from bench.stand import Stand

TYPST = Path(__file__).with_name("sheet.typ")
KINDS = {"certificate": "attendance", "diploma": "diploma"}


@figure("sheets")
def sheets(stand: Stand) -> Iterator[Line]:
    """In each round every kind in turn, so that noise falls on all alike."""
    number = stand.pace.sheets
    with Press(sheets_per_child=10_000) as press:
        compiler = _Typst()
        setters: dict[str, tuple[Callable[[dict[str, Any]], bytes], str]] = {
            "typst.sheet": (compiler.set, "diploma"),
            **{
                f"{n}.typeset": (lambda f: press.typeset(sheet.page(f)), k)
                for n, k in KINDS.items()
            },
        }
        for set_sheet, kind in setters.values():
            for facts in _facts(kind, 3):
                set_sheet(facts)
        spent: dict[str, list[float]] = {name: [] for name in setters}
        for turn in range(number):
            for name, (set_sheet, kind) in setters.items():
                spent[name].append(_milliseconds(set_sheet, next(_facts(kind, 1, turn))))
    yardstick = median(spent["typst.sheet"])
    for name, times in spent.items():
        line: Line = {
            "bench": name,
            "ms": round(median(times), 1),
            "p95_ms": round(percentile(times, 95), 1),
            "spread": spread(times),
        }
        ratio = {"ratio": round(median(times) / yardstick, 2)}
        yield line if name == "typst.sheet" else line | ratio


def _milliseconds(set_sheet: Callable[[dict[str, Any]], bytes], facts: dict[str, Any]) -> float:
    began = time.perf_counter()
    pdf = set_sheet(facts)
    spent = time.perf_counter() - began
    assert pdf.startswith(b"%PDF-")
    return 1000 * spent


def _facts(kind: str, number: int, first: int = 0) -> Iterator[dict[str, Any]]:
    """Snapshots that differ as real ones do: in the name and the serial."""
    for turn in range(first, first + number):
        name = f"{GIVEN[turn % len(GIVEN)]} {FAMILY[turn % len(FAMILY)]}"
        own = serial.new()
        facts = sample.snapshot(kind, name, societies=2) | {"sample": False}
        yield facts | {"serial": own, "verify_url": f"https://confer.example/v/{own}"}


class _Typst:
    """Typst, loaded once, with our typefaces and nothing else."""

    def __init__(self) -> None:
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(TYPEFACES)])
        self._compiler = typst.Compiler(str(TYPST), font_paths=fonts)

    def set(self, facts: dict[str, Any]) -> bytes:
        drawn = io.BytesIO()
        segno.make(facts["verify_url"], error="q", micro=False).save(drawn, kind="svg", border=0)
        inputs = {"facts": json.dumps(facts), "code": drawn.getvalue().decode()}
        pdf = self._compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=["a-3a"])
        assert isinstance(pdf, bytes)
        return pdf
