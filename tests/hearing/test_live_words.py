"""The words of a recording while it is made."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import numpy as np
import pytest
from fakes import until

from voice_assistant.api.models import Transcript
from voice_assistant.engines.recognition.recognizer import RecognitionFailed
from voice_assistant.hearing.live_words import LiveWords

BLOCK = np.ones(320, np.int16)


class Recognizer:
    """Knows the words "so" at each pause, which zeros are; counts the samples."""

    def __init__(self, error=None) -> None:
        self.samples = 0
        self.words_at_pause = None
        self._error = error

    @asynccontextmanager
    async def utterance(self, commands=None):
        if self._error:
            raise self._error
        yield self

    async def feed(self, pcm) -> None:
        await asyncio.sleep(0)
        self.samples += len(pcm)
        self.words_at_pause = None if pcm[-1] else Transcript(text="so")

    async def finish(self) -> Transcript:
        return Transcript(text=f"{self.samples} samples")


@asynccontextmanager
async def listening(recognizer):
    live = LiveWords(recognizer)
    task = asyncio.create_task(live.run())
    try:
        yield live
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_the_words_are_those_of_all_that_was_fed():
    async with listening(Recognizer()) as live:
        for _ in range(100):
            live.feed(BLOCK)
        assert (await live.words()).text == "32000 samples"


async def test_in_a_pause_they_are_known_although_more_sound_comes():
    async with listening(Recognizer()) as live:
        live.feed(BLOCK)
        assert live.at_pause == ""
        live.feed(BLOCK * 0)
        await until(lambda: live.at_pause == "so")
        live.feed(BLOCK * 0)
        assert live.at_pause == "so", "asked right after a block, which has not been taken yet"


@pytest.mark.parametrize("blocks", [0, 5])
async def test_where_nothing_can_be_recognised_nobody_waits(blocks):
    async with listening(Recognizer(RecognitionFailed("no", "network"))) as live:
        for _ in range(blocks):
            live.feed(BLOCK)
        assert await live.words() is None
        live.feed(BLOCK)
        assert await live.words() is None
        assert live.at_pause == ""
