"""Speaking an answer while it is written: every word heard, soon, and silence when told."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from voice_assistant.api.models import SpeechRequest
from voice_assistant.audio.decoder import Decoded, SpeechDecoder
from voice_assistant.coverage import Pieces
from voice_assistant.errors import (
    BackendError,
    Forbidden,
    MissingEndpoint,
    NotConfigured,
    QuotaExceeded,
    RateLimited,
    ServerBug,
    SpeakerError,
    TimedOut,
    Unauthorized,
)
from voice_assistant.speakable import speakable
from voice_assistant.speech import SpeechPlan

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.ports import Backend, Playback, Speaker

log = logging.getLogger(__name__)

_AHEAD = 2
"""Sentences asked for and not yet wholly handed to the speaker: one being said, one ready."""

_FAILURES = 2
"""Sentences in a row that could not be had: then no more are asked for."""

_LASTING = (NotConfigured, Unauthorized, Forbidden, QuotaExceeded, MissingEndpoint)
_LONGEST_PAUSE_S = 5.0


class Decoder(Protocol):
    """What turns the bytes of speech into sound; see `audio.decoder.SpeechDecoder`."""

    def feed(self, data: bytes) -> list[Decoded]:
        """The sound that `data` makes complete."""
        ...

    def close(self) -> list[Decoded]:
        """The rest."""
        ...


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


@dataclass(eq=False)
class _Clip:
    """One sentence that was asked for."""

    sounds: deque[Decoded] = field(default_factory=deque)
    begun: bool = False
    whole: bool = False


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
        self._backend = backend
        self._speaker = speaker
        self._on_start = on_start
        self._make_decoder = decoder
        self._decoder = decoder()
        self._pieces = Pieces()
        self._files = self._earlier_files = 0
        self._plan = SpeechPlan(auto_play=auto_play)
        self._sounds: deque[Decoded] = deque()
        self._clips: deque[_Clip] = deque()
        self._changed = asyncio.Event()
        self._tasks: asyncio.TaskGroup | None = None
        self._asking: asyncio.Task[None] | None = None
        self._playback: Playback | None = None
        self._started = False
        self._complete = False
        self._heard_s = 0.0
        self._stream_s = 0.0
        self._asked_s = 0.0
        self._problem: BackendError | None = None

    def text(self, delta: str) -> None:
        """The next piece of the answer."""
        self._plan.text(delta)
        self._changed.set()

    def replaced(self, text: str) -> None:
        """All text so far is replaced: silence, then the replacement."""
        self._plan.replaced(text)
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
        self._complete = self._problem is None
        return self.summary()

    def summary(self) -> SpokenSummary:
        """How speaking went, or, before its end, has gone so far."""
        heard_s = self._heard_s + (self._playback.heard_s if self._playback else 0.0)
        return SpokenSummary(heard_s, self._complete, self._stream_s, self._asked_s, self._problem)

    def _close_stream(self) -> None:
        if self._plan.listens:
            self._take(self._decoder.close())

    def _take(self, sounds: list[Decoded]) -> None:
        for decoded in sounds:
            sound = decoded._replace(file=self._earlier_files + decoded.file)
            if not self._plan.audio(sound):
                return
            if not self._files:
                self._ask_anew()
            self._files = sound.file + 1
            self._sounds.append(sound)
        self._changed.set()

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()

    # Handing sound to the speaker.

    async def _play(self) -> None:
        try:
            while not self._all_said():
                if self._sounds:
                    self._stream_s += await self._write(self._sounds.popleft())
                elif self._clips and self._clips[0].sounds:
                    self._plan.ignore_audio()
                    self._clips[0].begun = True
                    self._asked_s += await self._write(self._clips[0].sounds.popleft())
                elif self._clips and self._clips[0].whole:
                    self._clips.popleft()
                    self._changed.set()
                else:
                    await self._change()
            if self._playback:
                await self._playback.finish()
        finally:
            self._silence()

    def _silence(self) -> None:
        if self._playback:
            self._heard_s += self._playback.abort()
            self._playback = None

    def _all_said(self) -> bool:
        asked = self._asking is None or self._asking.done()
        return self._plan.over and asked and not (self._sounds or self._clips)

    async def _write(self, sound: Decoded) -> float:
        """Hand `sound` over; its seconds."""
        if not len(sound.pcm):
            return 0.0
        if self._playback is None:
            self._playback = self._speaker.play()
        await self._playback.write(sound.pcm, sound.rate_hz)
        if not self._started:
            self._started = True
            self._on_start()
        return len(sound.pcm) / sound.rate_hz

    # Asking for sentences.

    def _ask_anew(self) -> None:
        """Forget what was asked for, and ask for what the plan names from now on."""
        self._stop_asking()
        self._clips.clear()
        self._problem = None
        if self._tasks:
            self._asking = self._tasks.create_task(self._ask())
        self._changed.set()

    def _stop_asking(self) -> None:
        if self._asking:
            self._asking.cancel()

    async def _ask(self) -> None:
        failures = 0
        while failures < _FAILURES and (words := await self._next_words()):
            clip = _Clip()
            self._clips.append(clip)
            problem = await self._fill(clip, words)
            clip.whole = True
            self._changed.set()
            if problem:
                log.warning("a sentence cannot be spoken: %s", problem.title)
                self._problem = self._problem or problem
            failures = failures + 1 if problem else 0
            if isinstance(problem, _LASTING):
                break
        self._changed.set()

    async def _next_words(self) -> str | None:
        """The next sentence to ask for, once there is room for it; None after the last."""
        while True:
            if len(self._clips) < _AHEAD and (words := self._plan.next_sentence()):
                return words
            if self._plan.complete:
                return None
            await self._change()

    async def _fill(self, clip: _Clip, words: str) -> BackendError | None:
        """Get the speech of a sentence, at a second attempt if need be; what went wrong."""
        problem = await self._request(clip, words)
        if problem is None or clip.begun or isinstance(problem, (*_LASTING, TimedOut)):
            return problem
        if isinstance(problem, RateLimited):
            await asyncio.sleep(min(problem.retry_after_s or 1.0, _LONGEST_PAUSE_S))
        clip.sounds.clear()
        return await self._request(clip, words)

    async def _request(self, clip: _Clip, words: str) -> BackendError | None:
        decoder = self._make_decoder()
        problem: BackendError | None = None
        try:
            async for data in self._backend.text_to_audio(SpeechRequest(text=words)):
                clip.sounds.extend(decoder.feed(data))
                self._changed.set()
        except BackendError as error:
            problem = error
        clip.sounds.extend(decoder.close())
        if problem is None and not (clip.sounds or clip.begun):
            problem = ServerBug(
                "The server sent no speech for a sentence",
                "Look at the text-to-speech settings of the app.",
            )
        return problem
