"""A microphone into which prepared sound is spoken."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import numpy as np

from fakes.sounds import utter
from fakes.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from voice_assistant.audio.format import Pcm


class FakeCapture:
    """A recording of prepared blocks; after the last it waits for `stop`."""

    def __init__(self, blocks: Sequence[Pcm], error: Exception | None, go: asyncio.Event) -> None:
        self._blocks = blocks
        self._error = error
        self._go = go
        self._stopped = asyncio.Event()
        self.delivered = False  # all blocks have been handed out
        self.silent = True
        self.closed = False

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    def stop(self) -> None:
        self._stopped.set()

    async def __aiter__(self) -> AsyncIterator[Pcm]:
        await until(lambda: self._go.is_set() or self.stopped)
        for block in self._blocks:
            await asyncio.sleep(0)
            if self.stopped:
                return
            self.silent = self.silent and not block.any()
            yield block
        self.delivered = True
        if self._error:
            raise self._error
        await self._stopped.wait()


class FakeMicrophone:
    """Hears `pcm` (16 kHz) in 20 ms blocks on every capture.

    Args:
        pcm: what is said.
        missing: raised when the microphone is opened.
        lost: raised after the last block.

    Nothing is heard while `go` is clear.
    """

    def __init__(
        self,
        pcm: Pcm | None = None,
        *,
        missing: Exception | None = None,
        lost: Exception | None = None,
    ) -> None:
        self.pcm = utter("a question") if pcm is None else pcm
        self.missing = missing
        self.lost = lost
        self.go = asyncio.Event()
        self.go.set()
        self.captures: list[FakeCapture] = []

    @asynccontextmanager
    async def capture(self) -> AsyncIterator[FakeCapture]:
        if self.missing:
            raise self.missing
        blocks = np.split(self.pcm, range(320, len(self.pcm), 320))
        capture = FakeCapture(blocks, self.lost, self.go)
        self.captures.append(capture)
        try:
            yield capture
        finally:
            capture.closed = True
