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
    from voice_assistant.parts import Parts

    Earcon = Callable[[int, float], Pcm]

RATE_HZ = 24_000
"""Any rate would do; the speaker resamples."""


class Sounds:
    """A subscriber of events that plays the earcon for those that have one."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._next: asyncio.Queue[Earcon] = asyncio.Queue()

    def tell(self, event: events.AnyEvent) -> None:
        """Take one event; returns at once."""
        match event:
            case events.Listening():
                self._next.put_nowait(earcons.start_sound)
            case events.Transcribing():
                self._next.put_nowait(earcons.end_sound)
            case events.Spoken(problem=problem) if problem:
                self._next.put_nowait(earcons.failure_sound)
            case events.Failed():
                self._next.put_nowait(earcons.failure_sound)
            case _:
                pass

    async def run(self) -> None:
        """Play what comes, until cancelled."""
        while True:
            await play(self._parts, await self._next.get())


async def play(parts: Parts, earcon: Earcon) -> None:
    """Play one earcon to its end, where sounds are wanted and can be heard."""
    settings = parts.settings.sounds
    if not settings.enabled:
        return
    try:
        playback = parts.speaker.play()
        await playback.write(earcon(RATE_HZ, settings.volume), RATE_HZ)
        await playback.finish()
    except DeviceError as error:
        parts.missing(error)
