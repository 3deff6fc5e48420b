"""Keeps the screen reader silent while the assistant speaks with a voice of its own."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Protocol

from voice_assistant import events
from voice_assistant.errors import SpeakerError

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

EVERY_S = 0.25
"""Seconds between two requests: what the reader begins meanwhile is heard for so long."""


class Voice(Protocol):
    """What a screen reader speaks through."""

    async def cancel_all(self) -> None:
        """Cut off what is being said. Raises `SpeakerError` if it cannot be reached."""
        ...

    async def close(self) -> None:
        """End the connection, until the next `cancel_all`."""
        ...


class SilencedReader(events.Subscriber):
    """A `Subscriber` that cuts off what a screen reader says over an answer.

    The reader is never paused: a pause would outlast a killed assistant.

    Args:
        wanted: returns whether the reader is to be silent; asked once for each stretch of speech,
            aside, because it may block.
        voice: what the reader speaks through.
        every_s: see `EVERY_S`.
    """

    def __init__(
        self,
        wanted: Callable[[], bool],
        voice: Voice,
        *,
        every_s: float = EVERY_S,
    ) -> None:
        self._wanted = wanted
        self._voice = voice
        self._every_s = every_s
        self._phases = events.Phases()
        self._begun = asyncio.Event()

    def handle(self, event: events.AnyEvent) -> None:
        """Take one event; returns at once."""
        before = self._phases.now
        self._phases.handle(event)
        if self._phases.now != "speaking":
            self._begun.clear()
        elif before != "speaking":
            self._begun.set()

    async def run(self) -> None:
        """Keep the reader silent while the assistant speaks, until cancelled."""
        while True:
            await self._begun.wait()
            if not await asyncio.to_thread(self._wanted):
                self._begun.clear()
            try:
                while self._begun.is_set():
                    await self._voice.cancel_all()
                    await asyncio.sleep(self._every_s)
            except SpeakerError as error:
                log.info("the screen reader is not silenced: %s", error.title)
                self._begun.clear()
            finally:
                await self._voice.close()
