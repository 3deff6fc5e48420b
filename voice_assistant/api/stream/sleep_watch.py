"""Cuts a wait for bytes short after the machine has slept: few connections outlive that."""

from __future__ import annotations

import asyncio
import math
from contextlib import contextmanager
from typing import TYPE_CHECKING

from voice_assistant.system.suspend import NAP_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LOOK_S = 2.0
"""Seconds between two looks whether the machine has slept."""

AWAKE_S = 12.0
"""Seconds after a sleep in which a connection that has outlived it brings something: servers ping
every 10 s."""


class SleepWatch:
    """Watches for a sleep during waits.

    Args:
        asleep_s: returns how long the machine has slept.

    Attributes:
        slept: whether the machine has slept, and nothing has come since.
    """

    def __init__(self, asleep_s: Callable[[], float]) -> None:
        self.slept = False
        self._asleep_s = asleep_s

    @contextmanager
    def over(self, limit: asyncio.Timeout) -> Iterator[None]:
        """Cut `limit` short after a sleep within the context."""
        loop, before_s = asyncio.get_running_loop(), self._asleep_s()
        watch: asyncio.TimerHandle | None = None

        def look() -> None:
            nonlocal watch
            if self._asleep_s() - before_s > NAP_S:
                self.slept = True
                limit.reschedule(min(limit.when() or math.inf, loop.time() + AWAKE_S))
            else:
                watch = loop.call_later(LOOK_S, look)

        watch = loop.call_later(LOOK_S, look)
        try:
            yield
        finally:
            watch.cancel()
        self.slept = False  # the connection has outlived it
