"""Recordings made through the microphone while something is said into it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import numpy as np
import pytest
from bench import contains, flite, load
from fakes import until


@pytest.fixture
def speech():
    """A WAV file in which something is asked."""
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
    """All blocks of a capture, also in `blocks` while it lasts."""
    blocks = [] if blocks is None else blocks
    async for block in capture:
        blocks.append(block)
    return np.concatenate(blocks) if blocks else np.empty(0, np.int16)


@asynccontextmanager
async def recording(microphone):
    """Record during the block; what was recorded is in the list after it."""
    async with microphone.capture() as capture:
        blocks = []
        task = asyncio.create_task(record(capture, blocks))
        yield blocks
        capture.stop(tail_s=0.2)
        await task


async def stop_when_said(desktop, capture, wav):
    """Speak into the microphone, then let go of the key."""
    await asyncio.to_thread(desktop.speak_into_microphone, wav)
    capture.stop(tail_s=0.2)


async def record_speech(desktop, microphone, wav):
    """Hold the key for as long as `wav` is said: what was recorded, and whether it was silent."""
    async with microphone.capture() as capture:
        saying = asyncio.create_task(stop_when_said(desktop, capture, wav))
        recorded = await record(capture)
        await saying
        return recorded, capture.silent


@asynccontextmanager
async def kept_open(microphone):
    """Keep it open during the block."""
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
