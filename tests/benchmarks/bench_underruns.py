"""Gaps in a long answer on a busy machine: run by hand, `bench_underruns.py [minutes] [out.json]`.

Two threads of this very process do sums without a rest, and compete with the speaker for Python's
one lock. An answer of ten minutes is spoken sentence by sentence, as WAV and as MP3 in turns, which
come in small pieces; counted is how often the device found nothing to play within it, or was itself
served too late.
"""

# ruff: noqa: E402 - a script: it prints, and finds the project by itself

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import threading
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from bench.sounds import RATE_HZ, flite, load
from fakes import FakeBackend, pieces, wav
from helpers.audio.corpus import with_lameenc
from helpers.sound.sound import sound_desktop

from voice_assistant.sound.speaker import Speaker
from voice_assistant.speech.source import SpeechSource
from voice_assistant.speech.speaking import Speaking, SpeechOutput

SENTENCE = "This is a sentence of an answer that takes its time and does not want to end."
MP3_KBPS = 48
PIECE_BYTES = 1024
"""32 ms of the WAV, 170 ms of the MP3."""


class Kept(Speaker):
    """Keeps what it plays, and so its number of gaps."""

    def play(self, *, prompt=False):
        self.playback = super().play(prompt=prompt)
        return self.playback


def busy(stop: threading.Event) -> None:
    number = 0
    while not stop.is_set():
        number = (number * 1_103_515_245 + 12_345) % 2**31


async def speak(minutes: float) -> dict[str, float]:
    pcm = load(flite(SENTENCE))
    forms = itertools.cycle([wav(pcm), with_lameenc(pcm, RATE_HZ, MP3_KBPS)])

    async def speech(_request):
        for piece in pieces(next(forms), PIECE_BYTES):
            await asyncio.sleep(0)
            yield piece

    speaker = Kept()
    source = SpeechSource(FakeBackend(speech=speech), auto_play=False)  # type: ignore[arg-type]
    speaking = Speaking(source, SpeechOutput(speaker))
    sentence_s = len(pcm) / RATE_HZ
    speaking.text(" ".join([SENTENCE] * int(np.ceil(minutes * 60 / sentence_s))))
    speaking.ended("m")
    summary = await speaking.run()
    assert summary.complete
    return {"seconds": round(summary.seconds, 1), "gaps": speaker.playback.gaps}


def main() -> None:
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    stop = threading.Event()
    threads = [threading.Thread(target=busy, args=(stop,)) for _ in range(2)]
    with sound_desktop():
        for thread in threads:
            thread.start()
        try:
            result = asyncio.run(speak(minutes))
        finally:
            stop.set()
    print(f"{result['gaps']} gaps in {result['seconds']:g} s, beside two busy threads")
    if len(sys.argv) > 2:
        Path(sys.argv[2]).write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
