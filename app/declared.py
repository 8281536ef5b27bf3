"""What a view declares of itself beside its audience."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from flask import current_app, request

P = ParamSpec("P")
R = TypeVar("R")


def takes_up_to(largest: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare that a view takes files of so many bytes, more than others do."""

    def declare(view: Callable[P, R]) -> Callable[P, R]:
        cast(Any, view).largest = largest
        return view

    return declare


def shows_frames(view: Callable[P, R]) -> Callable[P, R]:
    """Declare that a page shows other pages of this site in frames."""
    cast(Any, view).has_frames = True
    return view


def largest() -> int | None:
    """How large a file this view takes, if it has declared it."""
    view = current_app.view_functions.get(request.endpoint or "")
    return cast("int | None", getattr(view, "largest", None))


def has_frames() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, "has_frames", False))
