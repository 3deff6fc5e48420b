"""Listening: from the opened microphone to the end of what was said."""

from __future__ import annotations

import asyncio
from collections import deque
from enum import Enum
from typing import TYPE_CHECKING

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.errors import muted_microphone
from voice_assistant.hearing.end_of_question import Said
from voice_assistant.hearing.patience import Patience
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
        self._patience = Patience(
            settings, attend_s, slow_speaker=slow_speaker, answer_waits=answer_waits
        )
        self._microphone = microphone
        self._detector = detector
        self._judge = judge
        self._settings = settings
        self._longest_s = min(settings.max_s, longest_s)
        self._asleep_s = asleep_s
        self._before: deque[Pcm] = deque()
        self._deaf = round((settings.pre_roll_s + ROOM_S) * SPEECH_RATE_HZ) if after_speech else 0
        self._capture: Capture | None = None
        self._released = False
        self._stopped = False
        self._gave_up = False  # to wait for somebody to begin
        self._ending: asyncio.TimerHandle | None = None

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
        return self._patience.by_itself and not self.speech_detected

    @property
    def hands_free(self) -> bool:
        """No key is held: the end of the speech is the end of the recording."""
        return self._patience.hands_free

    def take_over(self) -> None:
        """A key is down: the user wants to speak, and may take as long as always to begin."""
        self._patience.take_over()

    def end_on_silence(self) -> None:
        """No key is held any more: from now on the end of the speech ends the recording."""
        self._patience.hands_free = True

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
        return self.speech_detected and self.hands_free and not self._released

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
        if self._deaf > 0:
            self._deaf -= len(block)
            if self._deaf >= 0:
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

    def _said(self) -> bool:
        """Return whether nobody has spoken for as long as this way to talk allows."""
        if self.speech_detected:
            enough_s = self._patience.end_s(self._judge() if self.hands_free else Said.UNKNOWN)
            return 0 < enough_s <= self._detector.silence_s
        self._gave_up = 0 < self._patience.begin_s() <= self._detector.silence_s
        return self._gave_up
