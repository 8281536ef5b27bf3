"""The whole register as static files, signed: what remains when the platform is gone.

One file for each serial, found by the SHA-256 of the serial, so that whoever has the export learns
no serial from it, and no name. It is written as a stream: memory does not grow with the register.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, load_only, selectinload

from app import db, site
from app.credentials.models import Credential, Suspension
from app.credentials.standing import standing
from app.errors import Refusal
from app.open_badges.models import OpenBadge
from app.sealing.models import DocumentTimestamp, Seal
from app.signing_keys.models import Purpose, SigningKey
from app.signing_keys.queries import in_force
from app.signing_keys.signing import signer
from app.texts import gettext as _
from app.transparency import queries as log
from app.verification import bundle, export_log
from app.verification.examine import history

CHUNK = 500
PAGE = Path(__file__).with_name("export.html")
READ_ME = Path(__file__).with_name("export.txt")


def name_of(serial: str) -> str:
    """Under which name an export keeps what it says of a serial."""
    return hashlib.sha256(serial.encode("ascii")).hexdigest()


class Export:
    """A folder that is being written, with the digest of everything in it."""

    def __init__(self, out: Path) -> None:
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()):
            raise Refusal(_("The folder %(name)s is not empty.", name=out))
        self.out, self.count = out, 0
        self._sums: TextIO = (out / "SHA256SUMS").open("w", encoding="ascii", newline="\n")
        self._shards: set[str] = set()

    def put(self, name: str, content: bytes) -> None:
        path = self.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self._sums.write(f"{hashlib.sha256(content).hexdigest()}  {name}\n")

    def put_json(self, name: str, content: Any) -> None:
        self.put(name, json.dumps(content, indent=1, ensure_ascii=False).encode())

    def put_register(self, rows: Sequence[tuple[str, dict[str, Any]]]) -> None:
        """Some of the register: each row in a file of its own, and in a shard for the page."""
        shards: dict[str, list[str]] = defaultdict(list)
        for name, row in rows:
            self.put_json(f"v/{name[:2]}/{name}.json", row)
            shards[name[:2]].append(f"confer({json.dumps(name)},{json.dumps(row)});\n")
        (self.out / "shards").mkdir(exist_ok=True)
        for shard, lines in shards.items():
            with (self.out / "shards" / f"{shard}.js").open("a", encoding="utf-8") as file:
                file.writelines(lines)
        self._shards |= shards.keys()
        self.count += len(rows)

    def close(self, sign: Callable[[bytes], bytes], public: str) -> None:
        """The signature comes last: an export without one is not finished."""
        for shard in sorted(self._shards):
            name = f"shards/{shard}.js"
            digest = hashlib.sha256((self.out / name).read_bytes()).hexdigest()
            self._sums.write(f"{digest}  {name}\n")
        self.put("platform-key.pem", public.encode())
        self._sums.close()
        sums = (self.out / "SHA256SUMS").read_bytes()
        (self.out / "SHA256SUMS.sig").write_bytes(sign(sums))


def export(out: Path, *, at: datetime, authorities: Sequence[bytes] = ()) -> int:
    """Write the register into an empty folder; answer how many credentials it holds."""
    with db.reading() as session:
        key = in_force(session, Purpose.LOG, at=at)
        if key is None:
            raise Refusal(_("The platform has no signing key yet; it is made within a minute."))
        sign, public = signer(key).sign, key.public_key
        written = Export(out)
        whole = bundle.bundle(session, at=at, authorities=authorities)
    written.put_json("trust.json", whole)
    for name, document in _documents(whole):
        written.put_json(name, document)
    written.put("index.html", _page(at))
    written.put("README.txt", READ_ME.read_bytes())
    size = whole["log"]["size"] if whole["log"] else 0
    for rows, proofs in chunks(on=at.date(), logged=size):
        written.put_register(rows)
        for name, proof in proofs:
            written.put_json(f"v/{name[:2]}/{name}.proof.json", proof)
    for name, content in export_log.entries(size):
        written.put(name, content)
    for name, head in export_log.heads(size):
        written.put_json(name, head)
    for name, told in export_log.endorsements():
        written.put(name, told) if isinstance(told, bytes) else written.put_json(name, told)
    written.put_json(
        "register.json",
        {"made_at": at.isoformat(timespec="seconds"), "platform": site.address(),
         "credentials": written.count},
    )  # fmt: skip
    written.close(sign, public)
    return written.count


def _page(at: datetime) -> bytes:
    text = PAGE.read_text(encoding="utf-8")
    return (
        text.replace("@made@", f"{at:%d %B %Y, %H:%M} UTC")
        .replace("@platform@", site.address())
        .encode()
    )


def _documents(whole: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """DID documents and status lists, at the paths under which they were served."""
    for one in whole["societies"]:
        yield f"societies/{one['code']}/did.json", one["did_document"]
    for one in whole["schemes"]:
        yield f"schemes/{one['code']}/did.json", one["did_document"]
    for document in whole["status_lists"]:
        path = str(document["id"]).removeprefix(site.address()).strip("/")
        yield f"{path}.json", document
    if whole["log"]:
        yield "log-head.json", whole["log"]


Named = list[tuple[str, dict[str, Any]]]


def chunks(*, on: date, logged: int) -> Iterator[tuple[Named, Named]]:
    """The register in parts, each read in a transaction of its own, and the proofs that the log
    of so many entries holds it; neither names a serial."""
    after = 0
    while True:
        with db.reading() as session:
            found = session.scalars(_some(after)).unique().all()
            if not found:
                return
            after = found[-1].id
            rows = _rows(session, found, on=on)
            proofs = log.inclusions(session, found, within=logged)
            named = [(name_of(one.serial), proofs[one.id]) for one in found if one.id in proofs]
        for _name, proof in named:
            del proof["serial"]
        yield rows, named


def _some(after: int) -> Any:
    return (
        Credential.whole()
        .where(Credential.id > after)
        .order_by(Credential.id)
        .limit(CHUNK)
        .options(
            selectinload(Credential.suspensions).joinedload(Suspension.reinstatement),
            load_only(
                Credential.serial, Credential.kind, Credential.snapshot, Credential.issued_on,
                Credential.valid_until, Credential.file_digest,
            ),
        )
    )  # fmt: skip


def _rows(
    session: Session, found: Sequence[Credential], *, on: date
) -> list[tuple[str, dict[str, Any]]]:
    keys = [one.id for one in found]
    seals: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for seal in session.scalars(
        select(Seal)
        .where(Seal.credential_id.in_(keys))
        .order_by(Seal.position)
        .options(joinedload(Seal.society), joinedload(Seal.key).load_only(SigningKey.name))
    ):
        seals[seal.credential_id].append(
            {
                "society": seal.society.name,
                "key": seal.key.name,
                "at": seal.at.isoformat(timespec="seconds"),
            }
        )
    digests: dict[int, list[str]] = defaultdict(list)
    for stamp in session.execute(
        select(DocumentTimestamp.credential_id, DocumentTimestamp.file_digest)
        .where(DocumentTimestamp.credential_id.in_(keys))
        .order_by(DocumentTimestamp.id)
    ):
        digests[stamp.credential_id].append(stamp.file_digest)
    badges = {
        badge.credential_id: badge.digest
        for badge in session.execute(
            select(OpenBadge.credential_id, OpenBadge.digest).where(
                OpenBadge.credential_id.in_(keys)
            )
        )
    }
    return [
        (name_of(one.serial), _row(one, seals[one.id], digests[one.id], badges.get(one.id), on))
        for one in found
    ]


def _row(
    one: Credential,
    seals: list[dict[str, Any]],
    digests: list[str],
    badge: str | None,
    on: date,
) -> dict[str, Any]:
    """What is said of a serial: neither the serial nor the holder's name."""
    snapshot = one.snapshot
    files = dict.fromkeys([one.file_digest, *digests])
    return {
        "standing": str(standing(one, on=on)),
        "as_of": on.isoformat(),
        "kind": str(one.kind),
        "title": snapshot["title"],
        "edition": snapshot["edition"],
        "awarded_by": [society["name"] for society in snapshot["awarding"]],
        "issued_on": snapshot["issued_on"],
        "valid_until": snapshot["valid_until"],
        "sample": snapshot["sample"],
        "sha256": [digest for digest in files if digest],
        "credential_sha256": badge,
        "seals": seals,
        "superseded_by": one.supersession and name_of(one.supersession.new.serial),
        "history": [
            {"what": str(event.what), "on": event.on.isoformat()} for event in history(one, on=on)
        ],
    }
