"""An act: who does it, on which page the form stands, what is filled in."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

from werkzeug.test import TestResponse

from tests.browser_client import Page
from tests.stories.conftest import House
from tests.stories.file import File


@dataclass(frozen=True)
class Act:
    """One act: a form is opened on a page and sent, or sent to an address straight away."""

    name: str
    who: str
    url: str
    """Where it is sent; `{noun}` is filled in from our side."""
    fill: dict[str, Any] = field(default_factory=dict)
    page: bool = False
    """Whether the form stands at the same address and comes filled in."""
    on: str = ""
    """Where the form stands, when it is another address."""
    answer: int = 303
    """What answers it when it is done."""

    def do(self, house: House) -> TestResponse:
        url = self.url.format_map({**house.ours, **_spelt(house)})
        form: dict[str, Any] = {}
        if self.page or self.on:
            at = self.on.format_map({**house.ours, **_spelt(house)}) or url
            shown = Page(house.send(self.who, "GET", at), at, [])
            found = shown.form(url if self.on else None)
            form, url = {**found["fields"]}, urljoin(url, found["action"])
            form.pop("csrf_token")
        return house.send(self.who, "POST", url, {**form, **self._filled(house)})

    def _filled(self, house: House) -> dict[str, Any]:
        nouns = {**house.ours, **_spelt(house)}
        return {k: _value(v, nouns) for k, v in self.fill.items()}


def _value(value: Any, nouns: dict[str, Any]) -> Any:
    if isinstance(value, str) and value.startswith("@"):
        value = nouns[value[1:]]
    return (BytesIO(value.content), value.name) if isinstance(value, File) else value


def _spelt(house: House) -> dict[str, Any]:
    return {name.replace(" ", "_").replace("-", "_"): value for name, value in house.ours.items()}
