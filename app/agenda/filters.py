"""What a reader asks of the agenda: which kind, which society, for whom, in which language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.agenda.models import Kind

LONGEST_SEARCH = 100


@dataclass(frozen=True, kw_only=True)
class Filters:
    """One reader's choice. What is not chosen is the empty string."""

    kind: str = ""
    society: str = ""
    audience: str = ""
    language: str = ""
    q: str = ""
    past: bool = False

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Filters:
        """The filters named in an address; a kind that does not exist is no filter."""
        kind = asked.get("kind", "")
        return cls(
            kind=kind if kind in {*Kind} else "",
            society=asked.get("society", ""),
            audience=asked.get("audience", ""),
            language=asked.get("language", ""),
            q=asked.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH],
            past=asked.get("when") == "past",
        )

    @property
    def chosen(self) -> dict[str, str]:
        """As the address names them, without the time: what list, month and feed share."""
        named = {
            "kind": self.kind,
            "society": self.society,
            "audience": self.audience,
            "language": self.language,
            "q": self.q,
        }
        return {name: value for name, value in named.items() if value}

    @property
    def all(self) -> dict[str, str]:
        return {**self.chosen, "when": "past"} if self.past else self.chosen
