"""Silence between sentences that are asked for one by one: `bench_waiting.py [out.json]`, by hand.

A provider of speech needs its time for every sentence, however short it is. Spoken are answers with
short sentences, of which the text is there at once; measured is how long nothing is heard after
the first sound and before the last. Beside it: the same where one sentence is made after the other.
"""

# ruff: noqa: E402 - a script: it prints, and finds the project by itself

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from bench.sounds import flite, load
from fakes import FakeBackend, wav
from helpers.sound.sound import sound_desktop

from voice_assistant.sound.speaker import Speaker
from voice_assistant.speech.source import SpeechSource
from voice_assistant.speech.speaking import Speaking, SpeechOutput

LATENCIES_S = (0.5, 1.0, 1.5, 2.0)
LIST = (
    "Sure! Here is a short list of what you may want to buy. Apples. Pears. Milk. Bread. And that "
    "is all there is to say about this for today."
)
ADVICE = (
    "It is twelve past nine. The train leaves at ten. You have some time. Take a coat. "
    "It will rain."
)
WAYS = ("this project", "one after the other")


async def silence_s(answer: str, latency_s: float, way: str) -> float:
    making = asyncio.Lock()
    began_s = 0.0

    async def speech(request):
        async with making if way == WAYS[1] else contextlib.nullcontext():
            pcm = await asyncio.to_thread(lambda: load(flite(request.text)))
            await asyncio.sleep(latency_s)
        yield wav(pcm)

    def begin() -> None:
        nonlocal began_s
        began_s = time.monotonic()

    source = SpeechSource(FakeBackend(speech=speech), auto_play=False)  # type: ignore[arg-type]
    speaking = Speaking(source, SpeechOutput(Speaker(), begin))
    speaking.text(answer)
    speaking.ended("m")
    summary = await speaking.run()
    assert summary.complete
    return time.monotonic() - began_s - summary.seconds


async def measure() -> dict[str, dict[str, float]]:
    """Mean seconds of silence in an answer: by latency, then by way."""
    return {
        f"{latency_s:g}": {
            way: round(
                float(np.mean([await silence_s(one, latency_s, way) for one in (LIST, ADVICE)])), 2
            )
            for way in WAYS
        }
        for latency_s in LATENCIES_S
    }


def main() -> None:
    with sound_desktop():
        results = asyncio.run(measure())
    for latency_s, seconds in results.items():
        told = ", ".join(f"{way}: {silent_s:.2f} s" for way, silent_s in seconds.items())
        print(f"{latency_s} s for a sentence: silence in an answer: {told}")
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
