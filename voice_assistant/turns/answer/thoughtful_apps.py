"""Knows the apps whose model thinks aloud before its answer, and marks only the end of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from voice_assistant.system.kept_list import KeptList

if TYPE_CHECKING:
    from pathlib import Path

MOST_APPS = 100


class _App(msgspec.Struct, frozen=True):
    name: str


class ThoughtfulApps:
    """The apps whose last answer began with thinking that no sign announced.

    They are kept, because each `ask` without a running assistant is a process of its own.

    Args:
        file: keeps the names; None: they are known in this process alone.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._kept = KeptList(file, _App) if file else None
        self._names = {app.name for app in self._kept.read()} if self._kept else set()

    def __contains__(self, name: str) -> bool:
        """Return whether the app's next answer probably begins with thinking."""
        return name in self._names

    def note(self, name: str, *, thought: bool) -> None:
        """Note whether a complete answer of the app began with thinking that nothing announced."""
        if thought == (name in self._names):
            return
        (self._names.add if thought else self._names.discard)(name)
        if self._kept:
            others = [app for app in self._kept.read() if app.name != name]
            self._kept.write([*others, _App(name)][-MOST_APPS:] if thought else others)
