"""A drawing reduced to plain outlines: shapes, their colours and where they stand.

Scripts, styles, fonts, links, pictures within the drawing and everything that could reach outside
it have no way in: what is not known is not carried over, and what would be missed is refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from app.texts import gettext as _

MOST_SVG_TEXT = 1024 * 1024
LARGEST_SVG = 60 * 1024
MOST_SHAPES = 1200
MOST_DEPTH = 32
NAMESPACE = "http://www.w3.org/2000/svg"
SHAPES = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"})
SILENT = frozenset({"title", "desc", "metadata", "defs"})
"""They draw nothing by themselves: left out without a word."""
LONGEST_VALUE = 2000
"""Of an attribute that is not an outline."""
LENGTHS = frozenset(
    {"x", "y", "width", "height", "rx", "ry", "cx", "cy", "r", "x1", "y1", "x2", "y2",
     "stroke-width", "stroke-miterlimit", "stroke-dashoffset"}
)  # fmt: skip
SHARES = frozenset({"opacity", "fill-opacity", "stroke-opacity"})
COLOURS = frozenset({"fill", "stroke", "color"})
WORDS = {
    "fill-rule": frozenset({"nonzero", "evenodd"}),
    "stroke-linecap": frozenset({"butt", "round", "square"}),
    "stroke-linejoin": frozenset({"miter", "round", "bevel"}),
}
NUMBER = r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?"
SHARE = re.compile(rf"{NUMBER}%?")
LENGTH = re.compile(rf"{NUMBER}(?:px)?")
NUMBERS = re.compile(r"[\s0-9eE+\-.,]*", re.ASCII)
PATH = re.compile(r"[\sMmLlHhVvCcSsQqTtAaZz0-9eE+\-.,]*", re.ASCII)
TRANSFORM = re.compile(
    rf"\s*(?:(?:matrix|translate|scale|rotate|skewX|skewY)\s*\(\s*{NUMBER}(?:[\s,]+{NUMBER}){{0,5}}"
    rf"\s*\)[\s,]*)*",
    re.ASCII,
)
COLOUR = re.compile(
    r"none|transparent|currentColor|#[0-9a-fA-F]{3}|#[0-9a-fA-F]{6}|[a-zA-Z]{3,20}"
    r"|rgb\(\s*[0-9]{1,3}%?(?:\s*,\s*[0-9]{1,3}%?){2}\s*\)",
    re.ASCII,
)
PLACING = frozenset({"d", "points", "stroke-dasharray", "transform"})
REFUSED = frozenset({"href", "filter", "mask", "clip-path"})


class NotAMark(ValueError):
    """The file cannot become a mark; the message says why in words for a reader."""


class Outlines(NamedTuple):
    """A reduced drawing and the size of its frame."""

    svg: str
    width: int
    height: int


def outlines(content: bytes) -> Outlines:
    """The drawing in its plain form; raises `NotAMark` with the reason."""
    if len(content) > MOST_SVG_TEXT:
        raise NotAMark(_("This drawing is too large: 1 MB is the most."))
    root = _root(content)
    left, top, width, height = _box(root)
    drawn = etree.Element("svg", nsmap={None: NAMESPACE})
    drawn.set("viewBox", " ".join(map(_short, (left, top, width, height))))
    _carry_over(root, drawn)
    shapes = 0
    for _shape in _reduce(root, drawn, depth=0):
        shapes += 1
        if shapes > MOST_SHAPES:
            raise NotAMark(_("This drawing has too many parts: %(max)d is the most.",
                             max=MOST_SHAPES))  # fmt: skip
    if shapes == 0:
        raise NotAMark(_("Nothing is drawn in this file."))
    svg = etree.tostring(drawn, encoding="unicode")
    if len(svg.encode()) > LARGEST_SVG:
        raise NotAMark(_("This drawing is too detailed: 60 kB of outlines is the most."))
    return Outlines(svg, round(width), round(height))


def _root(content: bytes) -> etree._Element:
    """The drawing as it was read: no DTD, no entities, no network, no style sheet."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
        huge_tree=False, remove_comments=True, remove_pis=True, recover=False,
    )  # fmt: skip
    plain = _without_public_doctype(content)
    try:
        root = etree.fromstring(plain, parser)
    except (etree.XMLSyntaxError, ValueError) as broken:
        raise NotAMark(_("This is not a well-formed SVG.")) from broken
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotAMark(_declares_entities())
    if root.tag != f"{{{NAMESPACE}}}svg":
        raise NotAMark(_("This is not an SVG drawing."))
    if next(root.iter(f"{{{NAMESPACE}}}style"), None) is not None:
        raise NotAMark(_refused("style"))
    return root


def _without_public_doctype(content: bytes) -> bytes:
    """Older programs name the public DTD of SVG; anything that declares entities is refused."""
    plain = DOCTYPE.sub(b"", content, count=1)
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise NotAMark(_declares_entities())
    return plain


def _box(root: etree._Element) -> tuple[float, float, float, float]:
    """The frame of a drawing: its viewBox, else its width and height."""
    if box := root.get("viewBox"):
        parts = re.split(r"[\s,]+", box[:200].strip())
    else:
        parts = ["0", "0", root.get("width") or "", root.get("height") or ""]
    try:
        left, top, width, height = (float(part.removesuffix("px")) for part in parts)
    except ValueError:
        left = top = width = height = math.nan
    if not (0 < width < 1e6 and 0 < height < 1e6 and abs(left) < 1e6 and abs(top) < 1e6):
        raise NotAMark(_("This drawing does not say how large it is (viewBox)."))
    if not 0.1 <= width / height <= 10:
        raise NotAMark(_("This mark is more than ten times as long as it is wide."))
    return left, top, width, height


def _reduce(
    source: etree._Element, target: etree._Element, *, depth: int
) -> Iterator[etree._Element]:
    """Copy what a mark may be made of; anything else that would draw is refused by its name."""
    if depth > MOST_DEPTH:
        raise NotAMark(_("The groups of this drawing are nested too deeply."))
    for child in source:
        if not isinstance(child.tag, str):
            raise NotAMark(_declares_entities())
        name = etree.QName(child)
        if name.namespace != NAMESPACE or name.localname in SILENT or _is_hidden(child):
            continue
        if name.localname == "g":
            group = etree.SubElement(target, "g")
            _carry_over(child, group)
            yield from _reduce(child, group, depth=depth + 1)
            if len(group) == 0:
                target.remove(group)
        elif name.localname in SHAPES:
            shape = etree.SubElement(target, name.localname)
            _carry_over(child, shape)
            yield shape
        else:
            raise NotAMark(_refused(name.localname))


def _carry_over(source: etree._Element, target: etree._Element) -> None:
    """The attributes that place and colour a shape, each in a form that is known."""
    for key, value in _declared(source):
        if key.startswith("on") or key in REFUSED or key.endswith("}href"):
            raise NotAMark(_refused(key.rpartition("}")[2]))
        if "url(" in value.lower():
            raise NotAMark(_("This drawing uses gradients or patterns. Only plain colours can be "
                             "taken in; or upload it as a PNG."))  # fmt: skip
        if key not in ALLOWED or (target.tag == "svg" and key in LENGTHS | PLACING):
            continue
        if not _is_known(key, value):
            raise NotAMark(_("“%(value)s” is not understood as %(name)s in this drawing.",
                             value=value[:40], name=key))  # fmt: skip
        target.set(key, value)


def _declared(source: etree._Element) -> Iterator[tuple[str, str]]:
    """The attributes of an element, and then what its style attribute declares."""
    for key, value in source.attrib.items():
        if key != "style":
            yield str(key), str(value).strip()
    for declaration in (source.get("style") or "").split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            yield name.strip().lower(), value.replace("!important", "").strip()


def _is_hidden(element: etree._Element) -> bool:
    return any(
        (key, value) in {("display", "none"), ("visibility", "hidden")}
        for key, value in _declared(element)
    )


def _is_known(key: str, value: str) -> bool:
    if key in {"d", "points"}:
        return bool(OUTLINE[key].fullmatch(value))
    if len(value) > LONGEST_VALUE:
        return False
    if key in WORDS:
        return value in WORDS[key]
    if key == "stroke-dasharray" and value == "none":
        return True
    return bool(FORMS[key].fullmatch(value))


def _refused(name: str) -> str:
    if name in {"text", "tspan"}:
        return _("This drawing holds text. Turn it into outlines in your drawing program, "
                 "so that it looks the same everywhere.")  # fmt: skip
    if name == "image":
        return _("This drawing holds a picture. Upload the picture itself as a PNG instead.")
    if name == "style":
        return _("This drawing colours its shapes by a style sheet. Save it with presentation "
                 "attributes in your drawing program, or upload it as a PNG.")  # fmt: skip
    return _("This drawing uses “%(name)s”, which a mark may not hold. Only plain shapes in "
             "plain colours can be taken in; or upload it as a PNG.", name=name[:40])  # fmt: skip


def _declares_entities() -> str:
    return _("This drawing declares entities, which no mark needs. Save it as a plain SVG.")


def _short(value: float) -> str:
    return f"{value:g}" if abs(value) < 1e5 else f"{value:.0f}"


DOCTYPE = re.compile(
    rb'<!DOCTYPE\s{1,9}svg(?:\s{1,9}PUBLIC\s{1,9}"[^"<>\[\]]{0,200}"\s{1,9}"[^"<>\[\]]{0,200}")?'
    rb"\s{0,9}>"
)
OUTLINE = {"d": PATH, "points": NUMBERS}
FORMS = {
    **dict.fromkeys(LENGTHS, LENGTH),
    **dict.fromkeys(SHARES, SHARE),
    **dict.fromkeys(COLOURS, COLOUR),
    "stroke-dasharray": NUMBERS,
    "transform": TRANSFORM,
}
ALLOWED = LENGTHS | SHARES | COLOURS | PLACING | set(WORDS)
