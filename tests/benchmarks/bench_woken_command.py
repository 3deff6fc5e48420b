"""How soon a short command after the wake word ends: prints a table.

    .venv/bin/python tests/benchmarks/bench_woken_command.py [--latency SECONDS]

Ten voices say it, in one breath and with a pause after the word, in which a sound tells that the
assistant woke; the microphone hears that sound. All times are those of the sound, from the end of
speech on: the recogniser needs none.
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

from voice_assistant.audio.earcons import end_tones, start_sound, start_tones
from voice_assistant.audio.echo import BandStop, Echo
from voice_assistant.audio.endpointing import Endpointing
from voice_assistant.audio.format import SPEECH_RATE_HZ, Pcm
from voice_assistant.command_words.meaning import Situation, meaning_of
from voice_assistant.engines.recognition.recognizer import Recognizer
from voice_assistant.hearing.end_of_question import Said, judge
from voice_assistant.hearing.listening import Listening
from voice_assistant.hearing.live_words import LiveWords
from voice_assistant.hearing.wake_phrase import without_phrase
from voice_assistant.hearing.wake_sound import WakeSound
from voice_assistant.hearing.wake_word import RecognizedPhrase
from voice_assistant.runtime.hands_free import WAKE_SOUND_OVER_S
from voice_assistant.settings.sections.hearing import MicrophoneSettings

PHRASE = "computer"
BLOCK = SPEECH_RATE_HZ // 50
PAUSE_S = 0.9
SAID = (("Computer, slower.",), ("Computer, stop.",), ("Computer.", "Stop."))
NOW = Situation(answered=True)


def ears() -> Endpointing:
    return Endpointing(without=BandStop([start_tones(), end_tones()], SPEECH_RATE_HZ, 60.0))


class Woken:
    """A microphone that has heard the phrase, and hears the sound that tells of that."""

    silent = False

    def __init__(self, pcm: Pcm, at: int, said: Pcm, live: LiveWords, latency_s: float) -> None:
        self.at = at
        self._pcm, self._said, self._live = pcm.copy(), said, live
        self._latency = round(latency_s * SPEECH_RATE_HZ)
        self.clean = WakeSound(said, ears(), self._play).feed

    def _play(self):
        sound = (start_sound(SPEECH_RATE_HZ) * 0.15).astype(np.int16)
        begin = self.at + self._latency
        self._pcm[begin : begin + len(sound)] += sound
        return Echo([start_tones()], SPEECH_RATE_HZ, WAKE_SOUND_OVER_S, until_heard=True).feed

    @contextlib.asynccontextmanager
    async def capture(self):
        yield self

    def stop(self) -> None:
        self._pcm = self._pcm[: self.at]

    async def __aiter__(self):
        yield self._said
        while self.at + BLOCK <= len(self._pcm):
            self.at += BLOCK
            cleaned = self.clean(self._pcm[self.at - BLOCK : self.at])
            if cleaned.size:
                yield cleaned
                await self._live._taken.wait()
                if self._live._utterance and self._live._utterance._ahead:
                    await asyncio.wait([self._live._utterance._ahead])


async def ends_at_s(recognizer: Recognizer, pcm: Pcm, latency_s: float) -> float | None:
    """Return when the command ends; None if the phrase is not heard."""
    spotter, said, at = RecognizedPhrase(recognizer, PHRASE), None, 0
    while said is None:
        if at + BLOCK > len(pcm):
            return None
        at += BLOCK
        said = await spotter.feed(pcm[at - BLOCK : at])
    live = LiveWords(recognizer)
    microphone = Woken(pcm, at, said, live, latency_s)
    if spotter.goes_on:
        microphone.clean = lambda block: block

    def so_far() -> Said:
        words = without_phrase(live.at_pause, PHRASE, woken=True)
        if live.at_pause and not words:
            return Said.NOTHING
        return judge(words, command=bool(meaning_of(words, NOW)))

    settings = MicrophoneSettings(end_after_silence_s=1.5, tail_s=0.0)
    listening = Listening(microphone, ears(), settings, 100.0, attend_s=6.0, judge=so_far)
    running = asyncio.create_task(live.run())
    async with contextlib.AsyncExitStack() as resources:
        await listening.record(
            NoRecording(live),  # type: ignore[arg-type]  # what listening needs of a recording
            lambda: None,
            resources,
        )
    running.cancel()
    await asyncio.wait([running])
    return microphone.at / SPEECH_RATE_HZ


async def main(latency_s: float) -> None:
    print("| said | woken | ends after, median | at most |\n|---|--:|--:|--:|")
    async with Recognizer() as recognizer:
        await recognizer.load()
        for parts in SAID:
            voices = zip(*[await corpus.everybody(part) for part in parts], strict=True)
            pause = np.zeros(round(PAUSE_S * SPEECH_RATE_HZ))
            ends_s, every = [], 0
            for every, clips in enumerate(voices, start=1):
                first, *others = map(sounding, clips)
                speech = np.concatenate([first, *(x for one in others for x in (pause, one))])
                whole = np.concatenate([np.zeros(16_000), speech, np.zeros(64_000)])
                whole += np.random.default_rng(every).normal(0, 8, len(whole))
                ends = await ends_at_s(recognizer, whole.astype(np.int16), latency_s)
                if ends is not None:
                    ends_s.append(ends - 1.0 - len(speech) / SPEECH_RATE_HZ)
            shown = f"{np.median(ends_s):.2f} s | {max(ends_s):.2f} s"
            print(f"| {' '.join(parts)} | {len(ends_s)} of {every} | {shown} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--latency", type=float, default=0.1, help="of the loudspeaker")
    asyncio.run(main(parser.parse_args().latency))
