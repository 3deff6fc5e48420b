"""A speaker that remembers what it played; a test decides how much of it is heard."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import numpy as np

from fakes.sounds import read
from voice_assistant.audio.format import SPEECH_RATE_HZ, Pcm

if TYPE_CHECKING:
    from collections.abc import Callable


class FakePlayback:
    """One playback of a `FakeSpeaker`."""

    def __init__(self, speaker: FakeSpeaker) -> None:
        self._speaker = speaker
        self._changed = asyncio.Event()
        self.written: list[Pcm] = []
        self._played_s = 0.0
        self.written_s = 0.0
        self.state = "playing"

    @property
    def played_s(self) -> float:
        return self._played_s

    @property
    def silenced(self) -> bool:
        return self.state == "aborted"

    @property
    def words(self) -> str:
        """The written sound, as text."""
        return read(np.concatenate(self.written)) if self.written else ""

    @property
    def heard_words(self) -> str:
        """The heard sound, as text."""
        if not self.written:
            return ""
        return read(np.concatenate(self.written)[: round(self._played_s * SPEECH_RATE_HZ)])

    @property
    def unheard_s(self) -> float:
        """The seconds still to be heard; 0 after the end."""
        return self.written_s - self._played_s if self.state == "playing" else 0.0

    async def write(self, pcm: Pcm, rate_hz: int) -> None:
        assert pcm.dtype == np.int16
        assert pcm.ndim == 1
        assert self.state != "finished"
        if self._speaker.lost:
            raise self._speaker.lost
        await self._wait(lambda: self.written_s - self._played_s <= self._speaker.ahead_s)
        if self.state == "aborted":
            return
        self.written.append(pcm)
        self.written_s += len(pcm) / rate_hz
        if not self._speaker.held:
            self._played_s = self.written_s
        self._speaker.changed.set()

    async def flush(self) -> None:
        if self._speaker.lost:
            raise self._speaker.lost

    async def finish(self) -> float:
        await self._wait(lambda: self._played_s >= self.written_s - 1e-9)
        if self.state == "playing":
            self.state = "finished"
        return self._played_s

    def abort(self) -> float:
        if self.state == "playing":
            self.state = "aborted"
            self._changed.set()
        return self._played_s

    def hear(self, seconds: float) -> None:
        """Let time pass."""
        if self.state == "playing":
            self._played_s = min(self.written_s, self._played_s + seconds)
            self._changed.set()

    async def _wait(self, condition: Callable[[], bool]) -> None:
        while self.state == "playing" and not condition():
            self._changed.clear()
            await self._changed.wait()


class FakeSpeaker:
    """Remembers what was played. What is written is heard at once, or, `held`, as `hear` tells.

    Args:
        held: time passes only by `hear`.
        ahead_s: `write` waits while more than this is still to be heard.
        missing: raised by `play`.
        lost: raised by `write`; may be set later.
    """

    def __init__(
        self,
        *,
        held: bool = False,
        ahead_s: float = 2.0,
        missing: Exception | None = None,
        lost: Exception | None = None,
    ) -> None:
        self.held = held
        self.ahead_s = ahead_s
        self.missing = missing
        self.lost = lost
        self.playbacks: list[FakePlayback] = []
        self.changed = asyncio.Event()

    def play(self, *, prompt: bool = False) -> FakePlayback:
        if self.missing:
            raise self.missing
        if self.playbacks:
            self.playbacks[-1].abort()
        self.playbacks.append(FakePlayback(self))
        return self.playbacks[-1]

    def hear(self, seconds: float = 1e9) -> None:
        """Let time pass: by default all that was written is heard."""
        if self.playbacks:
            self.playbacks[-1].hear(seconds)

    def release(self) -> None:
        """Let everything be heard at once from now on."""
        self.held = False
        self.hear()

    @property
    def words(self) -> str:
        """All written sound, as text."""
        return "".join(playback.words for playback in self.playbacks)

    @property
    def heard_words(self) -> str:
        """All heard sound, as text."""
        return "".join(playback.heard_words for playback in self.playbacks)
