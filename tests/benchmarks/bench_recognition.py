"""How well speech is recognised, and how soon after its end: prints tables.

    .venv/bin/python tests/benchmarks/bench_recognition.py [--every N] [--only SPEECH]

Beside the product: its network without the grammar of commands and, where the package is installed,
pocketsphinx with its own language model. Speech by three voices of flite, in the babble of a room,
and by a person where Debian's asterisk-core-sounds-en and its -g722 are installed.
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

from voice_assistant.api.models import Transcript
from voice_assistant.engines.recognition.command_grammar import Commands
from voice_assistant.engines.recognition.recognizer import Recognizer
from voice_assistant.server.skills.grammar import commands
from voice_assistant.server.skills.matcher import Matcher
from voice_assistant.server.skills.words import plain

MATCHER = Matcher()
BLOCK = 3200


def understood(text):
    return MATCHER.match(plain(text)) if text else None


def engines():
    """Name and function of everything that recognises speech."""
    found = {
        "with commands": Recognizer(commands).recognize,
        "free": Recognizer(Commands).recognize,
    }
    try:
        from pocketsphinx import Decoder  # noqa: PLC0415  (to compare with, where it is there)
    except ImportError:
        return found
    decoder = Decoder(loglevel="FATAL", dither=True)

    async def pocketsphinx(pcm):
        decoder.start_utt()
        decoder.process_raw(pcm.tobytes(), full_utt=True)
        decoder.end_utt()
        return Transcript(text=decoder.hyp().hypstr if decoder.hyp() else "")

    return {**found, "pocketsphinx": pocketsphinx}


async def sets(every, only):
    """Name, noise in dB below the speech, and clips; of one kind of speech alone, if `only` it."""
    noise = await corpus.babble()
    spoken = {
        "commands": await corpus.by_voices(corpus.COMMANDS),
        "others": await corpus.by_voices(corpus.OTHERS + corpus.TALK),
        "a person": corpus.by_a_person(),
    }
    for name, clips in ((name, clips) for name, clips in spoken.items() if only in ("", name)):
        for snr_db in (None, 20, 10):
            chosen = clips[::every]
            if snr_db:
                chosen = [
                    corpus.in_noise(clip, noise, snr_db, at) for at, clip in enumerate(chosen)
                ]
            if chosen:
                yield name, snr_db, chosen


async def errors(every, only, found):
    print("| speech | noise | clips | " + " | ".join(found) + " |")
    print("|---|---|--:|" + "--:|" * len(found))
    cpu_s, sound_s = dict.fromkeys(found, 0.0), 0.0
    async for name, snr_db, clips in sets(every, only):
        sound_s += sum(clip.pcm.size for clip in clips) / corpus.RATE_HZ
        cells = []
        for engine, recognize in found.items():
            wrong = words = exact = taken = 0
            for clip in clips:
                begin = time.process_time()
                heard = (await recognize(clip.pcm)).text
                cpu_s[engine] += time.process_time() - begin
                missed = corpus.word_errors(clip.words, corpus.plain_words(heard))
                wrong, words = wrong + missed, words + len(clip.words.split())
                meant = understood(heard)
                exact += meant is not None and meant == understood(clip.words)
                taken += meant is not None
            cell = f"{100 * wrong / words:.1f} %"
            if name == "commands":
                cell += f", {100 * exact / len(clips):.0f} % understood"
            if name == "others":
                cell += f", {taken} taken"
            cells.append(cell)
        noise = f"{snr_db} dB" if snr_db else "none"
        print(f"| {name} | {noise} | {len(clips)} | " + " | ".join(cells) + " |", flush=True)
    spent = (f"{name} {1000 * spent / sound_s:.0f} ms" for name, spent in cpu_s.items())
    print(f"\nCPU per second of speech: {', '.join(spent)}")


async def delays():
    """From the last sample to the words: at once behind the speech, and after a pause."""
    recognizer = Recognizer(commands)
    await recognizer.warm()
    questions = [
        clip
        for text in (
            "what time is it",
            "who won the football world cup",
            "set a timer for ten minutes",
        )
        for clip in await corpus.by_voices([text])
    ]
    for pause_s in (0.0, 1.0):
        waited = []
        for clip in questions:
            pcm = np.append(clip.pcm, np.zeros(int(pause_s * corpus.RATE_HZ), np.int16))
            async with recognizer.utterance() as utterance:
                for at in range(0, pcm.size, BLOCK):
                    await utterance.feed(pcm[at : at + BLOCK])
                    await asyncio.sleep(0.02)
                begin = time.perf_counter()
                await utterance.finish()
                waited.append(1000 * (time.perf_counter() - begin))
            begin = time.perf_counter()
        print(f"last sample to words, {pause_s} s of pause: {np.median(waited):.0f} ms")


async def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--every", type=int, default=1, help="take every Nth clip")
    arguments.add_argument("--only", default="", choices=("commands", "others", "a person"))
    chosen = arguments.parse_args()
    await errors(chosen.every, chosen.only, engines())
    await delays()


if __name__ == "__main__":
    asyncio.run(main())
