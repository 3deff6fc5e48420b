"""A question that goes on: somebody speaks again before its answer sounds.

A silence has ended the question, and the microphone stays open for a moment. Speech within that
moment belongs to the question: both parts are heard as one.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.errors import MicrophoneError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from contextlib import AsyncExitStack

    from voice_assistant.audio.format import Pcm
    from voice_assistant.hearing.recordings import Recording
    from voice_assistant.ports import Capture, SpeechDetector

log = logging.getLogger(__name__)

MORE_S = 2.0
"""Seconds in which a question that a silence has ended can go on."""
BEFORE_S = 0.5
"""Seconds before speech is detected that belong to it."""
LEAST_S = 0.2
"""Seconds of speech that let a question go on: a click is shorter."""
TAKEN_S = 2.0
"""Seconds in which a turn must take the microphone over."""

Rest = tuple["Capture", "AsyncIterator[Pcm]"]
"""An open microphone, and its next blocks."""


class OpenMicrophone:
    """A microphone that is open already. Satisfies `ports.Microphone` and `ports.Capture`.

    Args:
        capture: the open microphone.
        blocks: its next blocks.
        before: the last sound that was heard, in blocks.
        close: closes the microphone.

    Attributes:
        taken: set when a turn has taken it over, and will close it.
    """

    def __init__(
        self,
        capture: Capture,
        blocks: AsyncIterator[Pcm],
        before: deque[Pcm],
        close: Callable[[], Awaitable[None]],
    ) -> None:
        self.taken = asyncio.Event()
        self._capture = capture
        self._blocks = blocks
        self._before = before
        self._close = close

    @property
    def silent(self) -> bool:
        """Return False: somebody was heard."""
        return False

    @contextlib.asynccontextmanager
    async def capture(self) -> AsyncIterator[OpenMicrophone]:
        """Take the microphone over; the end of the context closes it."""
        self.taken.set()
        try:
            yield self
        finally:
            await self._close()

    def stop(self) -> None:
        """End the capture after the sound up to now."""
        self._capture.stop()

    async def __aiter__(self) -> AsyncIterator[Pcm]:
        """Iterate over the blocks, beginning with those before speech was detected."""
        while self._before:
            yield self._before.popleft()
        async for block in self._blocks:
            yield block


class GoingOn(NamedTuple):
    """A question that goes on.

    Attributes:
        recording: its first part.
        microphone: the open microphone, with the beginning of its second part.
        woken: whether its first part begins with the wake word.
    """

    recording: Recording
    microphone: OpenMicrophone
    woken: bool


async def wait_for_more(
    rest: Rest,
    detector: SpeechDetector,
    resources: AsyncExitStack,
    over: Callable[[], bool],
    go_on: Callable[[OpenMicrophone], None],
) -> None:
    """Call `go_on` as soon as somebody speaks again; close the microphone if nobody does in time.

    Args:
        rest: the open microphone.
        detector: knows speech from silence, from here on.
        resources: closes the microphone.
        over: whether the question cannot go on any more.
        go_on: called with the microphone; a turn has to take it over.
    """
    async with resources:
        close = contextlib.AsyncExitStack()
        more = await _speech_again(rest, detector, close.aclose, over)
        if more:
            go_on(more)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TAKEN_S):
                    await more.taken.wait()
                # From now on the turn closes it.
                close.push_async_exit(resources.pop_all())


async def _speech_again(
    rest: Rest,
    detector: SpeechDetector,
    close: Callable[[], Awaitable[None]],
    over: Callable[[], bool],
) -> OpenMicrophone | None:
    capture, blocks = rest
    before: deque[Pcm] = deque()
    waited_s = 0.0
    with contextlib.suppress(MicrophoneError):
        async for block in blocks:
            waited_s += len(block) / SPEECH_RATE_HZ
            before.append(block)
            while sum(map(len, before)) > BEFORE_S * SPEECH_RATE_HZ:
                before.popleft()
            detector.feed(block)
            if detector.speech_s >= LEAST_S:
                log.info("the question goes on")
                return OpenMicrophone(capture, blocks, before, close)
            if waited_s >= MORE_S or over():
                break
    return None
