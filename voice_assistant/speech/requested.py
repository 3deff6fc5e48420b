"""Speech that is requested from `/text-to-audio`, sentence by sentence, ahead of the speaker."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from enum import Enum
from itertools import takewhile
from typing import TYPE_CHECKING

from voice_assistant.audio.codec.decoder import Decoded
from voice_assistant.engines.voices.program import VoiceFailed
from voice_assistant.errors import (
    BackendError,
    Forbidden,
    MissingEndpoint,
    NotConfigured,
    QuotaExceeded,
    RateLimited,
    TimedOut,
    Unauthorized,
)
from voice_assistant.speech.audibility import AudibleSpan
from voice_assistant.speech.clip import Clip
from voice_assistant.speech.prosody import expected_s
from voice_assistant.speech.requested_sentence import NotHeard
from voice_assistant.speech.sentence_requests import SentenceRequests
from voice_assistant.text.languages import language_of
from voice_assistant.text.signs import has_signs, in_words

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from voice_assistant.speech.plan import SpeechPlan
    from voice_assistant.speech.script import Script
    from voice_assistant.speech.source import SpeechSource
    from voice_assistant.system.signal import Signal

log = logging.getLogger(__name__)

_AHEAD_S = 3.0
"""Stop requesting sentences once this many seconds of requested, not yet playing speech are queued.

A provider takes a second or two for a sentence, also for a short one: several of these, such as
"Sure!", are requested at once. While a long sentence plays there is time: a server that makes
speech on its own processor is faster with one request at a time, and a barge-in wastes less."""

_AHEAD = 3
"""The most requests at a time: providers refuse too many."""

_FAILURES = 2
"""Give the server up after this many failed sentences in a row."""

_LASTING = (NotConfigured, Unauthorized, Forbidden, QuotaExceeded, MissingEndpoint)
_LONGEST_PAUSE_S = 5.0


class Pace(Enum):
    """The number of sentences that are requested from the server at a time."""

    SEVERAL_AT_ONCE = "several at once"
    # After a first failure: some servers refuse requests at the same time.
    ONE_AT_A_TIME = "one at a time"
    # The failure lasts: the voice of this machine speaks the rest, if there is one.
    NONE = "none"


async def _at_once() -> None:
    pass


class RequestedSpeech:
    """Requests the sentences that the plan names, a small way ahead of the speaker.

    A failed sentence is requested a second time; from then on sentences are requested one at a
    time. After the second failure this machine's own voice speaks the sentence; without such a
    voice the sentence is left out. A sentence that breaks off while it plays is spoken again from
    its beginning. These count as failures, too: sound that is inaudible or far too short for its
    sentence, and silence for longer than the source's patience.

    Args:
        source: the server, and the voice that stands in for it.
        plan: names the sentences.
        changed: notified of each change of `clips`; notify it when there is room for more.
        seconds: seconds that the server spoke before.
        local_s: seconds that this machine's voice spoke before.
        handed_over: waits until the listener has nothing more to hear.

    Attributes:
        clips: the requested speech, in order. The reader removes sounds and clips.
        seconds: seconds of the server's speech that `say_next` has added to the script.
        local_s: the same for the speech of this machine's voice.
        problem: the first failure.
        missing: whether some words were spoken by neither voice.
    """

    def __init__(
        self,
        source: SpeechSource,
        plan: SpeechPlan,
        changed: Signal,
        *,
        seconds: float = 0.0,
        local_s: float = 0.0,
        handed_over: Callable[[], Awaitable[None]] = _at_once,
    ) -> None:
        self.clips: deque[Clip] = deque()
        self.seconds = seconds
        self.local_s = local_s
        self.problem: BackendError | None = None
        self.missing = False
        self._source = source
        self._plan = plan
        self._changed = changed
        self._pace = Pace.SEVERAL_AT_ONCE if source.backend else Pace.NONE
        self._failures = 0  # in a row
        self._words_pending = False  # a sentence waits for the language of its signs
        self._handed_over = handed_over
        self._requests = SentenceRequests(
            source,
            plan,
            changed,
            handed_over,
            is_next=lambda clip: bool(self.clips) and self.clips[0] is clip,
        )

    def __repr__(self) -> str:
        """Return the number of clips, and the pace of the requests."""
        return f"<RequestedSpeech: {len(self.clips)} clips, {self._pace.value}>"

    def fresh(self) -> RequestedSpeech:
        """Return a new instance without this one's failures, which counts the seconds on.

        A cancelled request of this one may still fail later: that failure must count nowhere.
        """
        return RequestedSpeech(
            self._source,
            self._plan,
            self._changed,
            seconds=self.seconds,
            local_s=self.local_s,
            handed_over=self._handed_over,
        )

    @property
    def owed(self) -> bool:
        """Return whether some speech is still to be requested, requested, or not in the script."""
        return self._words_pending or any(clip.sounds or not clip.complete for clip in self.clips)

    def say_next(self, script: Script) -> None:
        """Move the sounds of the first clip to the script."""
        clip = self.clips[0]
        if not clip.begun:
            script.name_sentence(clip.words)
        clip.begun = True
        while clip.sounds:
            sound = clip.sounds.popleft()
            script.add(sound.pcm, sound.rate_hz)
            seconds = len(sound.pcm) / sound.rate_hz
            if clip.local:
                self.local_s += seconds
            else:
                self.seconds += seconds
        self._changed.notify()

    async def run(self) -> None:
        """Request sentences until the plan is complete, or neither voice is left."""
        async with asyncio.TaskGroup() as requests:
            while words := await self._next_words():
                clip = Clip(words, expected_s(words))
                self.clips.append(clip)
                requests.create_task(self._have_said(clip, words))
        self._changed.notify()

    async def _next_words(self) -> str | None:
        """Wait for room; return the next sentence to request, None after the last one."""
        words: str | None = None

        def known() -> bool:
            nonlocal words
            words = self._plan.next_sentence() if self._wanted and self._has_room else None
            return words is not None or self._looks_on or not self._wanted or self._plan.complete

        while True:
            await self._changed.until(known)
            if not self._looks_on:
                return await self._in_words(words) if words else None
            await asyncio.sleep(0)  # a long text without words: others have a turn meanwhile

    @property
    def _wanted(self) -> bool:
        """Return whether the server or this machine's voice still speaks sentences."""
        return self._pace is not Pace.NONE or self._source.voice is not None

    @property
    def _looks_on(self) -> bool:
        """Return whether the plan has read much text, has found no words yet, and goes on."""
        return self._wanted and self._has_room and self._plan.goes_on

    async def _in_words(self, text: str) -> str:
        """Return the text with "~5" as "about 5", in the language of the answer."""
        if not has_signs(text):
            return text
        self._words_pending = True
        try:
            for told in (text, self._plan.beginning, self._source.question):
                if language := await asyncio.to_thread(language_of, told):
                    return in_words(text, language)
            return in_words(text, "en")
        finally:
            self._words_pending = False

    @property
    def _has_room(self) -> bool:
        if self._pace is Pace.ONE_AT_A_TIME and not all(clip.complete for clip in self.clips):
            return False
        ahead_s = [clip.expected_s for clip in self.clips if not (clip.begun and clip.complete)]
        return len(ahead_s) < _AHEAD and sum(ahead_s) < _AHEAD_S

    async def _have_said(self, clip: Clip, words: str) -> None:
        """Fill the clip with the server's speech, or else with this machine's."""
        asked = self._pace is not Pace.NONE
        problem = await self._fill(clip, words) if asked else self.problem
        # Failures in a row are counted in the order of the answer.
        await self._earlier_complete(clip)
        if problem:
            log.warning("the server does not speak a sentence: %s", problem.title)
            self._failures += self._source.voice is not None or not isinstance(problem, NotHeard)
            if self._failures == _FAILURES or isinstance(problem, _LASTING):
                self._pace = Pace.NONE
            self.problem = self.problem or problem
            if not await self._speak_here(clip, words):
                self.missing = True
        elif asked:
            self._failures = 0
        else:
            self.missing = not await self._speak_here(clip, words) or self.missing
        clip.complete = True
        self._changed.notify()

    async def _speak_here(self, clip: Clip, words: str) -> bool:
        """Let this machine's voice speak a sentence; return whether it made sound."""
        voice = self._source.voice
        if not voice:
            return False
        clip.sounds.clear()
        clip.local = True
        span = AudibleSpan()
        try:
            speech = voice.speak(words, (self._plan.beginning, self._source.question))
            async with contextlib.aclosing(speech) as blocks:
                async for pcm, rate_hz in blocks:
                    clip.sounds.append(Decoded(pcm, rate_hz, 0))
                    span.add(clip.sounds[-1])
                    self._changed.notify()
        except VoiceFailed as error:
            log.warning("%s: %s", voice.name, error.title)
            return False
        if span.seconds == 0.0:
            log.warning("%s makes no sound of a sentence", voice.name)
        return span.seconds > 0.0

    async def _fill(self, clip: Clip, words: str) -> BackendError | None:
        """Request the speech of a sentence, a second time if the first request fails.

        Returns:
            The error; None if the clip holds the whole sentence.
        """
        problem = await self._requests.request(clip, words)
        if problem is None or isinstance(problem, (*_LASTING, TimedOut)):
            return problem
        clip.sounds.clear()
        if self._pace is Pace.SEVERAL_AT_ONCE:
            self._pace = Pace.ONE_AT_A_TIME
        if isinstance(problem, RateLimited):
            await asyncio.sleep(min(problem.retry_after_s or 1.0, _LONGEST_PAUSE_S))
        await self._earlier_complete(clip)
        return problem if self._pace is Pace.NONE else await self._requests.request(clip, words)

    async def _earlier_complete(self, clip: Clip) -> None:
        """Wait until the clips of all earlier sentences are complete."""
        await self._changed.until(
            lambda: all(
                earlier.complete for earlier in takewhile(lambda one: one is not clip, self.clips)
            )
        )
