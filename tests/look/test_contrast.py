"""Every pair of colours that pages put together can be read, in light and in dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tinycss2 import parse_component_value_list

from app.assets import cssmin, small

STATIC = Path(__file__).parents[2] / "app" / "static"
TOKENS = (STATIC / "css" / "tokens.css").read_text()

GROUNDS = ["paper", "sheet", "sunk"]
TEXT = (
    [
        (ink, ground)
        for ink in ("ink", "quiet", "accent", "accent-deep", "bad")
        for ground in GROUNDS
    ]
    + [(state, f"{state}-soft") for state in ("good", "warn", "bad")]
    + [("ink", f"{kind}-soft") for kind in ("accent", "good", "warn", "bad", "gold")]
    + [(kind, ground) for kind in ("good", "warn") for ground in ("paper", "sheet")]
    + [("quiet", "gold-soft"), ("accent", "gold-soft")]
    + [("accent-ink", "accent"), ("accent-ink", "accent-deep"), ("accent-deep", "accent-soft")]
)
SHAPES = [
    (shape, ground)
    for shape in ("edge", "accent", "gold", "good", "warn", "bad")
    for ground in ("paper", "sheet", "sunk")
]


def palette(scheme: str) -> dict[str, str]:
    light, dark = TOKENS.split("@media (prefers-color-scheme: dark)")
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})\b", light))
    return colours | (
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})\b", dark)) if scheme == "dark" else {}
    )


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""

    def linear(part: str) -> float:
        share = int(part, 16) / 255
        return float(share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(colour[i : i + 2]) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_ratio_is_the_one_of_wcag():
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read_on_its_ground(scheme, ink, ground):
    colours = palette(scheme)

    assert ratio(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_edges_and_marks_stand_out_from_their_ground(scheme, shape, ground):
    colours = palette(scheme)

    assert ratio(colours[shape], colours[ground]) >= 3


def test_a_pale_grey_on_paper_would_be_refused():
    assert ratio("#9aa3ad", palette("light")["paper"]) < 4.5


@pytest.mark.parametrize(("kind", "most"), [("css", 36), ("js", 10)])
def test_style_and_script_stay_small_as_a_page_loads_them(kind, most):
    base = (STATIC.parents[1] / "templates" / "layouts" / "base.html").read_text()
    ordinary = {STATIC / path for path in re.findall(rf'asset\("({kind}/[^"]+)"', base)}
    rest = set((STATIC / kind).iterdir()) - ordinary

    served = {file: len(small(file, 0)) for file in ordinary | rest}

    assert ordinary
    assert sum(served[file] for file in ordinary) + max(served[file] for file in rest) < most * 1024


@pytest.mark.parametrize("sheet", sorted((STATIC / "css").iterdir()), ids=lambda path: path.name)
def test_a_style_sheet_made_small_says_the_same(sheet):
    def tokens(text: str) -> list[str]:
        """What a browser reads; space counts where it parts two selectors or values."""
        found = parse_component_value_list(text, skip_comments=True)
        rule = "".join(" " if t.type == "whitespace" else t.serialize() for t in found)
        return re.sub(r"\s+", " ", re.sub(r"\s*([{};,])\s*", r"\1", rule)).strip().split("}")

    served = small(sheet, 0).decode()

    assert tokens(served) == tokens(sheet.read_text())


def test_a_space_before_a_pseudo_class_would_be_missed():
    assert cssmin(".a  :is(b) { c: d }") == ".a :is(b){c: d}"


def test_no_page_waits_on_another_host():
    ours = [f for kind in ("css", "js") for f in (STATIC / kind).iterdir()]
    templates = [
        f
        for f in (STATIC.parents[1] / "templates").rglob("*.html")
        if f.parts[-2] in {"layouts", "components"}
    ]

    assert ours
    assert templates
    for file in [*ours, *templates]:
        assert not re.search(
            r"(?:src|href|url\(|import|fetch)\W{0,3}(?:https?:)?//", file.read_text()
        )


def test_no_page_part_carries_its_own_style():
    """The content policy forbids inline style and script; only letters may carry theirs."""
    root = STATIC.parents[1] / "templates"
    parts = [
        f for room in ("layouts", "components", "errors", "style") for f in (root / room).iterdir()
    ]

    assert parts
    for file in parts:
        assert not re.search(r"\sstyle=|<style|<script>|\son[a-z]+=\"", file.read_text()), file
