"""Cuts a wait for bytes short after the machine has slept: few connections outlive that.

A process that was stopped for a while (a frozen container, SIGSTOP, a paused virtual machine) wakes
up late for its own timers; what has come meanwhile is read before the wait is over.
"""

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
        slept: whether the machine has slept, or this process was stopped, and nothing has come
            since.
    """

    def __init__(self, asleep_s: Callable[[], float]) -> None:
        self.slept = False
        self._asleep_s = asleep_s

    @contextmanager
    def over(self, limit: asyncio.Timeout) -> Iterator[None]:
        """Let `limit` end soon after a sleep within the context."""
        loop, before_s = asyncio.get_running_loop(), self._asleep_s()
        watch: asyncio.TimerHandle
        due_s = loop.time() + LOOK_S

        def look() -> None:
            nonlocal watch, due_s
            now_s = loop.time()
            if now_s - due_s > NAP_S:
                self.slept = True
                limit.reschedule(now_s + AWAKE_S)
            elif self._asleep_s() - before_s > NAP_S:
                self.slept = True
                limit.reschedule(min(limit.when() or math.inf, now_s + AWAKE_S))
            else:
                due_s = now_s + LOOK_S
                watch = loop.call_at(due_s, look)

        watch = loop.call_at(due_s, look)
        try:
            yield
        finally:
            watch.cancel()
        self.slept = False  # the connection has outlived it
