"""The wake word: while nothing goes on, the microphone waits for a phrase that begins a question.

What it hears stays in memory, and only as long as an utterance may begin with the phrase: nothing
is recorded or sent before that. While the assistant speaks, only barge-in listens.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING, Protocol

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.audio.utterance_starts import UtteranceStarts
from voice_assistant.engines.recognition.command_grammar import Beginning, beginning_with
from voice_assistant.hearing.overheard import Overheard

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AbstractAsyncContextManager

    from voice_assistant.audio.format import Pcm
    from voice_assistant.engines.recognition.recognizer import Recognizer
    from voice_assistant.events import Phase
    from voice_assistant.ports import Capture

    MakeSpotter = Callable[[], Awaitable["Spotter"]]

log = logging.getLogger(__name__)

RESTING = ("idle", "error")
"""The phases in which the assistant waits for its wake word."""

ROOM_S = 0.3
"""Seconds in which the room goes on with what the assistant has just said."""


class Spotter(Protocol):
    """Finds the phrase in the sound of a microphone.

    Attributes:
        goes_on: whether more than the phrase was said when it was found.
    """

    goes_on: bool

    async def feed(self, pcm: Pcm) -> Pcm | None:
        """Take the next samples, 16 kHz; return the beginning of the question, once woken.

        Raises:
            AssistantError: the phrase cannot be heard on this machine.
        """
        ...


class LongMicrophone(Protocol):
    """The microphone, as it is open for hours."""

    @property
    def muted(self) -> bool:
        """Whether the user has switched it off."""
        ...

    def capture(self, *, long: bool) -> AbstractAsyncContextManager[Capture]:
        """Open the microphone: see `ports.Microphone`."""
        ...


class RecognizedPhrase:
    """A `Spotter` for any phrase: the recogniser looks at the beginning of each utterance.

    Half a word sounds like another one: a look that ends within a word needs a second one that
    agrees, so that "computers are slow" is not "computer". Each look tries both leads of the
    utterance.

    Args:
        recognizer: recognises speech.
        phrase: words of letters and blanks.
    """

    def __init__(self, recognizer: Recognizer, phrase: str) -> None:
        self.goes_on = False
        self._recognizer = recognizer
        self._phrase = beginning_with(phrase)
        self._starts = UtteranceStarts()
        self._began = False  # at the last look

    async def feed(self, pcm: Pcm) -> Pcm | None:
        """Take the next samples; return the utterance so far, once it begins with the phrase."""
        sounds = self._starts.feed(pcm)
        if not sounds:
            return None
        whole = self._starts.word_complete
        sure, self._began = whole or self._began, False
        for sound in sounds:
            beginning = await self._recognizer.begins_with(sound, self._phrase, whole=whole)
            if beginning is not Beginning.OTHER:
                self.goes_on = beginning is Beginning.GOES_ON
                self._began = True
                return sound if sure else None
        return None


async def recognized_phrase(recognizer: Recognizer, phrase: str) -> RecognizedPhrase:
    """Return the spotter of a phrase, once the network is loaded.

    Raises:
        AssistantError: speech cannot be recognised on this machine.
    """
    await recognizer.load()
    return RecognizedPhrase(recognizer, phrase)


class WakeWord:
    """Wakes the assistant. A `supervised.Supervised`.

    Args:
        microphone: hears the user.
        spotter: makes what finds the phrase, once for each rest.
        after: called with what was said until the phrase was found, and whether that is more than
            the phrase; returns what takes each block after that, and removes the assistant's own
            sounds.
        wake: called with the microphone when somebody has said the phrase.
    """

    name = "wake word"

    def __init__(
        self,
        microphone: LongMicrophone,
        spotter: MakeSpotter,
        after: Callable[[Pcm, bool], Callable[[Pcm], Pcm]],
        wake: Callable[[Overheard], None],
    ) -> None:
        self._microphone = microphone
        self._spotter = spotter
        self._after = after
        self._wake = wake
        self._free = asyncio.Event()
        self._capture: Capture | None = None  # while nobody has said the phrase

    def look(self, phase: Phase) -> None:
        """Begin to listen if nothing goes on and the microphone is not muted, else end that."""
        if phase in RESTING and not self._microphone.muted:
            self._free.set()
        else:
            self._free.clear()
            if self._capture:
                self._capture.stop()

    async def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Wait for the phrase whenever nothing goes on, until cancelled.

        Args:
            ready: called when the microphone delivers.

        Raises:
            AssistantError: there is no microphone, or the phrase cannot be heard on this machine.
        """
        while True:
            await self._free.wait()
            async with self._microphone.capture(long=True) as capture:
                self._capture = capture
                try:
                    overheard = await self._wait(capture, ready)
                finally:
                    self._capture = None
                if overheard:
                    await overheard.give(self._wake)

    async def _wait(self, capture: Capture, ready: Callable[[], None]) -> Overheard | None:
        """Return the microphone as soon as somebody has said the phrase; None without a rest."""
        spotter = await self._spotter()
        room = round(ROOM_S * SPEECH_RATE_HZ)
        blocks = aiter(capture)
        async for block in blocks:
            ready()
            room -= len(block)
            if room > 0:
                continue
            said = await spotter.feed(block)
            if not self._free.is_set():
                return None
            if said is not None:
                log.info("woken by the wake word")
                after = self._after(said, spotter.goes_on)
                return Overheard(capture, blocks, deque([said]), after)
        return None
