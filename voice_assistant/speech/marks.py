"""Marks in place of sound, for answers that a screen reader says.

A script of marks can be paused, skipped and repeated like one of sound: whoever plays it has the
screen reader say the sentence that begins with each mark.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Protocol

import numpy as np

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.errors import SpeakerError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from voice_assistant.audio.format import Pcm

MARK_S = 0.5
_LEVEL = 1000  # anything that does not count as silence

HALF_S = 5.0
"""Seconds in which a sentence counts as half said: how long the reader needs is not known."""

OTHERS_S = 60.0
"""Seconds for which the screen reader may say something else first."""

SLOWEST_LETTERS_S = 3.0
"""Letters that the slowest voice says in a second."""


class Marks:
    """A voice that makes a mark of each sentence."""

    name = "the screen reader"

    async def speak(
        self,
        text: str,  # noqa: ARG002  (the script knows the words)
        context: Sequence[str] = (),  # noqa: ARG002
    ) -> AsyncGenerator[tuple[Pcm, int], None]:
        """Yield one mark."""
        level = np.array([_LEVEL, -_LEVEL], np.int16)  # what does not move is no sound
        yield np.tile(level, round(MARK_S * SPEECH_RATE_HZ / 2)), SPEECH_RATE_HZ


class Reader(Protocol):
    """Says words by the screen reader's voice. Both coroutines raise `SpeakerError`."""

    async def say(self, words: str, *, speed: float = 1.0) -> str:
        """Have words said after what is being said; return the number of the message."""
        ...

    async def said(self, number: str) -> None:
        """Wait until a message was said, or cancelled."""
        ...

    def cancel(self) -> None:
        """Be silent; returns at once."""
        ...


class ReadMarks:
    """A `ports.Speaker` that has a screen reader say each sentence of which it is given the mark.

    Args:
        reader: says the sentences.
        words: returns the words of the sentence that is being heard.
        speed: returns how fast they are to be said.
    """

    def __init__(
        self, reader: Reader, words: Callable[[], str], speed: Callable[[], float]
    ) -> None:
        self._reader = reader
        self._words = words
        self._speed = speed
        self._playing: _Reading | None = None

    def play(self, *, prompt: bool = False) -> _Reading:  # noqa: ARG002  (a reader is awake)
        """Begin to read; what was read before is cut off."""
        if self._playing:
            self._playing.abort()
        self._playing = _Reading(self._reader, self._words, self._speed)
        return self._playing

    async def read(self, text: str) -> None:
        """Have a few words said; a reader that cannot be reached leaves them out."""
        with contextlib.suppress(SpeakerError):
            await self._reader.said(await self._reader.say(text, speed=self._speed()))


class _Reading:
    """A `ports.Playback`; the first samples after a `flush` begin a sentence."""

    def __init__(
        self, reader: Reader, words: Callable[[], str], speed: Callable[[], float]
    ) -> None:
        self._reader = reader
        self._words = words
        self._speed = speed
        self._written_s = 0.0
        self._said_s = 0.0
        self._between_sentences = True
        self._saying: asyncio.Task[None] | None = None
        self._began_s = 0.0
        self._asked = False
        self._aborted = False

    @property
    def played_s(self) -> float:
        """Return the seconds of marks whose sentences were said, and an estimate of the present."""
        if self._saying is None:
            return self._said_s
        since_s = asyncio.get_running_loop().time() - self._began_s
        part = since_s / (since_s + HALF_S)
        return self._said_s + part * (self._written_s - self._said_s)

    @property
    def silenced(self) -> bool:
        """Return whether `abort` ended it."""
        return self._aborted

    async def write(self, pcm: Pcm, rate_hz: int) -> None:
        """Have the sentence said that begins here; waits until the one before was said."""
        if self._between_sentences:
            await self._until_said()
            if self._aborted:
                return
            self._between_sentences = False
            if words := self._words():
                await self._ask(words)
        self._written_s += len(pcm) / rate_hz

    async def flush(self) -> None:
        """Note that the next samples begin a sentence."""
        self._between_sentences = True

    async def finish(self) -> float:
        """Wait until all was said."""
        await self._until_said()
        return self._said_s

    def abort(self) -> float:
        """Be silent at once."""
        played_s = self.played_s
        if not self._aborted:
            self._aborted = True
            if self._asked:
                self._reader.cancel()
            if self._saying:
                self._saying.cancel()
        return played_s

    async def _ask(self, words: str) -> None:
        self._asked = True
        number = await self._reader.say(words, speed=self._speed())
        if self._aborted:
            self._reader.cancel()
            return
        self._began_s = asyncio.get_running_loop().time()
        self._saying = asyncio.create_task(self._follow(number, len(words)))

    async def _follow(self, number: str, letters: int) -> None:
        """Wait until a sentence was said; give up a reader that hangs."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(OTHERS_S + letters / SLOWEST_LETTERS_S):
                await self._reader.said(number)

    async def _until_said(self) -> None:
        saying = self._saying
        if saying:
            await asyncio.wait([saying])
        if not self._aborted:
            self._saying = None
            self._said_s = self._written_s
            if saying:
                saying.result()
