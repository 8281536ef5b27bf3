"""What a document carries besides its pages: attached files and empty places for seals."""

import re
from collections.abc import Sequence
from hashlib import md5
from typing import Any

import pydyf

from order import Attachment, SealField

MEDIA_TYPES = {"json": "application/json", "xml": "application/xml", "txt": "text/plain"}
SIGNATURES_EXIST, APPEND_ONLY = 1, 2
PRINTED = 4


def attach(pdf: Any, attachments: Sequence[Attachment], created: str | None) -> None:
    """Data that belongs to the whole document, in the order of their names as readers expect."""
    if not attachments:
        return
    files, associated = pydyf.Array(), pydyf.Array()
    for attachment in attachments:
        file = _file(attachment, created)
        pdf.add_object(file)
        specification = pydyf.Dictionary(
            {
                "Type": "/Filespec",
                "F": pydyf.String(attachment.name),
                "UF": pydyf.String(attachment.name),
                "EF": pydyf.Dictionary({"F": file.reference, "UF": file.reference}),
                "Desc": pydyf.String(attachment.description),
                "AFRelationship": "/Data",
            }
        )
        pdf.add_object(specification)
        files.extend((pydyf.String(attachment.name), specification.reference))
        associated.append(specification.reference)
    tree = pydyf.Dictionary({"Names": files})
    pdf.add_object(tree)
    names = pdf.catalog.get("Names", {}) | {"EmbeddedFiles": tree.reference}
    pdf.catalog["Names"] = pydyf.Dictionary(names)
    pdf.catalog["AF"] = associated


def _file(attachment: Attachment, created: str | None) -> Any:
    parameters = pydyf.Dictionary(
        {
            "CheckSum": f"<{md5(attachment.content, usedforsecurity=False).hexdigest()}>",
            "Size": len(attachment.content),
        }
    )
    if created:  # the date of the page: an attachment knows no clock
        day = pydyf.String("D:" + "".join(re.findall(r"\d+", created)[:6]) + "Z")
        parameters |= {"CreationDate": day, "ModDate": day}
    kind = MEDIA_TYPES.get(attachment.name.rpartition(".")[2], "application/octet-stream")
    return pydyf.Stream(
        [attachment.content],
        {
            "Type": "/EmbeddedFile",
            "Subtype": "/" + kind.replace("/", "#2f"),
            "Params": parameters,
        },
    )


def prepare_seals(pdf: Any, fields: Sequence[SealField]) -> None:
    """Empty signature fields; their widgets lie on the first page and take no room there."""
    if not fields:
        return
    widgets = pydyf.Array()
    for field in fields:
        widget = pydyf.Dictionary(
            {
                "Type": "/Annot",
                "Subtype": "/Widget",
                "FT": "/Sig",
                "T": pydyf.String(field.name),
                "TU": pydyf.String(field.label),
                "F": PRINTED,
                "Rect": pydyf.Array([0, 0, 0, 0]),
                "P": pdf.page.reference,
            }
        )
        pdf.add_object(widget)
        widgets.append(widget.reference)
    pdf.page["Annots"] = pydyf.Array([*pdf.page.get("Annots", ()), *widgets])
    form = pydyf.Dictionary({"Fields": widgets, "SigFlags": SIGNATURES_EXIST | APPEND_ONLY})
    pdf.add_object(form)
    pdf.catalog["AcroForm"] = form.reference
