"""A voice of this machine."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fakes.sounds import utter
from voice_assistant.audio.format import SPEECH_RATE_HZ, Pcm
from voice_assistant.engines.voices.program import VoiceFailed

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence


class FakeVoice:
    """Speaks every text without the words `fails`, and remembers it."""

    name = "local"

    def __init__(self, fails: str = "") -> None:
        self._fails = fails
        self.said: list[str] = []
        self.within: list[Sequence[str]] = []

    async def speak(
        self, text: str, within: Sequence[str] = ()
    ) -> AsyncGenerator[tuple[Pcm, int], None]:
        self.said.append(text)
        self.within.append(within)
        await asyncio.sleep(0)
        if self._fails and self._fails in text:
            raise VoiceFailed("The speech program failed with status 1")
        yield utter(text), SPEECH_RATE_HZ
