"""A page as it is handed in: what stays from holder to holder, and what is each one's own."""

import base64
import re
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from typing import Any

PRINT = re.compile(
    r'<link rel="print"(?: data-page="(\d+)")? '
    r'href="data:application/pdf;base64,([A-Za-z0-9+/=]*)">'
)
OWN = re.compile(
    r"<title>(?P<title>[^<]*)</title>"
    r'|<meta name="(?P<name>author|description|keywords|dcterms\.created|dcterms\.modified)"'
    r' content="(?P<content>[^"]*)">'
    r'|<(?P<tag>\w+)(?P<slot>(?:\s[^<>]*)?\sdata-slot="[^<>]*)>(?P<text>[^<]*)</(?P=tag)>'
    r"|<a(?P<link>\s[^<>]*)>"
)
HREF = re.compile(r'\shref="(https?://[^"]*)"')
LANG = re.compile(r'\slang="([\w-]*)"')
STYLED_BY_LANGUAGE = re.compile(r":lang\(([^)]*)\)|(\[lang)")
ECHOED = re.compile(r"attr\(|content\(|\[href|\[data-slot|:empty")
INK = r"[^\x00-\x20\x7f-\x9f\u2028\u2029]"
PLAIN = re.compile(f"{INK}+(?: {INK}+)*")


@dataclass(frozen=True)
class Slot:
    """A text that differs between holders, in the language it is written in."""

    text: str
    language: str | None


@dataclass
class Manuscript:
    """A page taken apart; pages with the same key differ only in what is listed here."""

    html: str
    key: str = ""
    prints: list[tuple[int, bytes]] = field(default_factory=list)
    """Pages, the first is 1, and what lies under them."""
    title: str | None = None
    said: dict[str, list[str]] = field(default_factory=dict)
    description: dict[str, Any] = field(default_factory=dict)
    slots: list[Slot] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    echoed: bool = False  # a style may repeat elsewhere what stands in a slot or a link

    @property
    def plain(self) -> bool:
        """Whether each slot holds one line that stands as it is written, and only there."""
        return not self.echoed and all(PLAIN.fullmatch(slot.text) for slot in self.slots)

    def take_as_it_is(self) -> None:
        """Nothing in this page is filled in: it holds its own texts."""
        self.description, self.slots, self.links = {}, [], []

    def agrees_with(self, root: Any, metadata: Any) -> bool:
        """Whether the parsed page holds what was read here, in the same places."""
        texts = [(element.text, len(element)) for element in slot_elements(root)]
        return (
            [link.get("href") for link in link_elements(root)] == self.links
            and texts == [(slot.text, 0) for slot in self.slots]
            and vars(metadata) == vars(metadata) | self.description
        )


def slot_elements(root: Any) -> list[Any]:
    return [element for element in root.iter() if element.get("data-slot") is not None]


def link_elements(root: Any) -> list[Any]:
    return [
        link for link in root.iter("a") if link.get("href", "").startswith(("http://", "https://"))
    ]


def read(page: str) -> Manuscript:
    """Takes a page apart; its prints go before the HTML is parsed, for they are long."""
    head, mark, rest = page.partition("</head>")
    prints: list[tuple[int, bytes]] = []

    def keep(found: re.Match[str]) -> str:
        prints.append((int(found[1] or 1), base64.b64decode(found[2])))
        return ""

    head = PRINT.sub(keep, head)
    manuscript = Manuscript(head + mark + rest, prints=prints)
    manuscript.echoed, kept = _asked_by_styles(head[head.find("<style") :])

    def blank(found: re.Match[str]) -> str:
        if found["slot"]:
            return _blank_slot(manuscript, found, kept)
        if found["link"]:
            return _blank_link(manuscript, found[0])
        if found["name"]:
            manuscript.said.setdefault(found["name"], []).append(unescape(found["content"]))
            return f"<meta {found['name']}>"
        manuscript.title = manuscript.title or unescape(found["title"])
        return "<title>"

    manuscript.key = OWN.sub(blank, manuscript.html)
    manuscript.description = _description(manuscript.title, manuscript.said)
    return manuscript


def _description(title: str | None, said: dict[str, list[str]]) -> dict[str, Any]:
    """What the head of the page says, as the typesetter keeps it."""
    keywords = (word.strip() for text in said.get("keywords", ()) for word in text.split(","))
    return {
        "title": title,
        "authors": said.get("author", []),
        "description": next(iter(said.get("description", ())), None),
        "keywords": list(dict.fromkeys(keywords)),
        "created": next(iter(said.get("dcterms.created", ())), None),
        "modified": next(iter(said.get("dcterms.modified", ())), None),
    }


def _blank_slot(manuscript: Manuscript, found: re.Match[str], kept: set[str] | None) -> str:
    attributes = found["slot"]
    language = LANG.search(attributes)
    manuscript.slots.append(Slot(unescape(found["text"]), language and language[1]))
    if language and kept is not None and language[1].lower().partition("-")[0] not in kept:
        attributes = LANG.sub(" lang", attributes)
    if found["tag"] == "a":
        attributes = _blank_link(manuscript, attributes)
    return f"<{found['tag']}{attributes}></>"


def _blank_link(manuscript: Manuscript, attributes: str) -> str:
    if address := HREF.search(attributes):
        manuscript.links.append(unescape(address[1]))
        return HREF.sub(" href", attributes)
    return attributes


@lru_cache(maxsize=32)
def _asked_by_styles(styles: str) -> tuple[bool, set[str] | None]:
    """Whether styles repeat texts, and which languages they tell apart: none means any."""
    kept: set[str] | None = set()
    for languages, attribute in STYLED_BY_LANGUAGE.findall(styles):
        if attribute or kept is None:
            kept = None
        else:
            kept |= {one.strip(" \"'").lower().partition("-")[0] for one in languages.split(",")}
    return ECHOED.search(styles) is not None, kept
