"""The rules of the house that a test can hold."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import ROOMS

ROOT = Path(__file__).parents[1]
APP = ROOT / "app"
WEB = {
    "views", "staff_views", "forms", "emails", "jobs", "commands",
    "entrance", "arrival", "arrivals", "reach",  # carry a request's person to the domain
    "state", "outline", "export", "upload",  # what a page shows its reader, gives out or takes in
    "printing",  # the press of the web process
}  # fmt: skip
"""Files of a room that may know the web; any other file is the domain."""
WEB_PLUMBING = {"app.web", "app.access", "app.addresses", "app.declared", "app.error_pages"}
FLASK = ("flask", "flask_babel", "flask_login", "flask_wtf", "werkzeug")
FORBIDDEN_NAMES = {"services", "utils", "helpers", "common", "managers", "admin"}


def modules() -> Iterator[tuple[str, Path, ast.Module]]:
    for path in sorted(APP.rglob("*.py")):
        yield (
            ".".join(path.relative_to(ROOT).with_suffix("").parts),
            path,
            ast.parse(path.read_text()),
        )


def imports(tree: ast.Module, *, top_level_only: bool = False) -> Iterator[str]:
    nodes = tree.body if top_level_only else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room_of(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == "app" and parts[1] in ROOMS else None


def test_a_room_imports_only_rooms_listed_before_it():
    wrong = {
        f"{module} imports {name}"
        for module, _path, tree in modules()
        for name in imports(tree)
        if (room := room_of(module))
        and (other := room_of(name))
        and ROOMS.index(other) > ROOMS.index(room)
    }
    assert wrong == set()


def test_the_domain_never_sees_the_web():
    wrong = {
        f"{module} imports {name}"
        for module, path, tree in modules()
        if room_of(module) and path.stem not in WEB | {"__init__"} and not _is_web(path)
        for name in imports(tree)
        if name.split(".")[0] in FLASK or name in WEB_PLUMBING
    }
    assert wrong == set()


def _is_web(path: Path) -> bool:
    """Views and forms may be split: any file whose name ends so, and pages that compose rooms."""
    return path.stem.endswith(("views", "forms")) or path.parent.name in {"home", "demo"}


def test_only_the_settings_read_the_environment():
    readers = {module for module, _path, tree in modules() if _reads_environment(tree)}
    assert readers <= {"app.pdf", "app.serve"}


def _reads_environment(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
        for node in ast.walk(tree)
    )


def test_only_the_clock_asks_the_time():
    wrong = {
        f"{module}:{node.lineno}"
        for module, _path, tree in modules()
        if module != "app.clock"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "utcnow", "today"}
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"datetime", "date", "dt"}
    }
    assert wrong == set()


def test_nobody_else_names_the_current_user():
    wrong = {
        module
        for module, _path, tree in modules()
        if module != "app.access" and not module.startswith("app.accounts.")
        and any(isinstance(node, ast.Name) and node.id == "current_user" for node in ast.walk(tree))
    }  # fmt: skip
    assert wrong == set()


def test_no_file_is_a_drawer_for_everything():
    assert {p for p in APP.rglob("*.py") if p.stem in FORBIDDEN_NAMES} == set()


def test_every_room_says_what_it_is():
    silent = [
        room
        for room in ROOMS
        if not ast.get_docstring(ast.parse((APP / room / "__init__.py").read_text()))
    ]
    assert silent == []


def test_every_mapped_class_says_what_it_is_in_the_world():
    silent = {
        f"{module}.{node.name}"
        for module, _path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(base).split(".")[-1] == "Base" for base in node.bases)
        and not ast.get_docstring(node)
    }  # fmt: skip
    assert silent == set()


def test_the_domain_neither_commits_nor_rolls_back():
    wrong = {
        f"{module}:{node.lineno}"
        for module, path, tree in modules()
        if room_of(module) and path.stem not in WEB and not _is_web(path)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"commit", "rollback"}
    }
    assert wrong == set()


@pytest.mark.parametrize(
    "template", sorted((ROOT / "templates").rglob("*.html")), ids=lambda p: p.name
)
def test_no_page_carries_styles_or_handlers_inline(template):
    if template.is_relative_to(ROOT / "templates" / "sheets") or template.is_relative_to(
        ROOT / "templates" / "emails"
    ):
        return
    text = template.read_text()
    assert " style=" not in text
    assert "<style" not in text
    assert " onclick=" not in text and " onload=" not in text
