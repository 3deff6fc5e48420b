"""Logs the code that blocks the event loop."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
import traceback

log = logging.getLogger(__name__)

BLOCKED_S = 2.0
"""The event loop counts as blocked when no task could run for this long."""


async def watch_loop(blocked_s: float = BLOCKED_S) -> None:
    """Watch this event loop until cancelled, from a separate thread.

    A blocked loop obeys no command, so each block is a bug. The log gets the current stack of the
    loop's thread, once for each block.
    """
    watch = _Watch(blocked_s)
    threading.Thread(target=watch.run, name="loop watch", daemon=True).start()
    try:
        while True:
            watch.alive_at_s = time.monotonic()
            await asyncio.sleep(blocked_s / 2)
    finally:
        watch.over.set()


class _Watch:
    def __init__(self, blocked_s: float) -> None:
        self.over = threading.Event()
        self.alive_at_s = time.monotonic()
        self._blocked_s = blocked_s
        self._loop_thread = threading.get_ident()

    def run(self) -> None:
        told_of_s = 0.0
        looked_at_s = time.monotonic()
        while not self.over.wait(self._blocked_s / 2):
            now_s, before_s = time.monotonic(), looked_at_s
            looked_at_s = now_s
            if now_s - before_s > self._blocked_s:
                continue  # this thread was late too: the whole process, or the machine, stood still
            alive_at_s = self.alive_at_s
            if now_s - alive_at_s > self._blocked_s * 1.5 and told_of_s != alive_at_s:
                told_of_s = alive_at_s
                log.warning("the event loop is blocked, by:\n%s", self._stack())

    def _stack(self) -> str:
        frame = sys._current_frames().get(self._loop_thread)  # noqa: SLF001  (there is no other way)
        return "".join(traceback.format_stack(frame)) if frame else "a thread that has ended"
