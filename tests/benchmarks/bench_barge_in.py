"""Speaking into an answer, in a simulated room: prints a table.

    .venv/bin/python tests/benchmarks/bench_barge_in.py [--minutes N] [--only LINE]

The answer is flite's voice slt; the user is another one, at three levels against the answer's echo.
Shown for each delay and drift of the loudspeaker: how often the assistant interrupted itself within
the answer, how many of the user's words it noticed and after how long, and the CPU time.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from helpers.audio.room import Samples, at_level, echo_of, microphone_of
from helpers.engines.speaking import spoken

from voice_assistant.audio.format import SPEECH_RATE_HZ, Pcm
from voice_assistant.audio.talk_over import talk_over as find_voices

STORY = (
    "Once upon a time there was a small house near the sea. An old fisherman lived there with his"
    " dog. Every morning he went out in his boat, and came back with a basket of fish. One day the"
    " wind was so strong that nobody dared to leave the harbour. What shall we eat tonight, he"
    " asked. The dog looked at him, and ran down to the beach. There it found twelve silver coins,"
    " a rope, and a bottle with a letter in it."
)
COMMANDS = ("stop", "stop it please", "what time is it", "wait a moment", "set a timer", "slower")
VOICES = ("awb", "rms")
SCENES = ((0.02, 0), (0.08, 0), (0.08, 100), (0.2, 0), (0.08, 1000))
"""The delay of the loudspeaker's sound in seconds, and its clock's drift in millionths."""
BLOCK = SPEECH_RATE_HZ // 50
LEAD_S = 0.1
"""How early the canceller gets the loudspeaker's sound, as in `hearing.barge_in`."""


def noticed_at_s(microphone: Pcm, played: Pcm) -> list[float]:
    """Return when somebody was noticed: each time once, in seconds."""
    talk_over = find_voices(loudspeaker=True)
    times: list[float] = []
    early = np.concatenate([played[round(LEAD_S * SPEECH_RATE_HZ) :], np.zeros(BLOCK * 10)])
    for at in range(0, len(microphone) - BLOCK, BLOCK):
        talk_over.feed(microphone[at : at + BLOCK], early[at : at + BLOCK].astype(np.int16))
        now_s = at / SPEECH_RATE_HZ
        if talk_over.user_speaks and (not times or now_s - times[-1] > 2.0):
            times.append(now_s)
    return times


async def users() -> list[Pcm]:
    """Return the commands, without the silence around them."""
    said = [await spoken(words, voice) for words in COMMANDS for voice in VOICES]
    return [pcm[np.flatnonzero(np.abs(pcm) > 300)[0] :] for pcm in said]


def found(echo: Samples, played: Pcm, user: Pcm, level_db: float, seed: int) -> float | None:
    """Return the seconds after which a user was noticed, who speaks once; None if not at all."""
    begin = (5 + seed % 5) * SPEECH_RATE_HZ
    end = begin + len(user) + SPEECH_RATE_HZ // 2
    microphone = microphone_of(echo[:end], at_level(user, begin, echo[:end], level_db), seed)
    after = [s - begin / SPEECH_RATE_HZ for s in noticed_at_s(microphone, played)]
    return next((seconds for seconds in after if seconds > 0), None)


def false_in(played: Pcm, minutes: float, delay_s: float, drift_ppm: float) -> tuple[int, float]:
    """Return how often an answer of so many minutes interrupts itself, and the CPU share."""
    rounds = max(1, round(minutes * 60 * SPEECH_RATE_HZ / len(played)))
    began_s, times = time.process_time(), 0
    for seed in range(rounds):
        echo = echo_of(played, delay_s=delay_s, drift_ppm=drift_ppm, seed=seed + 1)
        times += len(noticed_at_s(microphone_of(echo, np.zeros(len(echo)), seed + 2), played))
    seconds = rounds * len(played) / SPEECH_RATE_HZ
    return times, (time.process_time() - began_s) / seconds


async def main(minutes: float, only: int | None) -> None:
    played = np.concatenate([await spoken(STORY, "slt")] * 2)
    commands = await users()
    print("| delay, drift | interrupted itself | user at 0 dB | -6 dB | -12 dB | CPU |")
    print("|---|--:|--:|--:|--:|--:|")
    for delay_s, drift_ppm in SCENES if only is None else SCENES[only : only + 1]:
        false, cpu = false_in(played, minutes, delay_s, drift_ppm)
        echo = echo_of(played, delay_s=delay_s, drift_ppm=drift_ppm)
        row = []
        for level_db in (0, -6, -12):
            times = [found(echo, played, user, level_db, n) for n, user in enumerate(commands)]
            heard = [seconds for seconds in times if seconds is not None]
            median_s = float(np.median(heard)) if heard else 0.0
            row.append(f"{len(heard)} of {len(times)}, {median_s:.2f} s")
        shown = f"{delay_s * 1000:.0f} ms, {drift_ppm} ppm"
        print(
            f"| {shown} | {false} in {minutes:g} min | {' | '.join(row)} | {cpu:.1%} |", flush=True
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--only", type=int, help="one line of the table, from 0")
    given = parser.parse_args()
    asyncio.run(main(given.minutes, given.only))
