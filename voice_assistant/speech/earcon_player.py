"""The short sounds that tell the ear what the tray icon tells the eye."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from voice_assistant import events
from voice_assistant.audio import earcons
from voice_assistant.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.audio.format import Pcm
    from voice_assistant.ports import Speaker
    from voice_assistant.settings.schema import SoundSettings

    Earcon = Callable[[int, float], Pcm]

RATE_HZ = 24_000
"""Any rate would do; the speaker resamples."""


class EarconPlayer:
    """A subscriber of events that plays the earcon for those that have one, where wished.

    Args:
        settings: whether, and how loud.
        speaker: where.
        missing: told why nothing can be heard.
    """

    def __init__(
        self, settings: SoundSettings, speaker: Speaker, missing: Callable[[DeviceError], None]
    ) -> None:
        self._settings = settings
        self._speaker = speaker
        self._missing = missing
        self._next: asyncio.Queue[Earcon] = asyncio.Queue()
        self._over = asyncio.Event()
        self._over.set()

    def tell(self, event: events.AnyEvent) -> None:
        """Take one event; returns at once."""
        match event:
            case events.Listening():
                self._add(earcons.start_sound)
            case events.Transcribing():
                self._add(earcons.end_sound)
            case events.Announced():
                self._add(earcons.timer_sound)
            case events.Spoken(problem=problem) if problem:
                self._add(earcons.failure_sound)
            case events.Failed():
                self._add(earcons.failure_sound)
            case _:
                pass

    async def run(self) -> None:
        """Play what comes, until cancelled."""
        while True:
            await self._play(await self._next.get())
            if self._next.empty():
                self._over.set()

    async def over(self) -> None:
        """Wait until all have been heard: whatever else is played would cut them short."""
        await self._over.wait()

    def _add(self, earcon: Earcon) -> None:
        if self._settings.enabled:
            self._over.clear()
            self._next.put_nowait(earcon)

    async def _play(self, earcon: Earcon) -> None:
        try:
            pcm = earcon(RATE_HZ, self._settings.volume)
            playback = self._speaker.play()
            await playback.write(pcm, RATE_HZ)
            if await playback.finish() < len(pcm) / RATE_HZ / 2:
                # Something has begun to be said, which another sound would silence in its turn.
                self._next = asyncio.Queue()
        except DeviceError as error:
            self._missing(error)
