from __future__ import annotations

import asyncio
import contextlib

import pytest
from fakes import until

from voice_assistant import events
from voice_assistant.errors import SpeakerError
from voice_assistant.subscribers.silenced_reader import SilencedReader

SPEAKING = events.Speaking(turn=1)
SPOKEN = events.Spoken(turn=1, seconds=1.0, complete=True, stream_s=1.0, text_to_audio_s=0.0)


class FakeVoice:
    """Counts how often it was cut off, and how often its connection was ended."""

    def __init__(self, error: Exception | None = None) -> None:
        self.cut = 0
        self.closed = 0
        self.error = error

    async def cancel_all(self) -> None:
        self.cut += 1
        if self.error:
            raise self.error

    async def close(self) -> None:
        self.closed += 1


@contextlib.asynccontextmanager
async def silenced(voice: FakeVoice, *, wanted: bool = True):
    reader = SilencedReader(lambda: wanted, voice, every_s=0.001)
    running = asyncio.create_task(reader.run())
    try:
        yield reader.handle
    finally:
        running.cancel()
        await asyncio.wait([running])


@pytest.mark.parametrize(
    "end",
    [
        SPOKEN,
        events.Paused(turn=1),
        events.Idle(turn=1),
    ],
)
async def test_the_reader_is_cut_off_again_and_again_while_the_assistant_speaks(end):
    voice = FakeVoice()
    async with silenced(voice) as handle:
        handle(SPEAKING)
        await until(lambda: voice.cut >= 3)
        handle(end)
        await until(lambda: voice.closed)
        before = voice.cut
        handle(SPEAKING)
        await until(lambda: voice.cut > before)


async def test_where_nobody_wants_it_the_reader_speaks_on():
    voice = FakeVoice()
    async with silenced(voice, wanted=False) as handle:
        handle(SPEAKING)
        await until(lambda: voice.closed)
        assert voice.cut == 0


async def test_a_reader_that_cannot_be_reached_is_asked_once_for_each_stretch_of_speech():
    voice = FakeVoice(SpeakerError("It is gone", ""))
    async with silenced(voice) as handle:
        handle(SPEAKING)
        await until(lambda: voice.closed == 1)
        handle(events.Idle(turn=1))
        handle(SPEAKING)
        await until(lambda: voice.closed == 2)
        assert voice.cut == 2


async def test_at_the_end_the_connection_is_ended():
    voice = FakeVoice()
    async with silenced(voice) as handle:
        handle(SPEAKING)
        await until(lambda: voice.cut)
    assert voice.closed == 1
