"""Supervised parts that follow changed settings."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from voice_assistant.runtime.supervision.supervised import supervise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from voice_assistant.ports import Problems
    from voice_assistant.runtime.supervision.supervised import Supervised
    from voice_assistant.settings.schema import Settings


class Replaceable:
    """Supervised parts that are replaced when their settings change.

    Args:
        make: returns the parts for these settings.
        section: returns what `make` uses of the settings.
        settings: the settings at the start.
        problems: gets the problems of the parts.
    """

    def __init__(
        self,
        make: Callable[[Settings], Sequence[Supervised]],
        section: Callable[[Settings], object],
        settings: Settings,
        problems: Problems,
    ) -> None:
        self._make = make
        self._section = section
        self._made_of = section(settings)
        self._problems = problems
        self._parts = make(settings)
        self._replaced = asyncio.Event()

    def __iter__(self) -> Iterator[Supervised]:
        """Return an iterator over the present parts."""
        return iter(self._parts)

    def follow(self, _: Settings, settings: Settings) -> None:
        """Replace the parts if their settings have changed: a follower of `LiveSettings`."""
        if (made_of := self._section(settings)) != self._made_of:
            self._made_of = made_of
            for part in self._parts:
                self._problems.clear_problem(part.name)
            self._parts = self._make(settings)
            self._replaced.set()

    async def run(self) -> None:
        """Supervise the parts, and their replacements, until cancelled."""
        while True:
            self._replaced.clear()
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(supervise(part, self._problems)) for part in self._parts]
                await self._replaced.wait()
                for task in tasks:
                    task.cancel()
