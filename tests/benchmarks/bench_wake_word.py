"""What wakes the assistant, what should not, and what the waiting costs: prints tables.

    .venv/bin/python tests/benchmarks/bench_wake_word.py [--minutes N]

The wake word is said by flite, espeak-ng and hibari, clean and in the babble of a room. What should
not wake it: a person's announcements and music, where Debian's asterisk-core-sounds-en-g722 and
asterisk-moh-opsound-g722 are installed, sentences of several voices, phrases that sound alike, and
answers of the assistant itself.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from helpers.benchmarks import corpus

from voice_assistant.audio.format import SPEECH_RATE_HZ, Pcm
from voice_assistant.engines.recognition.recognizer import Recognizer
from voice_assistant.hearing.wake_word import RecognizedPhrase

BLOCK = SPEECH_RATE_HZ // 20
PAUSE = np.zeros(SPEECH_RATE_HZ * 7 // 10, np.int16)
PASSAGES = (0, 100, 200)
"""Seeds of the passages of the babble."""
PHRASE = "computer"
SAID = ("Computer.", "Computer, what time is it?", "Computer set a timer for ten minutes.")
ALIKE = (
    "The commuter was late. Commuters wait. My computer is slow. I bought a computer yesterday.",
    "Compare it. Complete it. Come to her. Can you do it? Compute the sum. Come pewter, come gold.",
    "Company, please. Compost for the garden. Composer of the year. The computer is new.",
)
ANSWERS = (
    "It is a quarter past seven. The timer for ten minutes is set. 12 times 7 is 84.",
    "I know the time, dates, sums, units, timers and lists. I do not know the answer to that.",
    "A computer is a machine that follows instructions. Your computer has 16 gigabytes of memory.",
)


def in_room(pcm: Pcm, seed: int = 0, level: float = 8.0) -> Pcm:
    """Return speech with a second of the room around it, and the room's hiss."""
    around = np.zeros(SPEECH_RATE_HZ)
    whole = np.concatenate([around, pcm, around])
    hiss = np.random.default_rng(seed).normal(0, level, len(whole))
    return np.clip(whole + hiss, -32768, 32767).astype(np.int16)


async def wakes(recognizer: Recognizer, sound: Pcm) -> int:
    """Return how often that wakes."""
    times, spotter = 0, RecognizedPhrase(recognizer, PHRASE)
    for at in range(0, len(sound), BLOCK):
        if await spotter.feed(sound[at : at + BLOCK]) is not None:
            times += 1
            spotter = RecognizedPhrase(recognizer, PHRASE)
    return times


async def missed(recognizer: Recognizer) -> None:
    noise = await corpus.babble()
    print("| said | missed, clean | missed, 20 dB | missed, 10 dB |\n|---|--:|--:|--:|")
    for text in SAID:
        voices = [
            corpus.Clip(text, in_room(pcm, n)) for n, pcm in enumerate(await corpus.everybody(text))
        ]
        row = []
        for snr_db in (None, 20, 10):
            clips = [
                one if snr_db is None else corpus.in_noise(one, noise, snr_db, n + passage)
                for passage in (PASSAGES if snr_db else PASSAGES[:1])
                for n, one in enumerate(voices)
            ]
            woken = [await wakes(recognizer, clip.pcm) > 0 for clip in clips]
            row.append(f"{len(woken) - sum(woken)} of {len(woken)}")
        print(f"| {text} | {' | '.join(row)} |", flush=True)


async def others(minutes: float) -> dict[str, Pcm]:
    """Return what should not wake it, by name, each at most so long."""
    most = round(minutes * 60 * SPEECH_RATE_HZ)

    def joined(pieces) -> Pcm:
        parts, total = [PAUSE], 0
        for piece in pieces:
            parts += [piece, PAUSE]
            total += len(piece) + len(PAUSE)
            if total > most:
                break
        return np.concatenate(parts)[:most]

    announcements = sorted(Path("/usr/share/asterisk/sounds").rglob("*.g722"))
    music = sorted(Path("/usr/share/asterisk/moh").glob("*.g722"))
    sentences = [*corpus.OTHERS, *corpus.COMMANDS]
    quiet = np.random.default_rng(1).normal(0, 8, min(most, 120 * SPEECH_RATE_HZ))
    return {
        "quiet room": quiet.astype(np.int16),
        "a person": joined(corpus.g722(file) for file in announcements),
        "music": joined(corpus.g722(file) for file in music),
        "sentences": joined([clip.pcm for clip in await corpus.by_voices(sentences)]),
        "sounds alike": joined([pcm for text in ALIKE for pcm in await corpus.everybody(text)]),
        "own answers": joined([await corpus.by_hibari(text) for text in ANSWERS]),
    }


async def main(minutes: float) -> None:
    async with Recognizer() as recognizer:
        await recognizer.load()
        await missed(recognizer)
        print("\n| heard | minutes | woken | CPU of a core |\n|---|--:|--:|--:|")
        for name, sound in (await others(minutes)).items():
            began_s = time.process_time()
            times = await wakes(recognizer, sound)
            seconds = len(sound) / SPEECH_RATE_HZ
            cpu = (time.process_time() - began_s) / seconds
            print(f"| {name} | {seconds / 60:.1f} | {times} | {cpu:.1%} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=60.0)
    asyncio.run(main(parser.parse_args().minutes))
