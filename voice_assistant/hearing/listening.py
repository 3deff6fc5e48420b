"""Listening: from the opened microphone to the end of what was said."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from enum import Enum
from typing import TYPE_CHECKING

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.errors import muted_microphone
from voice_assistant.hearing.end_of_question import SHARES, Said
from voice_assistant.system.suspend import NAP_S, asleep_s

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AsyncExitStack

    from voice_assistant.audio.format import Pcm
    from voice_assistant.hearing.going_on import Rest
    from voice_assistant.hearing.recordings import Recording
    from voice_assistant.ports import Capture, Microphone, SpeechDetector
    from voice_assistant.settings.sections.hearing import MicrophoneSettings

ROOM_S = 0.2
"""How long the room goes on with an answer that has been silenced."""

SHORTEST_S = 0.5
"""Less than this without a word is a slip of the finger, not a question."""


BEFORE_S = 1.0
"""Seconds before speech is detected that belong to it, where the assistant listens by itself."""

UNADJUSTED_S = 1.5
"""Seconds of silence that end such a recording where no silence ends others: no key would."""


ANSWER_WAITS = 0.4
"""The share of that patience while an answer is silent for the recording: a slip costs less."""

SLOWER = 2.0
"""How many times as long a slow speaker is waited for."""

SLOW_PAUSE_S = 4.0
"""Seconds of silence that a slow speaker may at least fall into: thinking takes 3, and the soft end
of a word and the breath before the next one are silence, too."""


class Outcome(Enum):
    """The content of a recording: only a question is kept, and its words are awaited."""

    QUESTION = "somebody spoke, or held the key long enough to have spoken"
    TOUCH = "the key was only touched, and nobody spoke"
    SILENCE = "nobody spoke: no key was held, or for too long, or there were only zeros"


class Listening:
    """One recording being made. Run `record` once.

    Args:
        microphone: what is recorded from.
        detector: knows speech from silence, in this one recording.
        settings: how long to wait.
        longest_s: seconds after which the recording ends by itself; `settings.max_s` holds, too.
        attend_s: seconds in which somebody may begin to speak, where the assistant listens by
            itself: nothing before speech is recorded. None: a user has asked it to listen.
        slow_speaker: wait longer: the user speaks slowly, or pauses to think.
        after_speech: the assistant was speaking when the recording began: the room goes on with
            that for a moment.
        answer_waits: an answer is silent while it is known whether somebody speaks.
        judge: tells by the words what was said until now.
        asleep_s: tells how many seconds the machine has slept.

    Attributes:
        rest: the microphone and its next blocks, where a silence has ended a spoken question: it is
            still open. None in any other case.
    """

    def __init__(
        self,
        microphone: Microphone,
        detector: SpeechDetector,
        settings: MicrophoneSettings,
        longest_s: float,
        *,
        attend_s: float | None = None,
        slow_speaker: bool = False,
        after_speech: bool = False,
        answer_waits: bool = False,
        judge: Callable[[], Said] = lambda: Said.UNKNOWN,
        asleep_s: Callable[[], float] = asleep_s,
    ) -> None:
        self.rest: Rest | None = None
        self._hands_free = attend_s is not None
        self._attend_s = attend_s
        self._microphone = microphone
        self._detector = detector
        self._settings = settings
        self._longest_s = min(settings.max_s, longest_s)
        self._asleep_s = asleep_s
        self._before: deque[Pcm] = deque()
        self._captured_s = 0.0
        self._capture: Capture | None = None
        self._released = False
        self._stopped = False
        self._gave_up = False  # to wait for somebody to begin
        self._ending: asyncio.TimerHandle | None = None
        self._slow_speaker = slow_speaker
        self._after_speech = after_speech
        self._answer_waits = answer_waits
        self._judge = judge

    @property
    def speech_detected(self) -> bool:
        """Somebody has spoken."""
        return self._detector.speech_detected

    @property
    def speech_s(self) -> float:
        """Seconds of speech."""
        return self._detector.speech_s

    @property
    def attending(self) -> bool:
        """The assistant listens by itself, and nobody has spoken yet."""
        return self._attend_s is not None and not self.speech_detected

    @property
    def hands_free(self) -> bool:
        """No key is held: the end of the speech is the end of the recording."""
        return self._hands_free

    def take_over(self) -> None:
        """A key is down: the user wants to speak, and may take as long as always to begin."""
        self._hands_free = False
        self._attend_s = None

    def end_on_silence(self) -> None:
        """No key is held any more: from now on the end of the speech ends the recording."""
        self._hands_free = True

    def release(self) -> None:
        """Note that the speech is complete, except for its last syllable."""
        self._released = True
        if self._capture and not self._ending:
            loop = asyncio.get_running_loop()
            self._ending = loop.call_later(self._settings.tail_s, self._stop)

    def _stop(self) -> None:
        self._stopped = True
        if self._capture:
            self._capture.stop()

    @property
    def _may_go_on(self) -> bool:
        """Return whether a silence ends a question that was spoken without a key."""
        return self.speech_detected and self._hands_free and not self._released

    def undo_release(self) -> None:
        """The key is down again before the last syllable was over. No effect without `release`."""
        self._released = False
        if self._ending:
            self._ending.cancel()
            self._ending = None

    async def record(
        self, recording: Recording, began: Callable[[], None], resources: AsyncExitStack
    ) -> Outcome:
        """Record until that is enough. Only a question is kept, however the recording ends.

        Whether speech was detected decides nothing where a key was held: speech that is quiet, or
        in noise, escapes the detector.

        Args:
            recording: grows with what is said.
            began: called when the microphone is open.
            resources: closes the microphone at its end.

        Raises:
            MicrophoneError: there is none, it was lost, or it delivers only silence.
        """
        try:
            capture = await resources.enter_async_context(self._microphone.capture())
            self._capture = capture
            began()
            if self._released:
                self.release()
            blocks = aiter(capture)
            await self._follow(blocks, recording)
            if capture.silent and recording.seconds:
                raise muted_microphone()
            if not self._stopped:
                self.rest = capture, blocks
        finally:
            outcome = self._outcome(recording)
            if outcome is not Outcome.QUESTION:
                recording.forget()
        return outcome

    def _outcome(self, recording: Recording) -> Outcome:
        around_s = self._settings.tail_s + self._settings.pre_roll_s
        if self.speech_detected:
            return Outcome.QUESTION
        if self.attending:
            return Outcome.SILENCE
        if recording.seconds < SHORTEST_S + around_s:
            return Outcome.TOUCH
        if self._gave_up or not self._capture or self._capture.silent:
            return Outcome.SILENCE
        return Outcome.QUESTION

    async def _follow(self, blocks: AsyncIterator[Pcm], recording: Recording) -> None:
        slept_s = self._asleep_s()
        limit = asyncio.get_running_loop().call_later(self._longest_s, self._stop)
        try:
            async for block in blocks:
                self._captured_s += len(block) / SPEECH_RATE_HZ
                self._hear(block)
                recording.voice_dbfs = self._detector.voice_dbfs
                self._keep(block, recording)
                # After a suspend, treat the key as released: the release event may have been lost.
                if self._asleep_s() - slept_s > NAP_S:
                    self._stop()
                elif self._said():
                    if self._may_go_on:
                        break
                    self._stop()
        finally:
            limit.cancel()
            if not self.attending:
                self._write(recording)

    def _hear(self, block: Pcm) -> None:
        if self._after_speech and self._captured_s <= self._settings.pre_roll_s + ROOM_S:
            return  # that was the answer
        self._detector.feed(block)

    def _keep(self, block: Pcm, recording: Recording) -> None:
        """Record a block; while nobody has asked for that, remember the last blocks instead."""
        self._before.append(block)
        if not self.attending:
            self._write(recording)
        while sum(map(len, self._before)) > BEFORE_S * SPEECH_RATE_HZ:
            self._before.popleft()

    def _write(self, recording: Recording) -> None:
        while self._before:
            recording.write(self._before.popleft())

    def _enough_s(self, usual_s: float) -> float:
        """Return how long the silence lasts that ends a question; 0: no silence does.

        Args:
            usual_s: the silence where the words are not known.
        """
        said = self._judge() if self.speech_detected else Said.UNKNOWN
        if said is Said.NOTHING:
            usual_s = max(usual_s, self._attend_s or 0.0)
        enough_s = usual_s * SHARES.get(said, 1.0)
        if not (self._slow_speaker and enough_s):
            return enough_s
        return max(enough_s * SLOWER, SLOW_PAUSE_S)

    @property
    def _nobody_s(self) -> float:
        """The seconds in which somebody has to begin to speak where no key is held."""
        nobody_s = self._settings.nothing_said_s or math.inf
        return (
            nobody_s
            * (ANSWER_WAITS if self._answer_waits else 1.0)
            * (SLOWER if self._slow_speaker else 1.0)
        )

    def _said(self) -> bool:
        """Return whether nobody has spoken for as long as this way to talk allows.

        A key that is held this long without a word is one whose release was lost.
        """
        if self._attend_s is not None:
            enough_s = self._enough_s(self._settings.end_after_silence_s or UNADJUSTED_S)
            patience_s = self._attend_s * (SLOWER if self._slow_speaker else 1.0)
        elif self._hands_free:
            enough_s = self._enough_s(self._settings.end_after_silence_s)
            patience_s = max(enough_s, self._nobody_s)
        else:
            enough_s = patience_s = self._settings.held_silence_s
        if not enough_s:
            return False
        if self.speech_detected:
            return self._detector.silence_s >= enough_s
        self._gave_up = self._detector.silence_s >= patience_s
        return self._gave_up
