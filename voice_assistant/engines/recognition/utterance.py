"""One recording on its way through the recogniser, and its words so far."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, TypeVar, TypeVarTuple

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from concurrent.futures import Executor

    from voice_assistant.api.models import Transcript
    from voice_assistant.audio.format import Pcm
    from voice_assistant.engines.recognition.ears import Ears

Ts = TypeVarTuple("Ts")
T = TypeVar("T")

SO_FAR_EVERY_S = 0.3
"""Seconds between two looks for the words so far."""
_REST = 2.0
"""How many times as long as a look takes is waited after it: long speech costs more each time."""


class Utterance:
    """One recording on its way through the recogniser.

    Where the speaker pauses, the words are found at once: if the recording ends with that pause,
    they are there when it ends.

    Args:
        ears: the ears for this recording.
        threads: does the work.
    """

    def __init__(self, ears: Ears, threads: Executor) -> None:
        self._ears = ears
        self._threads = threads
        self._turn = asyncio.Lock()  # the ears do one thing at a time
        self._ahead: asyncio.Task[Transcript] | None = None
        self._ahead_of_s = 0.0
        self._grown = asyncio.Event()

    async def feed(self, pcm: Pcm) -> None:
        """Take the next samples; waits while complete pieces of the recording are recognised."""
        async with self._turn:
            await on(self._threads, self._ears.take, pcm)
        self._grown.set()
        if self._ears.paused and self._ahead_of_s != self._ears.spoken_s:
            self.drop()
            self._ahead_of_s = self._ears.spoken_s
            self._ahead = asyncio.create_task(self.so_far())

    @property
    def words_at_pause(self) -> Transcript | None:
        """Return all words, where the speaker pauses and they are known already; else None."""
        ahead = self._ahead
        if not (ahead and ahead.done() and self._ears.paused) or ahead.cancelled():
            return None
        known = self._ahead_of_s == self._ears.spoken_s and not ahead.exception()
        return ahead.result() if known else None

    async def finish(self) -> Transcript:
        """Return the words."""
        return await (self._found_ahead or self.so_far())

    async def follow(self) -> AsyncGenerator[str, None]:
        """Yield the words so far while the speaker goes on, without an end.

        They come when they have changed, at most every `SO_FAR_EVERY_S`, and for a third of the
        time of one processor.
        """
        before, spoken_s = "", 0.0
        while True:
            await self._grown.wait()
            self._grown.clear()
            if self._ears.spoken_s == spoken_s:
                continue
            spoken_s, began_s = self._ears.spoken_s, time.monotonic()
            if ahead := self._found_ahead:
                await asyncio.wait([ahead])
                words = "" if ahead.cancelled() else ahead.result().text
            else:
                words = (await self.so_far()).text
            if words and words != before:
                before = words
                yield words
            await asyncio.sleep(max(SO_FAR_EVERY_S, _REST * (time.monotonic() - began_s)))

    async def so_far(self) -> Transcript:
        """Return the words of what has come until now; the speaker may go on meanwhile."""
        async with self._turn:
            said = await on(self._threads, self._ears.said)
        return await on(self._threads, self._ears.words, said)

    @property
    def _found_ahead(self) -> asyncio.Task[Transcript] | None:
        """Return what looks, or has looked, for the words at a pause that goes on."""
        return self._ahead if self._ahead_of_s == self._ears.spoken_s else None

    def drop(self) -> None:
        """Forget the words that were looked for at the last pause."""
        if self._ahead:
            self._ahead.cancel()


async def on(threads: Executor, call: Callable[[*Ts], T], *args: *Ts) -> T:
    """Return what a call returns, which one of the threads makes."""
    return await asyncio.get_running_loop().run_in_executor(threads, call, *args)
