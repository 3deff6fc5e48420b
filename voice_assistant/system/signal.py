"""Waiting for a condition over state that other tasks change."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Signal:
    """Wakes everybody who waits for a condition. Whoever changes the state calls `notify`.

    Any number of tasks may wait, each for a condition of its own; all on one event loop.
    """

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def notify(self) -> None:
        """Have every waiter look at its condition again."""
        self._event.set()

    async def until(self, predicate: Callable[[], T]) -> T:
        """Wait until `predicate()` is true, and return what it returned.

        Nothing else runs between the last look and the return: what was true still is.
        """
        while not (found := predicate()):
            self._event.clear()
            await self._event.wait()
        return found
