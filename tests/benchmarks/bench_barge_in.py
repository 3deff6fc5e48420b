"""Speaking into an answer, in a simulated room: prints a table.

    .venv/bin/python tests/benchmarks/bench_barge_in.py [--minutes N] [--only LINE] [--say WORDS]
        [--into SECONDS] [--voice hibari|slt|rms|awb] [--peak LEVEL] [--stumbles N]

Answers are spoken by hibari, one after the other; when each begins is known to 25 ms. Into some of
them somebody (ten voices) says "stop", after 4 to 9 s, as loud as the answer's echo, or 6 dB
softer; the answer pauses as soon as somebody was noticed. Shown for each delay and drift of the
loudspeaker: how often the assistant interrupted itself, how many words it noticed, and after how
long, counted from their beginning, how many it understood, and the CPU time. The first answer is
not counted: it teaches the room.

With `--stumbles` nobody speaks: the sound server stumbles N times for each kind, by a gap or by the
same samples again. Shown is how often somebody was noticed, and how often a command was heard.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import sys
import time
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from helpers.audio.room import at_level, echo_of, microphone_of
from helpers.benchmarks import corpus
from helpers.engines.speaking import spoken

from voice_assistant.audio.clock_drift import EARLY_S
from voice_assistant.audio.echo_canceller import EchoCanceller
from voice_assistant.audio.format import SPEECH_RATE_HZ, Pcm
from voice_assistant.audio.talk_over import TalkOver
from voice_assistant.command_words.meaning import Situation, meaning_of
from voice_assistant.command_words.spoken import spoken_over_answers
from voice_assistant.engines.recognition.recognizer import Recognizer
from voice_assistant.hearing.barge_in import BEFORE_S

SCENES = ((0.08, 0), (0.02, 30), (0.2, 0), (0.08, 100), (0.08, 1000))
"""The delay of the loudspeaker's sound in seconds, and its clock's drift in millionths."""
LEVELS_DB = (0, -6)
ANSWER_S = 12
SILENCE = SPEECH_RATE_HZ // 2
"""Samples of silence before each answer."""
BLOCK = SPEECH_RATE_HZ // 50
EARLY = round(EARLY_S * SPEECH_RATE_HZ)
UNKNOWN = 400
"""Samples by which the beginning of an answer may be wrong."""
PAUSED = round(0.06 * SPEECH_RATE_HZ)
"""Samples that the loudspeaker still plays of an answer that pauses."""
STUMBLES_S = (0.01, 0.02, 0.04, 0.06, 0.09, 0.12, 0.15, 0.2)
BESIDE_STOP = (
    "that's",
    "all",
    "enough",
    "shut",
    "up",
    "hold",
    "hang",
    "on",
    "wait",
    "pause",
    "it",
    "no",
)
"""Words that stop as well."""


class Trial(NamedTuple):
    """What became of one word.

    Attributes:
        level_db: how loud it was.
        noticed_s: after how many seconds somebody was noticed; None: not at all.
        words: what was heard.
    """

    level_db: float
    noticed_s: float | None
    words: str


class Scene:
    """A room in which the assistant speaks, and somebody may interrupt it."""

    def __init__(
        self, delay_s: float, drift_ppm: float, recognizer: Recognizer, into_s: float | None
    ) -> None:
        self._into_s = into_s
        self._delay_s, self._drift_ppm = delay_s, drift_ppm
        self._recognizer = recognizer
        self._talk_over = TalkOver(EchoCanceller())
        self._random = np.random.default_rng(1)

    def _echo(self, played: Pcm):
        return echo_of(played, delay_s=self._delay_s, drift_ppm=self._drift_ppm)

    def _begin(self, played: Pcm) -> Pcm:
        """Return what the assistant knows of the loudspeaker's sound, and when."""
        self._talk_over.restart()
        late = EARLY + int(self._random.integers(-UNKNOWN, UNKNOWN))
        return np.concatenate([played[late:], np.zeros(late, np.int16)])

    def alone(self, played: Pcm) -> int:
        """Return how often an answer interrupts itself."""
        far, times, last = self._begin(played), 0, -SPEECH_RATE_HZ
        near = microphone_of(self._echo(played), np.zeros(len(played)))
        for at in range(0, len(near) - BLOCK, BLOCK):
            self._talk_over.feed(near[at : at + BLOCK], far[at : at + BLOCK])
            if self._talk_over.user_speaks:
                times += at - last > SPEECH_RATE_HZ
                last = at
        return times

    async def stumbles(self, played: Pcm, *, again: bool) -> str | None:
        """Return what is heard where the loudspeaker stumbles; None if nobody is noticed."""
        far = self._begin(played)
        at = SILENCE + int(self._random.uniform(3, 9) * SPEECH_RATE_HZ)
        gap = round(float(self._random.choice(STUMBLES_S)) * SPEECH_RATE_HZ)
        between = played[at - gap : at] if again else np.zeros(gap, np.int16)
        late = np.concatenate([played[:at], between, played[at:]])[: len(played)]
        near, heard = microphone_of(self._echo(late), np.zeros(len(late))), []
        noticed, end = None, len(near) - BLOCK
        for begin in range(0, len(near) - BLOCK, BLOCK):
            if begin >= end:
                break
            heard.append(self._talk_over.feed(near[begin:][:BLOCK], far[begin:][:BLOCK]))
            if self._talk_over.user_speaks and noticed is None:
                noticed, end = begin + BLOCK, begin + round(1.2 * SPEECH_RATE_HZ)
                far = far.copy()
                late[noticed + PAUSED :], far[max(0, noticed + PAUSED - EARLY) :] = 0, 0
                near = microphone_of(self._echo(late), np.zeros(len(late)))
        return None if noticed is None else await self._words(heard, noticed)

    async def _words(self, heard: list[Pcm], noticed: int) -> str:
        """Return the words of what was heard, from just before somebody was noticed."""
        sound = np.concatenate(heard)[max(0, noticed - round(BEFORE_S * SPEECH_RATE_HZ)) :]
        async with self._recognizer.utterance(spoken_over_answers()) as utterance:
            await utterance.feed(sound)
            return (await utterance.finish()).text

    async def interrupted(self, played: Pcm, user: Pcm, level_db: float) -> Trial:
        """Return what becomes of a word that is said into an answer."""
        far = self._begin(played)
        into_s = self._random.integers(4, 9) if self._into_s is None else self._into_s
        begin = SILENCE + int(into_s * SPEECH_RATE_HZ)
        echo = self._echo(played)
        said = at_level(user, begin, echo, level_db)
        end = begin + len(user) + SPEECH_RATE_HZ
        near, heard = microphone_of(echo, said), []
        noticed = None
        for at in range(0, end, BLOCK):
            clean = self._talk_over.feed(near[at : at + BLOCK], far[at : at + BLOCK])
            heard.append(clean)
            if self._talk_over.user_speaks and noticed is None and at + BLOCK > begin:
                noticed = at + BLOCK
                paused = noticed + PAUSED
                played, far = played.copy(), far.copy()
                played[paused:], far[max(0, paused - EARLY) :] = 0, 0
                near = microphone_of(self._echo(played), said)
        if noticed is None:
            return Trial(level_db, None, "")
        words = await self._words(heard, noticed)
        return Trial(level_db, (noticed - begin) / SPEECH_RATE_HZ, words)


def understood(words: str, said: str) -> bool:
    heard = corpus.plain_words(words).split()
    return bool(heard) and set(heard) <= {*said.split(), *(BESIDE_STOP if said == "stop" else ())}


async def answers(voice: str, peak: int) -> itertools.cycle[Pcm]:
    """Return answers of `ANSWER_S` in a voice, without end; the loudest sample is `peak`."""
    texts = [f"{text.capitalize()}." for text in corpus.OTHERS]
    say = corpus.by_hibari if voice == "hibari" else partial(spoken, voice=voice)
    whole = np.concatenate([await say(text) for text in texts]).astype(float)
    whole *= peak / np.abs(whole).max()
    length = ANSWER_S * SPEECH_RATE_HZ
    pieces = [whole[at : at + length] for at in range(0, len(whole) - length, length // 3)]
    return itertools.cycle([np.pad(piece, (SILENCE, 0)).astype(np.int16) for piece in pieces])


async def stumbling(coming: itertools.cycle[Pcm], recognizer: Recognizer, times: int) -> None:
    """Print what becomes of stumbles of the sound server."""
    now = Situation(answering=True, answered=True)
    print("| delay, drift | stumbles | noticed | commands |\n|---|---|--:|--:|")
    for delay_s, drift_ppm in SCENES:
        for again in (False, True):
            scene = Scene(delay_s, drift_ppm, recognizer, None)
            scene.alone(next(coming))
            words = [await scene.stumbles(next(coming), again=again) for _ in range(times)]
            noticed = [said for said in words if said is not None]
            commands = [said for said in noticed if said and meaning_of(said, now)]
            shown, kind = f"{delay_s * 1000:.0f} ms, {drift_ppm} ppm", "again" if again else "a gap"
            print(f"| {shown} | {kind} | {len(noticed)} of {times} | {len(commands)} |", flush=True)


async def main(given: argparse.Namespace) -> None:
    minutes, only, say = given.minutes, given.only, given.say
    coming = await answers(given.voice, given.peak)
    users = [pcm[np.flatnonzero(np.abs(pcm) > 300)[0] :] for pcm in await corpus.everybody(say)]
    heads = [f"noticed, {level_db} dB | understood" for level_db in LEVELS_DB]
    async with Recognizer() as recognizer:
        await recognizer.load()
        if given.stumbles:
            await stumbling(coming, recognizer, given.stumbles)
            return
        print(f"| delay, drift | interrupted itself | {' | '.join(heads)} | CPU |")
        print("|---|--:|" + "--:|" * 5)
        for delay_s, drift_ppm in SCENES if only is None else SCENES[only : only + 1]:
            scene = Scene(delay_s, drift_ppm, recognizer, given.into)
            began_s = time.process_time()
            scene.alone(next(coming))
            alone = round(minutes * 60 / ANSWER_S)
            false = sum(scene.alone(next(coming)) for _ in range(alone))
            cpu = (time.process_time() - began_s) / ((alone + 1) * ANSWER_S)
            row, missed = [], []
            for level_db in LEVELS_DB:
                trials = [await scene.interrupted(next(coming), user, level_db) for user in users]
                times = [trial.noticed_s for trial in trials if trial.noticed_s is not None]
                right = [trial for trial in trials if understood(trial.words, say)]
                missed += [trial.words for trial in trials if trial not in right]
                row.append(f"{len(times)} of {len(trials)}, {np.median(times or [0]):.2f} s")
                row[-1] += f", at most {max(times or [0]):.2f} s | {len(right)}"
            shown = f"{delay_s * 1000:.0f} ms, {drift_ppm} ppm"
            line = f"| {shown} | {false} in {minutes:g} min | {' | '.join(row)} | {cpu:.1%} |"
            print(line, missed, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--only", type=int, help="one line of the table, from 0")
    parser.add_argument("--say", default="stop")
    parser.add_argument("--into", type=float, help="seconds of an answer; by default 4 to 9")
    parser.add_argument("--voice", default="hibari", help="of the answers")
    parser.add_argument("--peak", type=int, default=20_000, help="their loudest sample")
    parser.add_argument("--stumbles", type=int, default=0, help="of the sound server, of each kind")
    asyncio.run(main(parser.parse_args()))
