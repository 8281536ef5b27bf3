"""`flask verification …`"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app import db
from app.clock import now, today
from app.errors import Refusal
from app.verification import answers, carried, clocks, exported, offline, states, wording
from app.verification.apart import reader
from app.verification.bundle import bundle
from app.verification.examine import Verdict, by_facts
from app.verification.export import export
from app.verification.offline import OfflineVerdict

verification = AppGroup("verification", help="What anyone can learn about a credential.")
NOT_GOOD, NOT_OF_TODAY = 1, 3
A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
A_FOLDER = click.Path(file_okay=False, path_type=Path)


@verification.command("examine")
@click.argument("file", type=A_FILE)
@click.option("--json", "as_object", is_flag=True, help="One JSON object.")
@click.option("--bundle", "bundle_path", type=A_FILE,
              help="Judge by this trust bundle alone, without the register.")  # fmt: skip
@click.option("--key", help="The fingerprint that the signer of the bundle must have.")
@click.option("--register", "folder", type=A_FOLDER, help="Together with an exported register.")
@click.option("--proof", "proof_path", type=A_FILE,
              help="Together with its proof from the transparency log.")  # fmt: skip
def examine(
    file: Path, as_object: bool, bundle_path: Path | None, key: str | None, folder: Path | None,
    proof_path: Path | None,
) -> None:  # fmt: skip
    """The verdict on a file.

    Exit status 0 only when it is genuine and valid today; 3 when it is genuine, and what was
    carried away says only how it stood on an earlier day.
    """
    content = file.read_bytes()
    if bundle_path is not None:
        proof = _proof(proof_path) if proof_path else None
        _offline(file, content, bundle_path, key, folder, as_object, proof)
        return
    facts = reader().read(content)
    with db.reading() as session:
        settings = current_app.config["SETTINGS"]
        verdict = by_facts(session, facts, on=today(), authorities=clocks.certificates(settings))
        answer = answers.as_json(verdict, on=today())
    _say(file, verdict, answer, as_object)
    sys.exit(0 if verdict.is_good else NOT_GOOD)


def _proof(path: Path) -> object:
    try:
        found = json.loads(_text(path))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise click.ClickException(f"{path} is no proof.")
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise click.ClickException(f"{path} cannot be read as text.") from None


def _offline(
    file: Path, content: bytes, path: Path, key: str | None, folder: Path | None, as_object: bool,
    proof: object,
) -> None:  # fmt: skip
    try:
        known = carried.read(_text(path), key=key)
        facts = reader().read(content)
        serial = offline.serial_of(facts)
        found = exported.look_up(folder, serial, known) if folder and serial else None
        own = exported.proof_of(folder, serial, known) if folder and serial else None
    except carried.Untrusted as why:
        raise click.ClickException(str(why)) from None
    verdict = offline.examine(facts, known, on=today(), exported=found, proof=proof or own,
                              must_name=proof is not None)  # fmt: skip
    answer = offline.as_json(verdict)
    _say(file, verdict, answer, as_object)
    if not as_object:
        click.echo(f"by a bundle of {known.made_at:%d %B %Y %H:%M} UTC, signed by {known.signer}")
    sys.exit(0 if verdict.is_good else NOT_OF_TODAY if verdict.was_good else NOT_GOOD)


def _say(
    file: Path, verdict: Verdict | OfflineVerdict, answer: dict[str, object], as_object: bool
) -> None:
    if as_object:
        click.echo(json.dumps(answer, indent=1, ensure_ascii=False))
        return
    click.echo(f"{file.name}: {_in_words(verdict, str(answer['verdict']))}")
    if answer["serial"]:
        click.echo(
            f"serial {answer['serial']}, {answer.get('title')}, issued on {answer.get('issued_on')}"
        )
    if verdict.judgement is None:
        return
    for reason in verdict.reasons:
        click.echo(f"- {wording.reason(reason, verdict.judgement)}")
    for seal in verdict.judgement.seals:
        who = seal.party.name if seal.party else seal.claims or seal.field
        _kind, word = wording.seal_state(seal.state)
        click.echo(f"  {who}: {word}, {seal.level}. {wording.vouching(seal)}")


def _in_words(verdict: Verdict | OfflineVerdict, word: str) -> str:
    """The verdict, with the day of what says how it stands."""
    if isinstance(verdict, Verdict) or not verdict.file.is_sound or verdict.stood.as_of is None:
        return word
    day = f"{verdict.stood.as_of:%-d %B %Y}"
    if verdict.standing == states.VALID_THEN:
        return f"genuine, valid as of {day}"
    return f"{word} (as of {day})"


@verification.command("bundle")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
def make_bundle(out: Path) -> None:
    """A signed trust bundle, to examine files without the platform."""
    settings = current_app.config["SETTINGS"]
    with db.reading() as session:
        try:
            made = bundle(session, at=now(), authorities=clocks.certificates(settings))
        except Refusal as why:
            raise click.ClickException(str(why)) from None
    out.write_text(json.dumps(made, indent=1, ensure_ascii=False), encoding="utf-8")
    click.echo(f"{out}: signed by {carried.signer_of(made)}")


@verification.command("export")
@click.option("--out", type=A_FOLDER, required=True)
def make_export(out: Path) -> None:
    """The whole register as static, signed files, without names."""
    settings = current_app.config["SETTINGS"]
    try:
        count = export(out, at=now(), authorities=clocks.certificates(settings))
    except Refusal as why:
        raise click.ClickException(str(why)) from None
    click.echo(f"{out}: {count} credentials")
