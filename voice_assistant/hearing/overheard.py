"""A microphone in which somebody speaks already, on its way from whoever noticed that to a turn."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections import deque
    from collections.abc import AsyncIterator, Callable

    from voice_assistant.audio.format import Pcm
    from voice_assistant.ports import Capture

log = logging.getLogger(__name__)

TAKEN_S = 2.0
"""Seconds in which a turn must take the microphone over."""


class Overheard:
    """A recording that began before it was wanted: the sound so far, then the rest.

    Satisfies `ports.Microphone` and `ports.Capture`; can be captured once.

    Args:
        capture: the open microphone.
        blocks: its next blocks.
        before: the last sound that was heard, in blocks.
        clean: removes the assistant's own sounds from the next blocks.
    """

    def __init__(
        self,
        capture: Capture,
        blocks: AsyncIterator[Pcm],
        before: deque[Pcm],
        clean: Callable[[Pcm], Pcm],
    ) -> None:
        self._taken = asyncio.Event()
        self._over = asyncio.Event()
        self._capture = capture
        self._blocks = blocks
        self._before = before
        self._clean = clean

    async def give(self, take: Callable[[Overheard], None]) -> None:
        """Offer the microphone, and return when the turn that took it needs it no more."""
        take(self)
        try:
            async with asyncio.timeout(TAKEN_S) as patience:
                await self._taken.wait()
                patience.reschedule(None)
                await self._over.wait()
        except TimeoutError:
            log.info("no turn has taken the microphone: something else goes on by now")

    @property
    def silent(self) -> bool:
        """Return False: somebody was heard."""
        return False

    @asynccontextmanager
    async def capture(self) -> AsyncIterator[Overheard]:
        """Take the microphone over, until the end of the context."""
        self._taken.set()
        try:
            yield self
        finally:
            self._over.set()

    def stop(self) -> None:
        """End the capture after the sound up to now."""
        self._capture.stop()

    async def __aiter__(self) -> AsyncIterator[Pcm]:
        """Iterate over the blocks, beginning with those before somebody was noticed."""
        while self._before:
            yield self._before.popleft()
        async for block in self._blocks:
            cleaned = self._clean(block)
            if cleaned.size:
                yield cleaned
