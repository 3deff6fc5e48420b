"""An answer of four sentences, and how it is spoken on fakes."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager

from fakes import FakeBackend, FakeSpeaker, speak_wav

from voice_assistant.speech.source import SpeechSource
from voice_assistant.speech.speaking import PATIENCE_S, Speaking, SpeechOutput

FIRST = "One is the first."
SECOND = "Two is the second."
THIRD = "Three is the third."
FOURTH = "Four is the last."
BATCH = f"{FIRST} {SECOND}"
LONG = [f"{name} is a sentence that takes more than three seconds to say." for name in "ABCD"]


class AtOnce(ThreadPoolExecutor):
    """Runs the work of threads at once, so that each run of a story has the same order."""

    def submit(self, work, /, *args, **options):
        done = Future()
        done.set_result(work(*args, **options))
        return done


@contextmanager
def without_threads():
    """Let no thread work for the loop: the steps of a story come in the same order each time.

    Other tests share the loop: they get their threads back.
    """
    loop = asyncio.get_running_loop()
    loop.set_default_executor(AtOnce())
    try:
        yield
    finally:
        loop.set_default_executor(ThreadPoolExecutor())


class Starts:
    """How often speaking has begun."""

    def __init__(self):
        self.count = 0

    def __call__(self):
        self.count += 1


def speaking_of(
    backend,
    speaker,
    *,
    auto_play,
    on_start=lambda: None,
    narration=None,
    patience_s=PATIENCE_S,
    **source,
):
    return Speaking(
        SpeechSource(backend, auto_play, **source),
        SpeechOutput(speaker, on_start),
        narration,
        patience_s=patience_s,
    )


@asynccontextmanager
async def running(speaking):
    """Run `run` beside the test, and end it with the test."""
    task = asyncio.create_task(speaking.run())
    try:
        yield task
        await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def speak_all(text, backend=None, *, auto_play=False, speaker=None, **options):
    """Speak a text that is complete at once; return the summary and the heard words."""

    async def main():
        heard = speaker or FakeSpeaker()
        speaking = speaking_of(backend or FakeBackend(), heard, auto_play=auto_play, **options)
        speaking.text(text)
        speaking.ended("m")
        return await speaking.run(), heard.heard_words

    return await main()


def failing(error, *, after=0, times=99, when=""):
    """Yield speech that fails: `error` is raised (or sent, as bytes) after this many pieces."""
    left = times

    async def speech(request):
        nonlocal left
        broken = left > 0 and when in request.text
        left -= broken
        if broken and isinstance(error, bytes):
            yield error
            return
        count = 0
        async for piece in speak_wav(request):
            if broken and count == after:
                raise error
            count += 1
            yield piece

    return speech
