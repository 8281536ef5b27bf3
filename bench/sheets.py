"""Milliseconds for a sheet in a warm press, filled and set in full, beside the same by Typst."""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import segno
import typst

from app.credentials import serial
from app.designs import sample, sheet
from app.pdf import TYPEFACES, Attachment, Press, SealField
from bench.crowd import FAMILY, GIVEN
from bench.figures import Line, figure, percentile, spread
from bench.stand import Stand

TYPST = Path(__file__).with_name("sheet.typ")
SHEETS = {"certificate.typeset": "attendance", "diploma.typeset": "diploma"}
CARRIED: dict[str, Any] = {
    "attachments": (
        Attachment("credential.json", serial.new().encode() * 180, "The credential"),
        Attachment("did.json", serial.new().encode() * 60, "The keys of its issuers"),
    ),
    "seal_fields": tuple(SealField(f"seal-{n}", f"Seal of society {n}") for n in (1, 2, 3)),
}


@figure("sheets", "typst.sheet", *SHEETS)
def sheets(stand: Stand) -> Iterator[Line]:
    """In each round every kind in turn, so that noise falls on all alike.

    `ms` is for one more holder of a sheet that was laid out before, `full_ms` for the same page
    with nothing marked in it that could be filled in.
    """
    number = stand.pace.sheets
    with Press() as press, Press() as full:
        compiler = _Typst()
        setters: dict[str, Callable[[dict[str, Any]], Callable[[], bytes]]] = {
            "typst.sheet": lambda facts: lambda: compiler.set(facts),
            **{kind: _in(press, sheet.page) for kind in SHEETS.values()},
            **{f"{kind} in full": _in(full, _unmarked) for kind in SHEETS.values()},
        }
        spent: dict[str, list[float]] = {name: [] for name in setters}
        for turn in range(-3, number):
            for name, setter in setters.items():
                kind = "diploma" if name == "typst.sheet" else name.split()[0]
                took = _milliseconds(setter(next(_facts(kind, 1, turn % (7 * number)))))
                if turn >= 0:
                    spent[name].append(took)
    yardstick = median(spent["typst.sheet"])
    yield _line("typst.sheet", spent["typst.sheet"])
    for name, kind in SHEETS.items():
        yield _line(name, spent[kind]) | {
            "full_ms": round(median(spent[f"{kind} in full"]), 1),
            "ratio": round(median(spent[kind]) / yardstick, 2),
        }


def _in(
    press: Press, page: Callable[[dict[str, Any]], str]
) -> Callable[[dict[str, Any]], Callable[[], bytes]]:
    def prepared(facts: dict[str, Any]) -> Callable[[], bytes]:
        html, carried = page(facts), CARRIED if facts["kind"] == "diploma" else {}
        return lambda: press.typeset(html, **carried)

    return prepared


def _unmarked(facts: dict[str, Any]) -> str:
    return re.sub(r' data-slot="[^"]*"', "", sheet.page(facts))


def _line(name: str, times: list[float]) -> Line:
    return {
        "bench": name,
        "ms": round(median(times), 1),
        "p95_ms": round(percentile(times, 95), 1),
        "spread": spread(times),
    }


def _milliseconds(set_sheet: Callable[[], bytes]) -> float:
    began = time.perf_counter()
    pdf = set_sheet()
    spent = time.perf_counter() - began
    assert pdf.startswith(b"%PDF-")
    return 1000 * spent


def _facts(kind: str, number: int, first: int) -> Iterator[dict[str, Any]]:
    """Snapshots that differ as real ones do: in the name and the serial."""
    for turn in range(first, first + number):
        name = f"{GIVEN[turn % len(GIVEN)]} {FAMILY[turn % len(FAMILY)]}"
        own = serial.new()
        facts = sample.snapshot(kind, name, societies=3) | {"sample": False}
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
