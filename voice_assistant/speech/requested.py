"""Speech that is asked for from `/text-to-audio`, sentence by sentence, ahead of the speaker."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from itertools import takewhile
from typing import TYPE_CHECKING

from voice_assistant.api.models import SpeechRequest
from voice_assistant.audio.codec.decoder import Decoded
from voice_assistant.engines.voices.program import VoiceFailed
from voice_assistant.errors import (
    BackendError,
    Forbidden,
    MissingEndpoint,
    NotConfigured,
    QuotaExceeded,
    RateLimited,
    ServerBug,
    TimedOut,
    Unauthorized,
)
from voice_assistant.speech.clip import Clip
from voice_assistant.speech.coverage import StreamFiles
from voice_assistant.speech.prosody import expected_s
from voice_assistant.text.languages import language_of
from voice_assistant.text.signs import has_signs, in_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.engines.voices.program import Voice
    from voice_assistant.ports import Backend
    from voice_assistant.speech.clip import Decoder
    from voice_assistant.speech.narration import Narration
    from voice_assistant.speech.plan import SpeechPlan

log = logging.getLogger(__name__)

_AHEAD_S = 3.0
"""Once what was asked for, and is not being said yet, will last so long, no more is asked for.

A provider takes a second or two for a sentence, however short it is: a few like "Sure!" are all
asked for at once. Beside one that lasts there is time: a server that synthesises on its own
processor is quicker with one at a time, and less was asked for in vain when somebody barges in."""

_AHEAD = 3
"""So many sentences at most: providers take some requests at once, not any number."""

_READY_S = 60.0
"""How much of a sentence is taken from the server before it is heard: some never end."""

_FAILURES = 2
"""Sentences in a row that could not be had: then no more are asked for."""

_LASTING = (NotConfigured, Unauthorized, Forbidden, QuotaExceeded, MissingEndpoint)
_LONGEST_PAUSE_S = 5.0


class RequestedSpeech:
    """Asks for the sentences that the plan names, a small way ahead.

    A sentence that failed is asked for a second time, and from then on one at a time; one that
    cannot be had is said by the voice, or left out. One that broke off while it was heard is said
    again whole. When there is no hope the voice says the rest.

    Args:
        backend: where to ask.
        plan: what to ask for.
        decoder: makes a decoder for one answer's bytes.
        changed: set when there is something new in `clips`, and to be set when there is room.
        voice: of this machine; None where there is none.
        question: what is answered: in doubt the answer is in its language.

    Attributes:
        clips: what was asked for, in order. Whoever says it takes sounds and clips away.
        seconds: how much of what was asked for was taken away by `say_next`.
        local_s: how much of what the voice said.
        problem: the first failure.
        missing: there are words that nobody spoke.
    """

    def __init__(
        self,
        backend: Backend,
        plan: SpeechPlan,
        decoder: Callable[[], Decoder],
        changed: asyncio.Event,
        *,
        voice: Voice | None = None,
        question: str = "",
    ) -> None:
        self.clips: deque[Clip] = deque()
        self.seconds = self.local_s = 0.0
        self.problem: BackendError | None = None
        self.missing = False
        self._backend = backend
        self._plan = plan
        self._decoder = decoder
        self._changed = changed
        self._voice = voice
        self._question = question
        self._failures = 0  # in a row
        self._hope = True
        self._alone = False  # some servers refuse what they cannot do at once

    def anew(self) -> RequestedSpeech:
        """Another one, which knows nothing of this one's failures, and counts seconds on.

        A request that is given up may still fail at the very moment: nobody must believe it.
        """
        another = RequestedSpeech(
            self._backend,
            self._plan,
            self._decoder,
            self._changed,
            voice=self._voice,
            question=self._question,
        )
        another.seconds, another.local_s = self.seconds, self.local_s
        return another

    def say_next(self, narration: Narration) -> None:
        """Take away what has come of the first clip, and add it to what is said."""
        clip = self.clips[0]
        clip.begun = True
        while clip.sounds:
            sound = clip.sounds.popleft()
            narration.add(sound.pcm, sound.rate_hz)
            seconds = len(sound.pcm) / sound.rate_hz
            if clip.local:
                self.local_s += seconds
            else:
                self.seconds += seconds
        self._changed.set()

    async def run(self) -> None:
        """Ask until nothing more is owed, or there is no hope."""
        async with asyncio.TaskGroup() as requests:
            while words := await self._next_words():
                clip = Clip(expected_s(words))
                self.clips.append(clip)
                requests.create_task(self._have_said(clip, words))
        self._changed.set()

    async def _next_words(self) -> str | None:
        """The next sentence to ask for, once there is room for it; None after the last."""
        while self._hope or self._voice:
            if self._has_room and (words := self._plan.next_sentence()):
                return await self._in_words(words)
            if self._has_room and self._plan.goes_on:
                await asyncio.sleep(0)
                continue
            if self._plan.complete:
                return None
            self._changed.clear()
            await self._changed.wait()
        return None

    async def _in_words(self, text: str) -> str:
        """Return the text with "~5" as "about 5", in the language of the answer."""
        if not has_signs(text):
            return text
        for told in (text, self._plan.beginning, self._question):
            if language := await asyncio.to_thread(language_of, told):
                return in_words(text, language)
        return in_words(text, "en")

    @property
    def _has_room(self) -> bool:
        if self._alone and not all(clip.whole for clip in self.clips):
            return False
        ahead_s = [clip.expected_s for clip in self.clips if not (clip.begun and clip.whole)]
        return len(ahead_s) < _AHEAD and sum(ahead_s) < _AHEAD_S

    async def _have_said(self, clip: Clip, words: str) -> None:
        """Fill the clip, by the server or else by this machine."""
        problem = await self._fill(clip, words) if self._hope else self.problem
        # What fails in a row is counted in the order of the answer.
        await self._until(lambda: self._earlier_are_whole(clip))
        if problem:
            log.warning("the server does not speak a sentence: %s", problem.title)
            self._failures += 1
            if self._failures == _FAILURES or isinstance(problem, _LASTING):
                self._hope = False
            self.problem = self.problem or problem
            if not await self._speak_here(clip, words):
                self.missing = True
        else:
            self._failures = 0
        clip.whole = True
        self._changed.set()

    async def _speak_here(self, clip: Clip, words: str) -> bool:
        """Have the machine's own voice say a sentence; whether it did."""
        if not self._voice:
            return False
        clip.sounds.clear()
        clip.local = True
        try:
            speech = self._voice.speak(words, (self._plan.beginning, self._question))
            async with contextlib.aclosing(speech) as blocks:
                async for pcm, rate_hz in blocks:
                    clip.sounds.append(Decoded(pcm, rate_hz, 0))
                    self._changed.set()
        except VoiceFailed as error:
            log.warning("%s: %s", self._voice.name, error.title)
            return False
        return True

    async def _fill(self, clip: Clip, words: str) -> BackendError | None:
        """Get the speech of a sentence, at a second attempt if need be; what went wrong."""
        problem = await self._request(clip, words)
        if problem is None or isinstance(problem, (*_LASTING, TimedOut)):
            return problem
        clip.sounds.clear()
        self._alone = True
        if isinstance(problem, RateLimited):
            await asyncio.sleep(min(problem.retry_after_s or 1.0, _LONGEST_PAUSE_S))
        await self._until(lambda: self._earlier_are_whole(clip))
        return await self._request(clip, words) if self._hope else problem

    def _earlier_are_whole(self, clip: Clip) -> bool:
        return all(earlier.whole for earlier in takewhile(lambda one: one is not clip, self.clips))

    async def _request(self, clip: Clip, words: str) -> BackendError | None:
        decoder, speech = self._decoder(), StreamFiles()
        problem: BackendError | None = None
        try:
            answer = self._backend.text_to_audio(SpeechRequest(text=words))
            async with contextlib.aclosing(answer) as pieces:
                async for data in pieces:
                    self._add(decoder.feed(data), clip, speech)
                    await self._until(lambda: clip.ready_s <= _READY_S)
        except BackendError as error:
            problem = error
        # What can only be decoded whole takes 0.1 s here: a key is to be obeyed meanwhile.
        self._add(await asyncio.to_thread(decoder.close), clip, speech)
        if problem is None and not speech.pauses:
            problem = ServerBug(
                "The server sent no speech for a sentence",
                "Look at the text-to-speech settings of the app.",
            )
        if problem is None:
            self._plan.heard(words, speech)
        return problem

    def _add(self, sounds: list[Decoded], clip: Clip, speech: StreamFiles) -> None:
        for sound in sounds:
            speech.add(sound)
            clip.sounds.append(sound)
        self._changed.set()

    async def _until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self._changed.clear()
            await self._changed.wait()
