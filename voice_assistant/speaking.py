"""Speaking an answer while it is written: every word heard, soon, and silence when told."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from voice_assistant.asking import Asking
from voice_assistant.audio.decoder import Decoded, SpeechDecoder
from voice_assistant.coverage import Pieces
from voice_assistant.errors import BackendError, SpeakerError
from voice_assistant.speakable import speakable
from voice_assistant.speech import SpeechPlan

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.asking import Decoder
    from voice_assistant.ports import Backend, Playback, Speaker

log = logging.getLogger(__name__)

PAUSE_S = 0.5
"""An answer that stands still for so long may do so for a minute: a tool is at work."""


class SpokenSummary(NamedTuple):
    """How speaking went.

    Attributes:
        seconds: what was heard.
        complete: every word was spoken.
        stream_s: seconds that came within the answer's stream.
        text_to_audio_s: seconds that were asked for.
        problem: why words are missing.
    """

    seconds: float
    complete: bool
    stream_s: float
    text_to_audio_s: float
    problem: BackendError | None


class Speaking:
    """Speaks one answer.

    The turn tells what arrives (`text`, `audio` ...; none of these blocks) and lets `run` go on
    beside that. Two tasks: one hands sound to the speaker in order, the stream's first; one asks
    for sentences as the plan names them, one at a time and at most two ahead of the speaker.

    Args:
        backend: where sentences are asked for.
        speaker: where sound goes; it is opened with the first sound.
        auto_play: the stream is said to bring audio; None where the server does not say.
        on_start: called once, when the first sound is on its way to the speaker.
        decoder: makes a decoder for one stream of audio files.
    """

    def __init__(
        self,
        backend: Backend,
        speaker: Speaker,
        *,
        auto_play: bool | None,
        on_start: Callable[[], None],
        decoder: Callable[[], Decoder] = SpeechDecoder,
    ) -> None:
        self._speaker = speaker
        self._on_start = on_start
        self._plan = SpeechPlan(auto_play=auto_play)
        self._changed = asyncio.Event()
        self._asked = Asking(backend, self._plan, decoder, self._changed)
        self._asking: asyncio.Task[None] | None = None
        self._pausing: asyncio.TimerHandle | None = None
        self._tasks: asyncio.TaskGroup | None = None
        self._make_decoder = decoder
        self._decoder = decoder()
        self._pieces = Pieces()
        self._files = self._earlier_files = 0
        self._sounds: deque[Decoded] = deque()
        self._playback: Playback | None = None
        self._started = False
        self._complete = False
        self._heard_s = 0.0
        self._stream_s = 0.0
        self._asked_s = 0.0

    def text(self, delta: str) -> None:
        """The next piece of the answer."""
        self._plan.text(delta)
        self._watch_for_pause()
        self._changed.set()

    def replaced(self, text: str) -> None:
        """All text so far is replaced: silence, then the replacement."""
        self._plan.replaced(text)
        self._watch_for_pause()
        self._sounds.clear()
        self._ask_anew()
        self._silence()

    def audio(self, data: bytes) -> None:
        """The next bytes of the stream's audio."""
        if not self._plan.listens:
            return
        if self._pieces.add(data):
            self._take(self._decoder.close())
            self._decoder = self._make_decoder()
            self._earlier_files = self._files
        self._take(self._decoder.feed(data))

    def audio_ended(self) -> None:
        """The server said that there is no more audio."""
        self._close_stream()
        self._plan.audio_ended(last_whole=self._pieces.last_whole is not False)
        self._changed.set()

    def ended(self, message_id: str) -> None:
        """The stream has ended."""
        self._close_stream()
        self._plan.ended(last_whole=self._pieces.last_whole)
        self._watch_for_pause()
        if self._plan.broken_file >= 0:
            whole = [sound for sound in self._sounds if sound.file != self._plan.broken_file]
            self._sounds = deque(whole)
        log.debug("the stream of %s has ended", message_id)
        self._changed.set()

    async def run(self) -> SpokenSummary:
        """Speak until everything owed is heard. Cancelling this silences the speaker at once.

        Raises:
            SpeakerError: there is no speaker, or it was lost.
        """
        lost: SpeakerError | None = None
        speakable("")  # loads what it needs, while the server still thinks
        try:
            async with asyncio.TaskGroup() as self._tasks:
                self._ask_anew()
                try:
                    await self._play()
                except SpeakerError as error:
                    lost = error
                self._stop_asking()
        finally:
            self._tasks = None
            self._plan.ignore_audio()
        if lost:
            raise lost
        self._complete = self._asked.problem is None
        return self.summary()

    def summary(self) -> SpokenSummary:
        """How speaking went, or, before its end, has gone so far."""
        heard_s = self._heard_s + (self._playback.heard_s if self._playback else 0.0)
        return SpokenSummary(
            heard_s, self._complete, self._stream_s, self._asked_s, self._asked.problem
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

    def _close_stream(self) -> None:
        if self._plan.listens:
            self._take(self._decoder.close())

    def _take(self, sounds: list[Decoded]) -> None:
        """Sound of the stream, which the plan wants."""
        for decoded in sounds:
            if not self._files:
                self._ask_anew()
            sound = decoded._replace(file=self._earlier_files + decoded.file)
            self._files = sound.file + 1
            self._plan.audio(sound)
            self._sounds.append(sound)
        self._changed.set()

    def _ask_anew(self) -> None:
        """Forget what was asked for, and ask for what the plan names from now on."""
        self._stop_asking()
        self._asked.forget()
        if self._tasks:
            self._asking = self._tasks.create_task(self._asked.run())
        self._changed.set()

    def _stop_asking(self) -> None:
        if self._asking:
            self._asking.cancel()

    async def _play(self) -> None:
        """Hand sound to the speaker, until there is no more, and all is heard."""
        clips = self._asked.clips
        try:
            while not self._all_said():
                if self._sounds:
                    self._stream_s += await self._write(self._sounds.popleft())
                elif clips and clips[0].sounds:
                    self._plan.ignore_audio()
                    clips[0].begun = True
                    self._asked_s += await self._write(clips[0].sounds.popleft())
                elif clips and clips[0].whole:
                    clips.popleft()
                    self._changed.set()
                else:
                    self._changed.clear()
                    await self._changed.wait()
            if self._playback:
                await self._playback.finish()
        finally:
            self._silence()

    def _all_said(self) -> bool:
        asked = self._asking is None or self._asking.done()
        return self._plan.over and asked and not (self._sounds or self._asked.clips)

    async def _write(self, sound: Decoded) -> float:
        """Hand `sound` over; its seconds."""
        if self._playback is None:
            self._playback = self._speaker.play()
        await self._playback.write(sound.pcm, sound.rate_hz)
        if not self._started:
            self._started = True
            self._on_start()
        return len(sound.pcm) / sound.rate_hz

    def _silence(self) -> None:
        if self._playback:
            self._heard_s += self._playback.abort()
            self._playback = None
