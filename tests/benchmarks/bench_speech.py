"""From the stream's first audio to sound, and what an answer costs: `bench_speech.py [out.json]`.

Run by hand. Three things, each beside what it is compared with, all in one run:

- From the first piece of audio in an answer's stream to the first sound at the speaker: this
  project; collecting all audio and decoding it with pydub; this project's decoder with a stream
  that always runs. The answer is a real one, its pieces arrive every 30 ms. It begins with 58 ms of
  silence, which only this project leaves out.
- Memory while half an hour is spoken, by asking for it and by one stream that brings it as fast
  as it is spoken: what the process holds after 30 minutes, by what it held after 5.
- The share of the answer's letters that are heard, for every recorded exchange of both versions,
  at the pace at which it came.
"""

# ruff: noqa: E402 - a script: it prints, and finds the project by itself

from __future__ import annotations

import asyncio
import io
import json
import statistics
import sys
import time
import warnings
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from benchmarks.bench_playback import Ears, Running
from e2e.test_every_word import answers, exchange, letters, stream_files
from fakes import FakeBackend, pieces, utter, wav
from helpers.sound.sound import sound_desktop
from helpers.speech.exchanges import FOLDER
from speech.test_bad_speech import Void

from voice_assistant.audio.codec.decoder import SpeechDecoder
from voice_assistant.audio.resampler import Resampler
from voice_assistant.sound.speaker import Speaker
from voice_assistant.speech.source import SpeechSource
from voice_assistant.speech.speaking import Speaking, SpeechOutput
from voice_assistant.text.speakable import speakable

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ROUNDS = 11
ANSWER = (FOLDER / "2.mp3").read_bytes()
GAP_S = 0.03
MIB = 2**20


async def arriving() -> AsyncIterator[bytes]:
    for piece in pieces(ANSWER):
        yield piece
        await asyncio.sleep(GAP_S)


class Ours:
    """Speaks while it arrives."""

    async def play(self) -> None:
        source = SpeechSource(FakeBackend(), auto_play=True)  # type: ignore[arg-type]
        speaking = Speaking(source, SpeechOutput(Speaker()))
        self._task = asyncio.create_task(speaking.run())
        async for piece in arriving():
            speaking.audio(piece)

    def close(self) -> None:
        self._task.cancel()


class Collecting:
    """Waits for all of it, has pydub decode it, and plays it."""

    async def play(self) -> None:
        data = b"".join([piece async for piece in arriving()])
        segment = AudioSegment.from_file(io.BytesIO(data)).set_channels(1)
        self._playback = Speaker().play()
        pcm = np.array(segment.get_array_of_samples(), np.int16)
        await self._playback.write(pcm, segment.frame_rate)

    def close(self) -> None:
        self._playback.abort()


class AlwaysRunning(Running):
    """Decodes while it arrives, into a stream that is never stopped."""

    async def play(self) -> None:
        decoder, resampler = SpeechDecoder(), Resampler(24_000, 48_000)
        async for piece in arriving():
            for sound in decoder.feed(piece):
                self._left = np.concatenate((self._left, resampler.feed(sound.pcm)))


async def to_sound(ears: Ears) -> dict[str, float]:
    """Median milliseconds from the first piece to the first sound."""
    times: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for name, kind in (
            ("this project", Ours),
            ("collect all, pydub", Collecting),
            ("always running", AlwaysRunning),
        ):
            way = kind()
            await asyncio.sleep(0.4)
            began_s = time.monotonic()
            playing = asyncio.create_task(way.play())
            played_s = await asyncio.to_thread(ears.turned, loud=True)
            times.setdefault(name, []).append((played_s - began_s) * 1000)
            await playing
            way.close()
            await asyncio.to_thread(ears.turned, loud=False)
    return {name: round(statistics.median(values), 1) for name, values in times.items()}


def resident_bytes() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))


async def memory(*, stream: bool) -> dict[str, float]:
    """MiB held after 5 and after 30 minutes of speech, at 24 kHz."""
    minute = np.resize(utter("A sentence, said for a while."), 24_000 * 60)
    speaker = Void()

    async def speech(_request):
        for piece in pieces(wav(minute, 24_000), 65_536):
            yield piece

    source = SpeechSource(FakeBackend(speech=speech), auto_play=stream)  # type: ignore[arg-type]
    speaking = Speaking(source, SpeechOutput(speaker))
    speaking.text("One more minute of it. " * 30)
    task = asyncio.create_task(speaking.run())
    held = {}
    if stream:
        speaking.audio(wav(minute[:0], 24_000)[:40] + b"\xff\xff\xff\xff")
    else:
        speaking.ended("m")
    for now in range(1, 31):
        if stream:
            speaking.audio(minute.tobytes())
        while speaker.played_s < now * 60 - 5 and not task.done():
            await asyncio.sleep(0.001)
        if now in {5, 30}:
            held[f"{now} min"] = round(resident_bytes() / MIB, 1)
    speaking.ended("m")
    await task
    return held


async def coverage(desktop) -> dict[str, float]:
    """The share of each answer's letters that were heard, as text of what was spoken."""
    shares = {}
    for told in await asyncio.gather(*(exchange(desktop, *one) for one in answers())):
        answer = letters(speakable(told.answer))
        streamed = "".join(letters(text) for text, _ in stream_files(told))
        streamed *= told.spoken.stream_s > 0
        heard = len(streamed) * answer.startswith(streamed)
        asked = letters("".join(told.asked))
        heard += len(asked) * answer.endswith(asked)
        shares[told.name] = min(1.0, heard / len(answer)) if answer else 1.0
    return shares


def main() -> None:
    with sound_desktop() as desktop:
        with closing(Ears(desktop)) as ears:
            first = asyncio.run(to_sound(ears))
        shares = asyncio.run(coverage(desktop))
    held = {
        "asked for": asyncio.run(memory(stream=False)),
        "in the stream": asyncio.run(memory(stream=True)),
    }
    base = first["this project"]
    for name, value in first.items():
        print(f"{name:<20}{value:8.1f} ms to sound   this project takes x{base / value:.3f}")
    for name, row in held.items():
        print(f"{name:<20}{row}   x{row['30 min'] / row['5 min']:.2f}")
    print(f"heard of {len(shares)} answers: at least {min(shares.values()):.3f}")
    if len(sys.argv) > 1:
        results = {
            "to_sound_ms": first,
            "memory_mib": held,
            "coverage": shares,
        }
        Path(sys.argv[1]).write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
