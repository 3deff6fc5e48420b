"""Barge-in by voice: while an answer is spoken, the microphone waits for somebody to speak into it.

Nothing that it hears is recorded or sent, unless somebody speaks: then the answer pauses at once,
and the words become a question or a command, from their first syllable on. Where there are no
words, the answer goes on with the sentence that was cut. While the answer is paused, it listens for
what steers the answer.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from typing import TYPE_CHECKING

from voice_assistant.audio.clock_drift import EARLY_S
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.errors import MicrophoneError
from voice_assistant.hearing.overheard import Overheard

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from voice_assistant.audio.format import Pcm
    from voice_assistant.audio.played_sound import PlayedSound
    from voice_assistant.audio.talk_over import TalkOver
    from voice_assistant.events import Phase
    from voice_assistant.ports import Capture, Microphone

log = logging.getLogger(__name__)

BEFORE_S = 0.55
"""Seconds before somebody was noticed that belong to the words. What stays of the answer is in
them, too: with 0.35 or 0.95 s fewer words are understood."""

PAST_S = 0.6
"""Seconds of the answer that was played before the microphone was open."""
AHEAD_S = 0.04
"""Seconds by which the times of the microphone's sound may be ahead: blocks come when they can."""
LOST_S, SURE_S = 0.04, 0.05
"""Where blocks come so late for so long, samples of the microphone were lost. Blocks that have
waited come all at once."""


class _NearClock:
    """The time of the microphone's sound: that of its samples, set right by when blocks come.

    Args:
        now_s: when the first block came.
        count: its samples.

    Attributes:
        begins_s: when the next block begins.
    """

    def __init__(self, now_s: float, count: int) -> None:
        self.begins_s = now_s - count / SPEECH_RATE_HZ
        self._late: tuple[float, float] | None = None  # since when, and by how much at least

    def take(self, now_s: float, count: int) -> None:
        """Note that a block of so many samples has come."""
        self.begins_s += count / SPEECH_RATE_HZ
        late_s = now_s - self.begins_s
        if late_s < -AHEAD_S:  # nothing is heard before it sounds: the first block was late
            self.begins_s = now_s
        since_s, least_s = self._late or (now_s, late_s)
        self._late = (since_s, min(least_s, late_s)) if late_s > LOST_S else None
        if self._late and now_s - since_s > SURE_S:
            log.debug("%.2f s of the microphone's sound were lost", least_s)
            self.begins_s += min(least_s, late_s)
            self._late = None


class BargeIn:
    """Listens while the assistant speaks. A `supervision.Supervised`.

    Args:
        microphone: hears the user, and the loudspeaker.
        played: what the loudspeaker plays.
        talk_over: returns what finds a person's voice in the next answer, or, where nothing plays,
            in a pause of it.
        interrupt: called with the microphone when somebody speaks into the answer.
        skip_s: seconds of the past that the microphone begins with, which are skipped.
        in_pause: whether it listens while the answer is paused, too.
        clock_s: returns the time, on the clock of `played`.
    """

    name = "barge-in by voice"

    def __init__(
        self,
        microphone: Microphone,
        played: PlayedSound,
        talk_over: Callable[[bool], Awaitable[TalkOver]],
        interrupt: Callable[[Overheard], None],
        skip_s: float = 0.0,
        *,
        in_pause: Callable[[], bool] = lambda: True,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock_s = clock_s
        self._microphone = microphone
        self._played = played
        self._talk_over = talk_over
        self._interrupt = interrupt
        self._skip_s = skip_s
        self._in_pause = in_pause
        self._phase: Phase = "idle"
        self._speaking = asyncio.Event()  # or paused
        self._capture: Capture | None = None  # while nobody was noticed

    def look(self, phase: Phase) -> None:
        """Begin to listen, or end that, by what goes on now; returns at once."""
        before, self._phase = self._phase, phase
        if phase == before:
            return
        if phase == "speaking" or (phase == "paused" and self._in_pause()):
            self._speaking.set()
        else:
            self._speaking.clear()
        if self._capture:
            self._capture.stop()

    async def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Listen whenever the assistant speaks, until cancelled.

        Args:
            ready: called when nothing is missing for that.
        """
        ready()
        while True:
            await self._speaking.wait()
            try:
                await self._listen()
            except MicrophoneError as error:
                log.info("nobody can speak into this answer: %s", error.title)
                self._speaking.clear()

    async def _listen(self) -> None:
        async with self._microphone.capture() as capture:
            self._capture = capture
            try:
                overheard = await self._wait_for_voice(capture)
            finally:
                self._capture = None
            if overheard:
                await overheard.give(self._interrupt)

    async def _wait_for_voice(self, capture: Capture) -> Overheard | None:
        """Return the microphone as soon as somebody speaks; None when the answer is over."""
        talk_over = await self._talk_over(self._phase == "speaking")
        before: deque[Pcm] = deque()
        skipped = round(self._skip_s * SPEECH_RATE_HZ)
        near: _NearClock | None = None

        def clean(block: Pcm) -> Pcm:
            nonlocal near
            now_s = self._clock_s()
            if near is None:
                near = _NearClock(now_s, len(block))
                past = round(PAST_S * SPEECH_RATE_HZ)  # the room may still answer to that
                talk_over.remember(self._played.between(near.begins_s + EARLY_S - PAST_S, past))
            far = self._played.between(near.begins_s + EARLY_S, len(block))
            near.take(now_s, len(block))
            return talk_over.feed(block, far)

        blocks = aiter(capture)
        async for block in blocks:
            if not self._speaking.is_set():
                break
            if skipped > 0:
                skipped -= len(block)
                continue
            before.append(clean(block))
            while sum(map(len, before)) > BEFORE_S * SPEECH_RATE_HZ:
                before.popleft()
            if talk_over.user_speaks:
                log.info("somebody speaks into the answer")
                return Overheard(capture, blocks, before, clean)
        return None
