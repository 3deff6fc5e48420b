"""Waits for a condition on state that other tasks change."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Signal:
    """Wakes all tasks that wait for a condition. The code that changes the state calls `notify`.

    Any number of tasks may wait on one event loop, each for its own condition.
    """

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def notify(self) -> None:
        """Make every waiter check its condition again."""
        self._event.set()

    async def until(self, predicate: Callable[[], T]) -> T:
        """Wait until `predicate()` returns a true value, and return that value.

        No other task runs between the last check and the return: the condition still holds.
        """
        while not (found := predicate()):
            self._event.clear()
            await self._event.wait()
        return found
