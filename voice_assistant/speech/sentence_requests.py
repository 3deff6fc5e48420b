"""Requests the speech of sentences from the server, as long as the listener has patience."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from voice_assistant.api.failures.breakdowns import own_gone
from voice_assistant.api.models import SpeechRequest
from voice_assistant.api.stream.liveness import LEAST_SPEECH_BYTES_S
from voice_assistant.errors import BackendError, TimedOut
from voice_assistant.speech.requested_sentence import RequestedSentence
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from voice_assistant.speech.clip import Clip
    from voice_assistant.speech.plan import SpeechPlan
    from voice_assistant.speech.source import SpeechSource
    from voice_assistant.system.signal import Signal

_READY_S = 60.0
"""Seconds of a sentence that are read ahead of its playing: some sounds never end."""

_LOOKS, _LEAST_BYTES = 8, 100
"""The server is checked this many times within the listener's patience; at each check at least this
many bytes of speech must have come."""


class SentenceRequests:
    """Fills clips with the server's speech.

    A request ends if it brings too little while the listener waits for its sentence. After the
    first such request the server is doubted, and the listener's patience is shorter.

    Args:
        source: the server, and how long it is waited for.
        plan: learns how fast the server's voice speaks.
        changed: notified of each change of a clip.
        handed_over: waits until the listener has nothing more to hear.
        is_next: returns whether a clip is the next one that the listener hears.
    """

    def __init__(
        self,
        source: SpeechSource,
        plan: SpeechPlan,
        changed: Signal,
        handed_over: Callable[[], Awaitable[None]],
        *,
        is_next: Callable[[Clip], bool],
    ) -> None:
        self._source = source
        self._plan = plan
        self._changed = changed
        self._handed_over = handed_over
        self._is_next = is_next
        self._doubted = False

    async def request(self, clip: Clip, words: str) -> BackendError | None:
        """Request the speech of a sentence; return the error, None if the clip holds all of it."""
        coming = RequestedSentence(clip, self._source.decoder())
        problem: BackendError | None = None
        try:
            async with asyncio.timeout(None) as limit:
                waiting = asyncio.create_task(self._lose_patience(coming, limit))
                try:
                    await self._receive(coming, words)
                finally:
                    waiting.cancel()
        except TimeoutError:
            self._doubted = True
            problem = TimedOut(
                _("The server does not speak a sentence in time"),
                _("Look at the text-to-speech settings of the app."),
            )
            if self._source.own:
                problem = own_gone(TimedOut)
        except BackendError as error:
            problem = error
        # Some formats are decoded as a whole, which takes 0.1 s: in a thread, so keys are obeyed.
        coming.add(await asyncio.to_thread(coming.decoder.close))
        self._changed.notify()
        problem = problem or coming.fault(words, self._plan.prosody)
        if problem is None:
            self._plan.learn_timing(words, coming.speech)
        return problem

    async def _receive(self, coming: RequestedSentence, words: str) -> None:
        """Read the speech of a sentence from the server.

        Raises:
            BackendError: the server refuses, or breaks off the sound.
        """
        request = SpeechRequest(text=words, voice=self._source.server_voice)
        assert self._source.backend  # noqa: S101  (else nothing is requested)
        answer = self._source.backend.text_to_audio(request)
        async with contextlib.aclosing(answer) as pieces:
            async for data in pieces:
                coming.awaited = False
                coming.feed(data)
                if coming.endless:
                    return
                self._changed.notify()
                await self._changed.until(lambda: coming.clip.ready_s <= _READY_S)
                coming.awaited = True

    async def _lose_patience(self, coming: RequestedSentence, limit: asyncio.Timeout) -> None:
        """End a request that brings too little while the listener waits for this sentence."""
        quiet, source = 0, self._source
        while quiet < _LOOKS:
            await self._changed.until(lambda: self._is_next(coming.clip))
            await self._handed_over()
            patience = source.patience
            patience_s = patience.voice_s if source.voice else patience.nobody_s
            look_s = patience_s * (patience.doubt if self._doubted else 1.0) / _LOOKS
            came_bytes = coming.useful_bytes
            await asyncio.sleep(look_s)
            least_bytes = max(_LEAST_BYTES, LEAST_SPEECH_BYTES_S * look_s)
            comes = coming.useful_bytes - came_bytes >= least_bytes
            quiet = 0 if comes or not coming.awaited else quiet + 1
        limit.reschedule(asyncio.get_running_loop().time())
