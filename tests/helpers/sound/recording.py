"""Recordings made through the microphone while a test speaks into it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import numpy as np
import pytest
from bench import contains, flite, load
from fakes import until

TAIL_S = 0.2
"""The last syllable is over this long after the key was let go."""


@pytest.fixture
def speech():
    """Return a WAV file of a spoken question."""
    return flite("What time is it now?")


class Troubles(list):
    """A `ports.Problems`: the title of each problem of the microphone; None when it was over."""

    def report_problem(self, part, error):
        assert part == "microphone"
        self.append(error.title)

    def clear_problem(self, part):
        assert part == "microphone"
        self.append(None)


async def record(capture, blocks=None):
    """Return all blocks of a capture; `blocks` has them while it runs."""
    blocks = [] if blocks is None else blocks
    async for block in capture:
        blocks.append(block)
    return np.concatenate(blocks) if blocks else np.empty(0, np.int16)


@asynccontextmanager
async def recording(microphone):
    """Record during the block; the list holds the recorded blocks after it."""
    async with microphone.capture() as capture:
        blocks = []
        task = asyncio.create_task(record(capture, blocks))
        yield blocks
        await asyncio.sleep(TAIL_S)
        capture.stop()
        await task


async def stop_when_said(desktop, capture, wav):
    """Speak into the microphone, then let go of the key."""
    await asyncio.to_thread(desktop.speak_into_microphone, wav)
    await asyncio.sleep(TAIL_S)
    capture.stop()


async def record_speech(desktop, microphone, wav):
    """Hold the key while `wav` is spoken; return the recording, and whether it was silent."""
    async with microphone.capture() as capture:
        saying = asyncio.create_task(stop_when_said(desktop, capture, wav))
        recorded = await record(capture)
        await saying
        return recorded, capture.silent


@asynccontextmanager
async def kept_open(microphone):
    """Keep the microphone open during the block."""
    ready = asyncio.Event()
    keeping = asyncio.create_task(microphone.run(ready.set))
    try:
        await until(lambda: ready.is_set() or keeping.done())
        yield
        assert not keeping.done(), "it was given up"
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        assert not microphone.kept_open


def heard(recorded, wav):
    return contains(recorded, load(wav), at_least=0.97, share=1.0)
