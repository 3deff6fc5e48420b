"""Speaking an answer while it is written: every word heard, soon, and silence when told."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, NamedTuple

from voice_assistant.audio.codec.decoder import SpeechDecoder
from voice_assistant.errors import InputError, SpeakerError
from voice_assistant.speech.narration import Narration
from voice_assistant.speech.plan import SpeechPlan
from voice_assistant.speech.prosody import UNHEARD
from voice_assistant.speech.requested import RequestedSpeech
from voice_assistant.speech.streamed import StreamedSpeech
from voice_assistant.text.speakable import speakable

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.engines.voices.program import Voice
    from voice_assistant.errors import AssistantError
    from voice_assistant.ports import Backend, Speaker
    from voice_assistant.speech.clip import Decoder
    from voice_assistant.speech.prosody import Prosody

log = logging.getLogger(__name__)

PAUSE_S = 0.5
"""An answer that stands still for so long may do so for a minute: a tool is at work."""

PATIENCE_S = 3.0
"""Silence, though there are sentences to say: so long the stream's audio is waited for once more.

The servers themselves take audio for ended that does not come for 5 s."""


class SpokenSummary(NamedTuple):
    """How speaking went.

    Attributes:
        seconds: what was heard.
        complete: every word was spoken.
        stream_s: seconds that came within the answer's stream.
        text_to_audio_s: seconds that were asked for.
        local_s: seconds that a voice of this machine spoke in the server's stead.
        problem: why words are missing.
    """

    seconds: float
    complete: bool
    stream_s: float
    text_to_audio_s: float
    local_s: float
    problem: AssistantError | None


class Speaking:
    """Speaks one answer.

    The turn tells what arrives (`text`, `audio` ...; none of these blocks) and lets `run` go on
    beside that. Four tasks: one asks for sentences as the plan names them, a little ahead of the
    speaker; one adds them to what is said, behind the stream's own sound; the
    narration plays that; and one gives up a stream that leaves the listener in silence.

    Args:
        backend: where sentences are asked for.
        speaker: where sound goes; it is opened with the first sound.
        auto_play: the stream is said to bring audio; None where the server does not say.
        on_start: called once, when the first sound is on its way to the speaker.
        on_pause: called with whether the listener has paused it, whenever that changes.
        narration: what is said is added to it, and stays there.
        question: what is answered.
        voice: says what the server fails to say.
        prosody: what is known of the server's voice.
        decoder: makes a decoder for one stream of audio files.
        patience_s: silence that audio may cause which should come in the stream.
    """

    def __init__(
        self,
        backend: Backend,
        speaker: Speaker,
        *,
        auto_play: bool | None,
        on_start: Callable[[], None],
        on_pause: Callable[[bool], None] = lambda _: None,
        narration: Narration | None = None,
        question: str = "",
        voice: Voice | None = None,
        prosody: Prosody = UNHEARD,
        decoder: Callable[[], Decoder] = SpeechDecoder,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._speaker = speaker
        self._on_start = on_start
        self._on_pause = on_pause
        self._narration = narration or Narration()
        self._plan = SpeechPlan(auto_play=auto_play, prosody=prosody)
        self._changed = asyncio.Event()
        self._asked = RequestedSpeech(
            backend, self._plan, decoder, self._changed, voice=voice, question=question
        )
        self._asking: asyncio.Task[None] | None = None
        self._pausing: asyncio.TimerHandle | None = None
        self._tasks: asyncio.TaskGroup | None = None
        self._streamed = StreamedSpeech(self._plan, self._narration, decoder, self._ask_anew)
        self._patience_s = patience_s
        self._complete = False

    def text(self, delta: str) -> None:
        """The next piece of the answer."""
        self._plan.text(delta)
        self._watch_for_pause()
        self._changed.set()

    def replaced(self, text: str) -> None:
        """All text so far is replaced: silence, then the replacement."""
        self._plan.replaced(text)
        self._watch_for_pause()
        self._narration.clear()
        self._ask_anew()

    def left_out(self) -> None:
        """A part of the answer is not to be heard; the stream's audio says it: none is taken."""
        self._streamed.end(last_whole=self._streamed.last_whole)
        self._changed.set()

    def audio(self, data: bytes) -> None:
        """The next bytes of the stream's audio."""
        self._streamed.feed(data)
        self._changed.set()

    def audio_ended(self) -> None:
        """The server said that there is no more audio."""
        self._streamed.end(last_whole=self._streamed.last_whole is not False)
        self._changed.set()

    def ended(self, message_id: str) -> None:
        """The stream has ended."""
        self._streamed.end(last_whole=self._streamed.last_whole)
        self._plan.ended()
        self._watch_for_pause()
        log.debug("the stream of %s has ended", message_id)
        self._changed.set()

    async def run(self) -> SpokenSummary:
        """Speak until everything owed is heard. Cancelling this silences the speaker at once.

        Raises:
            SpeakerError: there is no speaker, or it was lost.
            InputError: the file that it is written to cannot be.
        """
        lost: AssistantError | None = None
        speakable("")  # loads what it needs, while the server still thinks
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            self._ask_anew()
            feeding = tasks.create_task(self._feed())
            doubting = tasks.create_task(self._doubt())
            try:
                await self._narration.run(
                    self._speaker, on_start=self._on_start, on_pause=self._on_pause
                )
            except (SpeakerError, InputError) as error:
                lost = error
            finally:
                # Whatever the stream still brings, nothing more is to be asked for.
                self._tasks = None
                self._plan.ignore_audio()
            feeding.cancel()
            doubting.cancel()
            self._stop_asking()
        if lost:
            raise lost
        self._complete = not self._asked.missing
        return self.summary()

    @property
    def prosody(self) -> Prosody:
        """What is known of the server's voice by now."""
        return self._plan.prosody

    def summary(self) -> SpokenSummary:
        """How speaking went, or, before its end, has gone so far."""
        return SpokenSummary(
            seconds=self._narration.heard_s,
            complete=self._complete,
            stream_s=self._streamed.seconds,
            text_to_audio_s=self._asked.seconds,
            local_s=self._asked.local_s,
            problem=self._asked.problem if self._asked.missing else None,
        )

    def _watch_for_pause(self) -> None:
        if self._pausing:
            self._pausing.cancel()
        self._pausing = None
        if not self._plan.over:
            self._pausing = asyncio.get_running_loop().call_later(PAUSE_S, self._pause)

    def _pause(self) -> None:
        self._plan.pause()
        self._changed.set()

    async def _doubt(self) -> None:
        """Give up the stream's audio where it leaves the listener in silence."""
        silent = False
        while self._plan.listens:
            await self._narration.handed_over()
            came_s, last_whole = self._narration.end_s, self._streamed.last_whole
            awaited = self._plan.awaits_audio(last_whole=last_whole)
            if awaited and silent:
                log.info("the stream's audio does not come: its sentences are asked for")
                self._streamed.end(last_whole=last_whole)
                self._changed.set()
            await asyncio.sleep(self._patience_s)
            silent = awaited and self._narration.end_s == came_s

    def _ask_anew(self) -> None:
        """Forget what was asked for, and ask for what the plan names from now on."""
        self._stop_asking()
        self._asked = self._asked.anew()
        if self._tasks:
            self._asking = self._tasks.create_task(self._asked.run())
        self._changed.set()

    def _stop_asking(self) -> None:
        if self._asking:
            self._asking.cancel()

    async def _feed(self) -> None:
        """Add what was asked for to what is said, a little ahead of the speaker."""
        while not self._all_said():
            asked = self._asked
            if asked.clips and asked.clips[0].sounds:
                await self._narration.handed_over()
                # The stream may have brought sound meanwhile: then nothing of this is wanted.
                if asked is self._asked and asked.clips[0].sounds:
                    self._plan.ignore_audio()
                    asked.say_next(self._narration)
            elif asked.clips and asked.clips[0].whole:
                asked.clips.popleft()
                self._narration.begin_sentence()
                self._changed.set()
            else:
                self._changed.clear()
                await self._changed.wait()
        self._narration.end()

    def _all_said(self) -> bool:
        asked = self._asking is None or self._asking.done()
        return self._plan.over and asked and not self._asked.clips
