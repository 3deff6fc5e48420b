"""From the release to the words: run by hand, `bench_upload.py [results.json] [--quick]`.

Over an uplink of 1 Mbit/s and 80 ms round trip, to a server that recognises in no time, recordings
of 3, 10 and 60 seconds are sent as WAV after the release, as MP3 after the release, and as MP3
while one speaks. To the embedded backend questions are sent after the release and while one speaks.
Speaking takes as long as it takes. All ways take turns, so that whatever else the machine does
hits them alike; shown are medians, and ratios to the first line. Trust the ratios.

The microphone, on a virtual desktop: from the press to the first sample, what the encoder has left
to do at the release, and what a microphone that is always open costs.
"""

# ruff: noqa: E402 - a script: it prints, and finds the project by itself

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from bench import flite, load
from helpers.audio.signals import speech_like
from helpers.benchmarks.uplink import Uplink, through
from helpers.replay import json as reply
from helpers.replay import replay, trace
from helpers.sound.sound import sound_desktop

from voice_assistant.api.client import Client
from voice_assistant.audio.format import SPEECH_RATE_HZ, Pcm
from voice_assistant.backend.link import embedded_server, link_for
from voice_assistant.hearing.archive import Archive
from voice_assistant.hearing.recordings import Recordings
from voice_assistant.settings.schema import Settings
from voice_assistant.settings.sections.hearing import MicrophoneSettings
from voice_assistant.sound.microphone import Microphone

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from voice_assistant.audio.codec.encoder import UploadFormat

QUICK = "--quick" in sys.argv
LENGTHS_S = (3, 10) if QUICK else (3, 10, 60)
ROUNDS = {3: 5, 10: 3, 60: 1}
BLOCK = 320
QUESTIONS = (
    "what is twelve times seven",
    "set a timer for twenty five minutes",
    "how many days until christmas",
    "what is the square root of one hundred and forty four plus nine",
)


class Way:
    """A way to send a recording.

    Args:
        kind: how it is encoded.
        live: it is sent while one speaks.
        warm: the connection was made at the press.
    """

    def __init__(self, kind: UploadFormat, *, live: bool, warm: bool) -> None:
        self.kind = kind
        self.live = live
        self.warm = warm

    async def release_to_words(self, url: str, said: Pcm, folder: Path) -> float:
        """Speak, then: seconds from the release until the words are there."""
        async with Client(url, "app-KEY", "u1") as client:
            if self.warm:
                await client.parameters()
            recordings = Recordings(Archive(folder), self.kind)
            return await spoken(client, said, recordings, live=self.live)


async def spoken(client: Client, said: Pcm, recordings: Recordings, *, live: bool) -> float:
    with recordings.new() as recording:
        asking = None
        if live:
            asking = asyncio.create_task(client.audio_to_text(recording.upload()))
        began_at = time.perf_counter()
        for number, at in enumerate(range(0, len(said), BLOCK), 1):
            ahead_s = began_at + number * BLOCK / SPEECH_RATE_HZ - time.perf_counter()
            if live and ahead_s > 0:  # else nothing happens meanwhile, and nobody has to wait
                await asyncio.sleep(ahead_s)
            recording.write(said[at : at + BLOCK])
        released_at = time.perf_counter()
        recording.finish()
        await (asking or client.audio_to_text(recording.upload()))
        taken_s = time.perf_counter() - released_at
        recording.forget()
    return taken_s


WAYS = {
    "WAV after the release": Way("wav", live=False, warm=False),
    "MP3 after the release": Way("mp3", live=False, warm=True),
    "MP3 while one speaks": Way("mp3", live=True, warm=True),
}


async def over_an_uplink(folder: Path) -> dict[str, dict[str, float]]:
    routes = {
        "POST /audio-to-text": reply(200, {"text": "hello"}),
        "GET /parameters": trace("1.14.0", "get-parameters"),
    }
    uplink = Uplink()
    taken: dict[str, dict[str, float]] = {}
    async with replay(routes) as server, through(server.url, uplink) as url:
        for seconds in LENGTHS_S:
            said = speech_like(SPEECH_RATE_HZ, float(seconds))
            ways = {name: send(way, url, said, folder) for name, way in WAYS.items()}
            taken[f"{seconds} s"] = await in_turns(ways, ROUNDS[seconds])
    return taken


def send(way: Way, url: str, said: Pcm, folder: Path) -> Callable[[], Awaitable[float]]:
    return lambda: way.release_to_words(url, said, folder)


async def in_turns(
    ways: Mapping[str, Callable[[], Awaitable[float]]], rounds: int
) -> dict[str, float]:
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            taken[name].append(await way())
    return {name: statistics.median(times) for name, times in taken.items()}


async def to_the_embedded_backend(folder: Path) -> dict[str, float]:
    async with link_for(Settings(), embedded_server(Settings(), folder)) as link:
        client = await link.connect()
        recordings = Recordings(Archive(folder), link.upload_format)
        questions = [load(flite(question)) for question in QUESTIONS]
        await spoken(client, questions[0], recordings, live=False)  # its models are loaded now

        def ask(said: Pcm, *, live: bool) -> Callable[[], Awaitable[float]]:
            return lambda: spoken(client, said, recordings, live=live)

        taken: dict[str, list[float]] = {"after the release": [], "while one speaks": []}
        for said in questions:
            ways = {name: ask(said, live=name == "while one speaks") for name in taken}
            for name, seconds in (await in_turns(ways, 2 if QUICK else 5)).items():
                taken[name].append(seconds)
    return {name: statistics.median(times) for name, times in taken.items()}


def at_the_release() -> float:
    """Seconds that the encoder takes to end a recording."""
    with tempfile.TemporaryDirectory() as folder:

        async def end() -> float:
            with Recordings(Archive(Path(folder)), "mp3").new() as recording:
                recording.write(speech_like(SPEECH_RATE_HZ, 10.0))
                before = time.thread_time()
                recording.finish()
                return time.thread_time() - before

        return statistics.median(asyncio.run(end()) for _ in range(20))


async def press_to_first_sample(rounds: int = 15) -> float:
    """Seconds from the press to the first sample: its block arrives once it is full."""
    taken = []
    for _ in range(rounds):
        pressed_at = time.perf_counter()
        async with Microphone().capture() as capture:
            block = await anext(capture)
            taken.append(time.perf_counter() - pressed_at - len(block) / SPEECH_RATE_HZ)
    return statistics.median(taken)


async def open_cost(seconds: float) -> float:
    """The share of a core that an open microphone takes, beyond a program that does nothing."""

    async def share() -> float:
        before = sum(os.times()[:4])  # with what it has asked the sound server's own program for
        await asyncio.sleep(seconds)
        return (sum(os.times()[:4]) - before) / seconds

    nothing = await share()
    microphone = Microphone(MicrophoneSettings(pre_roll_s=0.5))
    ready = asyncio.Event()
    running = asyncio.create_task(microphone.run(ready.set))
    await ready.wait()
    open_ = await share()
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    return open_ - nothing


def show(title: str, taken: Mapping[str, float]) -> None:
    base = next(iter(taken.values()))
    print(title)
    for name, seconds in taken.items():
        print(f"  {name:26}{seconds * 1000:9.0f} ms (x{seconds / base:.3f})")


def main(arguments: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        uplink = asyncio.run(over_an_uplink(folder))
        for length, taken in uplink.items():
            show(f"{length}, 1 Mbit/s, 80 ms round trip: from the release to the words", taken)
        embedded = asyncio.run(to_the_embedded_backend(folder))
        show("embedded backend: from the release to the words", embedded)
    left_s = at_the_release()
    with sound_desktop():
        first_s = asyncio.run(press_to_first_sample())
        cost = asyncio.run(open_cost(5.0 if QUICK else 20.0))
    print(f"work left for the encoder at the release: {left_s * 1000:.2f} ms")
    print(f"from the press to the first sample: {first_s * 1000:.0f} ms")
    print(f"a microphone that is always open: {cost * 100:.2f} % of a core")
    result: dict[str, Any] = {
        "release_to_words_ms": {
            length: {name: s * 1000 for name, s in taken.items()}
            for length, taken in {**uplink, "embedded": embedded}.items()
        },
        "encoder_left_ms": left_s * 1000,
        "press_to_first_sample_ms": first_s * 1000,
        "open_microphone_share": cost,
    }
    for argument in arguments:
        if argument != "--quick":
            text = json.dumps(result, indent=2) + "\n"
            Path(argument).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
