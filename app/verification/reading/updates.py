"""What may come after a seal: further seals, time stamps, and what they bring along.

Stricter than pyHanko's own policy, which lets the title and the XMP metadata of a sealed document
be written anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lxml import etree
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DocInfoRule,
    DSSCompareRule,
    FormUpdatingRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    ReferenceUpdate,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
    WhitelistRule,
    XrefStreamRule,
)

CLERICAL = frozenset({"/ModDate", "/Producer"})
"""What a program that adds a seal or a time stamp writes about itself."""
DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"


class ClericalRule(WhitelistRule):
    """The document's information may say who wrote last, and when; nothing else in it changes."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[ReferenceUpdate]:
        before, after = _told(old), _told(new)
        if before != after:
            raise SuspiciousModification("the document's information was changed")
        yield from DocInfoRule().apply(old, new)


_WELL_FORMED = MetadataUpdateRule()  # type: ignore[no-untyped-call]
"""It refuses entities too."""


class MetadataRule(WhitelistRule):
    """So may its XMP metadata; the title and whatever else a reader is shown stay."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[ReferenceUpdate]:
        updates = list(_WELL_FORMED.apply(old, new))
        if _shown(old) != _shown(new):
            raise SuspiciousModification("the document's metadata was changed")
        yield from updates


def _shown(resolver: HistoricalResolver) -> list[tuple[str, str]]:
    """What the metadata says in Dublin Core: title, author, subject, rights."""
    try:
        stream: Any = resolver.root.get_value_as_reference("/Metadata").get_object()
    except KeyError:
        return []
    root = etree.fromstring(stream.data, etree.XMLParser(resolve_entities=False))
    said = []
    for element in root.iter(etree.Element):
        if str(element.tag).startswith(DUBLIN_CORE):
            said.append((str(element.tag), "".join(element.itertext()).strip()))
        for name, value in element.attrib.items():
            if str(name).startswith(DUBLIN_CORE):
                said.append((str(name), str(value)))
    return sorted(said)


def _told(resolver: HistoricalResolver) -> dict[str, str]:
    try:
        found = resolver.trailer_view["/Info"]
    except KeyError:
        return {}
    if not isinstance(found, generic.DictionaryObject):
        raise SuspiciousModification("the document's information is none")
    return {str(k): str(found[k]) for k in found if str(k) not in CLERICAL}


POLICY = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(),  # type: ignore[no-untyped-call]
        *(
            rule.as_qualified(ModificationLevel.LTA_UPDATES)
            for rule in (
                ClericalRule(),
                MetadataRule(),
                XrefStreamRule(),
                ObjectStreamRule(),
                DSSCompareRule(),
            )
        ),
    ],
    form_rule=FormUpdatingRule(
        field_rules=[
            SigFieldCreationRule(),  # type: ignore[no-untyped-call]
            SigFieldModificationRule(),
        ]
    ),
)
