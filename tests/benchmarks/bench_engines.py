"""Memory and time of what the embedded backend hears and speaks with: prints a table.

    .venv/bin/python tests/benchmarks/bench_engines.py [--only voices|backend]

The backend runs as the assistant starts it, in a process of its own. Its memory is the share that
Linux counts for it (Pss), and all that it has mapped, though others use it, too (Rss).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

import numpy as np
import soxr

sys.path.insert(0, str(Path(__file__).parents[1]))

from fakes import wav
from helpers.benchmarks import corpus

from voice_assistant.api.client import Client
from voice_assistant.api.models import ChatRequest, SpeechRequest, Upload
from voice_assistant.audio.stretch import Stretcher
from voice_assistant.backend.embedded_process import EmbeddedServer
from voice_assistant.engines.recognition.recognizer import Recognizer
from voice_assistant.engines.voices.installed import find_voice
from voice_assistant.settings.sections.backend import EmbeddedSettings

SPEEDS = (0.6, 1.0, 1.5, 2.0)
AT_ONCE = 20

TEXTS = (
    "It is a quarter past seven in the evening.",
    "Twelve times seven is eighty four.",
    "The timer for ten minutes is running.",
    "I cannot look things up yet, but I can set timers, do sums, and tell the time.",
)


def memory_mb(pid):
    """Return the share and the whole of the memory that a process uses."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:]}
    return kilobytes["Pss"] / 1024, kilobytes["Rss"] / 1024


def shown(memory):
    return f"{memory[0]:.0f} MB, {memory[1]:.0f} MB mapped"


def cpu_s(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


async def backend():
    clip = (await corpus.by_voices(["set a timer for ten minutes"], ["slt"]))[0].pcm
    long = np.concatenate([one.pcm for one in await corpus.by_voices(corpus.OTHERS)] * 4)
    with tempfile.TemporaryDirectory() as folder:
        async with EmbeddedServer(Path(folder), EmbeddedSettings()) as server:
            await server.ready()
            await asyncio.sleep(4)
            print(f"memory, ready: {shown(memory_mb(server.pid))}")
            async with Client(server.url, server.token, "me") as client:

                async def hear(pcm):
                    begin = time.perf_counter()
                    await client.audio_to_text(Upload(wav(pcm), "a.wav", "audio/wav"))
                    return time.perf_counter() - begin

                waits = [await hear(clip) for _ in range(9)]
                print(
                    f"words of a command of {clip.size / 16000:.1f} s, sent whole: "
                    f"{1000 * statistics.median(waits):.0f} ms"
                )
                firsts = []
                for text in TEXTS * 3:
                    begin = time.perf_counter()
                    async for _ in client.text_to_audio(SpeechRequest(text)):
                        firsts.append(time.perf_counter() - begin)
                        break
                print(f"first sound of a sentence: {1000 * statistics.median(firsts):.0f} ms")
                print(f"memory, after some use: {shown(memory_mb(server.pid))}")
                highest, took = await at_once(client, clip, server.pid)
                print(
                    f"{AT_ONCE} spoken questions at once, answered aloud: {took:.1f} s; memory: "
                    f"{shown(highest)} at most, {shown(memory_mb(server.pid))} then"
                )
                spent = cpu_s(server.pid)
                took = await hear(long)
                print(
                    f"{long.size / 16000:.0f} s of speech: {took:.1f} s, "
                    f"{1000 * (cpu_s(server.pid) - spent) / (long.size / 16000):.0f} ms of CPU "
                    f"per second; memory then: {shown(memory_mb(server.pid))}"
                )
            spent = cpu_s(server.pid)
            await asyncio.sleep(10)
            print(f"idle: {100 * (cpu_s(server.pid) - spent) / 10:.1f} % of a core")


async def at_once(client, clip, pid):
    """The most memory while many people ask and are answered aloud, and the seconds it takes."""

    async def converse():
        heard = await client.audio_to_text(Upload(wav(clip), "a.wav", "audio/wav"))
        async with client.chat(ChatRequest(heard.text)) as stream:
            async for _ in stream:
                pass

    begin = time.perf_counter()
    talks = asyncio.gather(*(converse() for _ in range(AT_ONCE)))
    highest = (0.0, 0.0)
    while not talks.done():
        highest = max(highest, memory_mb(pid))
        await asyncio.sleep(0.02)
    await talks
    return highest, time.perf_counter() - begin


async def voices():
    """CPU of each voice, and the wrong words of a round trip: spoken, and recognised again."""
    texts = (*TEXTS, *corpus.OTHERS)
    async with Recognizer() as recognizer:
        for engine in ("hibari", "flite", "espeak-ng"):
            voice = find_voice(EmbeddedSettings(engine=engine))
            if voice is None:
                continue
            await voice.warm()
            sound_s, begin = 0.0, _all_cpu_s()
            said = [(text, [block async for block in voice.speak(text)]) for text in texts]
            spent = _all_cpu_s() - begin
            sound_s = sum(pcm.size / rate_hz for _, blocks in said for pcm, rate_hz in blocks)
            speeds = [await _wrong_words(said, speed, recognizer) for speed in SPEEDS]
            print(
                f"{voice.name}: {1000 * spent / sound_s:.0f} ms of CPU per second; wrong words"
                + "".join(
                    f", at speed {speed}: {100 * wrong:.1f} %"
                    for speed, wrong in zip(SPEEDS, speeds, strict=True)
                )
            )
        for speed in SPEEDS:
            said = [(text, _at_its_own_speed(text, speed)) for text in texts]
            wrong = await _wrong_words(said, 1.0, recognizer)
            print(f"hibari at a speed of its own, {speed}: {100 * wrong:.1f} % wrong words")


async def _wrong_words(said, speed, recognizer):
    """The share of words that are not understood, where the speech is stretched as answers are."""
    wrong = words = 0
    for text, blocks in said:
        rate_hz = blocks[0][1]
        stretch = Stretcher(rate_hz, speed)
        whole = np.concatenate([pcm for pcm, _ in blocks])
        pcm = np.concatenate([stretch.feed(whole), stretch.finish()])
        heard = await recognizer.recognize(soxr.resample(pcm, rate_hz, corpus.RATE_HZ))
        plain = corpus.plain_words(text)
        wrong += corpus.word_errors(plain, corpus.plain_words(heard.text))
        words += len(plain.split())
    return wrong / words


def _at_its_own_speed(text, speed):
    network = _hibari()
    return [
        ((sound * 32767).astype(np.int16), network.sample_rate)
        for sound in network.stream(text, seed=0, speed=speed)
    ]


@cache
def _hibari():
    import voice_assistant.engines.onnx  # noqa: F401, I001, PLC0415  (before hibari)
    from hibari import Hibari  # noqa: PLC0415

    return Hibari()


def _all_cpu_s():
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


async def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--only", choices=("voices", "backend"), help="measure this alone")
    only = arguments.parse_args().only
    for measure in (voices, backend):
        if only in (None, measure.__name__):
            await measure()


if __name__ == "__main__":
    asyncio.run(main())
