"""Writes a choice for people: "a, b or c"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Iterable


def either(names: Iterable[str]) -> str:
    """Return the names as people read a choice of one of them; "" without a name."""
    *others, last = [*names] or [""]
    return _("{names} or {last}", names=", ".join(others), last=last) if others else last
