"""Shows how loud the microphone is while the assistant listens."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from voice_assistant import events

if TYPE_CHECKING:
    from collections.abc import Callable

REFRESH_S = 0.25
"""Seconds between two levels that are shown."""


class LevelMeter:
    """A `Subscriber` that measures while the assistant listens, and sleeps otherwise.

    Args:
        level_dbfs: returns the level at the moment, None where nothing can be measured.
        show: called with each level, and with None when listening is over.
    """

    def __init__(
        self, level_dbfs: Callable[[], float | None], show: Callable[[float | None], None]
    ) -> None:
        self._level_dbfs = level_dbfs
        self._show = show
        self._phases = events.Phases()
        self._listening = asyncio.Event()

    def handle(self, event: events.AnyEvent) -> None:
        """Take one event; returns at once."""
        self._phases.handle(event)
        if self._phases.now == "listening":
            self._listening.set()
        elif self._listening.is_set():
            self._listening.clear()
            self._show(None)

    async def run(self) -> None:
        """Measure while the assistant listens, until cancelled."""
        while True:
            await self._listening.wait()
            self._show(self._level_dbfs())
            await asyncio.sleep(REFRESH_S)
