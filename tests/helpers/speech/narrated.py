"""Narrates sentences on a fake speaker."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

from fakes import SECONDS_PER_UNIT, FakeSpeaker, utter

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.speech.narration import Narration

ONE, TWO, THREE = (
    "One is the first of all sentences.",
    "Two is the second of them all.",
    "Three, the last.",
)


def seconds(text):
    return len(text) * SECONDS_PER_UNIT


class Told(list):
    """The calls of `on_start` and `on_pause`."""

    def start(self):
        self.append("start")

    def pause(self, paused):
        self.append("paused" if paused else "resumed")


def narrate(*sentences, whole=True, speed=1.0):
    narration = Narration(speed)
    for sentence in sentences:
        narration.script.begin_sentence()
        narration.script.add(utter(sentence), SPEECH_RATE_HZ)
    if whole:
        narration.script.end()
    return narration


@asynccontextmanager
async def saying(narration, speaker, told=None):
    told = told if told is not None else Told()
    task = asyncio.create_task(narration.run(speaker, on_start=told.start, on_pause=told.pause))
    try:
        yield task
        async with asyncio.timeout(20):
            await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def hear(speaker, text):
    """Let exactly this much of the current playback be heard."""
    for _ in range(10_000):
        playing = speaker.playbacks[-1] if speaker.playbacks else None
        left_s = seconds(text) - (playing.played_s if playing else 0.0)
        if left_s < 1e-6:
            return
        speaker.hear(min(left_s, 0.2))
        await asyncio.sleep(0)
    raise AssertionError(f"{text!r} is not heard")


async def settled():
    for _ in range(50):
        await asyncio.sleep(0)


def held():
    return FakeSpeaker(held=True, ahead_s=0.5)


def heard(speaker):
    return [playback.heard_words for playback in speaker.playbacks]
