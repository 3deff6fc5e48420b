"""How soon a question ends after its last word, and how often a pause cuts it: prints a table.

    .venv/bin/python tests/benchmarks/bench_end_of_question.py [--every N] [--only words]

Questions and commands by several voices, each whole, and once with a pause within. People who give
orders pause within one of five, for 260 ms (median; nine of ten for less than 442 ms); longer
pauses are those of people who think.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from helpers.benchmarks import corpus
from helpers.benchmarks.unrecorded import NoRecording, sounding
from helpers.engines.speaking import spoken

from voice_assistant.audio.endpointing import Endpointing
from voice_assistant.audio.format import SPEECH_RATE_HZ, Pcm
from voice_assistant.engines.recognition.recognizer import Recognizer
from voice_assistant.hearing.end_of_question import Said, judge
from voice_assistant.hearing.listening import Listening
from voice_assistant.hearing.live_words import LiveWords
from voice_assistant.server.skills.grammar import commands
from voice_assistant.settings.sections.hearing import MicrophoneSettings

BLOCK = SPEECH_RATE_HZ // 20
PARTS = (
    ("set a timer for", "ten minutes"),
    ("what is the capital", "of france"),
    ("remind me to call my sister", "at six in the evening"),
    ("how many miles are", "five kilometers"),
    ("please write a letter to", "my landlord about the broken window"),
    ("what should i have", "for dinner tonight"),
    ("who wrote the book about", "the old man and the sea"),
    ("i want to know um", "how far the moon is"),
    ("convert ten pounds to", "kilograms"),
    ("turn on the lights in", "the kitchen"),
)
HUMAN_S = (0.18, 0.22, 0.24, 0.26, 0.28, 0.31, 0.35, 0.44)
"""Pauses as people make them in orders."""
PAUSES_S = {"as people pause": HUMAN_S, "0.6 s": (0.6,), "0.9 s": (0.9,), "1.5 s": (1.5,)}


class Scene:
    """A microphone that hears a scene as fast as the recogniser can follow."""

    silent = False

    def __init__(self, pcm: Pcm, live: LiveWords | None) -> None:
        self.heard_s = 0.0
        self._pcm, self._live = pcm, live

    @contextlib.asynccontextmanager
    async def capture(self):
        yield self

    def stop(self) -> None:
        self._pcm = self._pcm[:0]

    async def __aiter__(self):
        at = 0
        while at + BLOCK <= len(self._pcm):
            yield self._pcm[at : at + BLOCK]
            at += BLOCK
            self.heard_s = at / SPEECH_RATE_HZ
            if live := self._live:
                await live._taken.wait()
                if live._utterance and live._utterance._ahead:
                    await asyncio.wait([live._utterance._ahead])


async def ends_at_s(pcm: Pcm, recognizer: Recognizer | None, silence_s: float = 1.5) -> float:
    """Return when a question that is spoken after a tap ends."""
    live = LiveWords(recognizer) if recognizer else None

    def said() -> Said:
        words = live.at_pause if live else ""
        return judge(words, command=bool(recognizer and recognizer.knows(words)))

    settings = MicrophoneSettings(end_after_silence_s=silence_s, tail_s=0.0)
    scene = Scene(pcm, live)
    listening = Listening(scene, Endpointing(), settings, 100.0, judge=said)
    listening.end_on_silence()
    running = asyncio.create_task(live.run()) if live else None
    async with contextlib.AsyncExitStack() as resources:
        await listening.record(
            NoRecording(live),  # type: ignore[arg-type]  # what listening needs of a recording
            lambda: None,
            resources,
        )
    if running:
        running.cancel()
        await asyncio.wait([running])
    return scene.heard_s


def in_room(*parts: Pcm) -> Pcm:
    """Return sound in a room, with a second before and four after."""
    whole = np.concatenate([np.zeros(16_000), *parts, np.zeros(64_000)])
    hiss = np.random.default_rng(len(whole)).normal(0, 8, len(whole))
    return np.clip(whole + hiss, -32768, 32767).astype(np.int16)


async def waits(texts, ends) -> list[float]:
    """Return the seconds from the end of each text to the end of the question."""
    found = []
    for text in texts:
        for voice in corpus.VOICES:
            pcm = sounding(await spoken(text, voice))
            found.append(await ends(in_room(pcm)) - 1.0 - len(pcm) / SPEECH_RATE_HZ)
    return found


async def cut_off(pauses_s, ends) -> tuple[int, int]:
    """Return how many questions end within a pause, and of how many."""
    cut = of = 0
    for number, (first, second) in enumerate(PARTS):
        for other, voice in enumerate(corpus.VOICES):
            pause_s = pauses_s[(number * len(corpus.VOICES) + other) % len(pauses_s)]
            # The voice goes on, as that of somebody who pauses: a comma, no full stop.
            begin = sounding(await spoken(f"{first},", voice))
            rest = sounding(await spoken(second, voice))
            pause = np.zeros(round(pause_s * SPEECH_RATE_HZ))
            whole_s = 1.0 + (len(begin) + len(pause)) / SPEECH_RATE_HZ
            cut += await ends(in_room(begin, pause, rest)) < whole_s + 0.2
            of += 1
    return cut, of


async def main(every: int, only: str) -> None:
    async with Recognizer(commands) as recognizer:
        await recognizer.load()
        policies = {
            "silence of 1.5 s": lambda pcm: ends_at_s(pcm, None),
            "silence of 0.7 s": lambda pcm: ends_at_s(pcm, None, 0.7),
            "words": lambda pcm: ends_at_s(pcm, recognizer),
        }
        head = " | ".join(f"cut off, {name}" for name in PAUSES_S)
        print(f"| | wait, commands | other questions | all, median | {head} |")
        print("|---|--:|--:|--:|" + "--:|" * len(PAUSES_S))
        for name, ends in policies.items():
            if only not in name:
                continue
            orders = await waits(corpus.COMMANDS[::every], ends)
            others = await waits(corpus.OTHERS[::every], ends)
            row = [np.median(orders), np.median(others), np.median(orders + others)]
            cells = [f"{seconds:.2f} s" for seconds in row]
            for pauses_s in PAUSES_S.values():
                cut, of = await cut_off(pauses_s, ends)
                cells.append(f"{cut} of {of}")
            print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--only", default="", help="a part of the name of a line")
    given = parser.parse_args()
    asyncio.run(main(given.every, given.only))
