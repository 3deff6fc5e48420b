"""Has other programs be quiet while the assistant listens and speaks."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Protocol

from voice_assistant import events
from voice_assistant.system.signal import Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

log = logging.getLogger(__name__)

GRACE_S = 1.0
"""Seconds until the others are heard again: the user may press the key once more, and between
question and answer nothing is to be heard for a moment."""

RETRY_S = 5.0
"""Seconds until what could not be given back is tried again: the sound server may be gone."""


class Others(Protocol):
    """Other programs that make sound. What is taken from them outlives a killed process."""

    @property
    def owed(self) -> bool:
        """Whether something was taken from them, and not given back."""
        ...

    async def hush(self) -> None:
        """Have them be quiet. Does not raise, and does nothing twice."""
        ...

    async def give_back(self, *, left_over: bool = False) -> None:
        """Let them be heard as before. Does not raise.

        Args:
            left_over: an earlier process may have taken it, long ago.
        """
        ...


class OtherSound(events.Subscriber):
    """A `Subscriber` that hushes other programs, and gives their sound back after the turn.

    Waiting for an answer is quiet, too, but not when that takes long.

    Args:
        others: all that can be hushed.
        hushed: returns those of `others` that the user wants to be hushed.
        grace_s: see `GRACE_S`.
        retry_s: see `RETRY_S`.
    """

    def __init__(
        self,
        others: Sequence[Others],
        hushed: Callable[[], Sequence[Others]],
        *,
        grace_s: float = GRACE_S,
        retry_s: float = RETRY_S,
    ) -> None:
        self._others = others
        self._hushed = hushed
        self._grace_s = grace_s
        self._retry_s = retry_s
        self._ringing: set[int] = set()
        self._wanting: set[int] = set()  # the numbers of the turns that want quiet
        self._changed = Signal()

    def handle(self, event: events.AnyEvent) -> None:
        """Take one event; returns at once."""
        turn = event.turn
        match event:
            case events.Announced(rings=True):
                self._ringing.add(turn)
                self._wanting.add(turn)
            case events.Listening() | events.Announced() | events.Speaking() | events.Resumed():
                self._wanting.add(turn)
            case events.Idle():
                self._ringing.discard(turn)
                self._wanting.discard(turn)
            case events.Spoken() if turn in self._ringing:
                pass  # it is said again after a pause
            case events.Spoken() | events.Paused() | events.Queued() | events.Working():
                self._wanting.discard(turn)
            case _:
                return
        self._changed.notify()

    async def run(self) -> None:
        """Hush, and give back, until cancelled; that gives all back."""
        await self._give_back(left_over=True)
        try:
            while True:
                await self._until_wanted()
                for others in self._hushed():
                    await others.hush()
                await self._until_over()
                await self._give_back()
        finally:
            await self._give_back()

    async def _until_wanted(self) -> None:
        """Wait until quiet is wanted; meanwhile try again what could not be given back."""
        while not self._wanting:
            owed = any(others.owed for others in self._others)
            try:
                async with asyncio.timeout(self._retry_s if owed else None):
                    await self._changed.until(lambda: self._wanting)
            except TimeoutError:
                await self._give_back()

    async def _until_over(self) -> None:
        """Wait until no turn wants quiet, and none begins to want it soon after."""
        while True:
            await self._changed.until(lambda: not self._wanting)
            try:
                async with asyncio.timeout(self._grace_s):
                    await self._changed.until(lambda: self._wanting)
            except TimeoutError:
                return

    async def _give_back(self, *, left_over: bool = False) -> None:
        for others in self._others:
            if others.owed:
                await others.give_back(left_over=left_over)
