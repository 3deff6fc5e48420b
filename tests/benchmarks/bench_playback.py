"""From samples to sound and from barge-in to silence: run by hand, `bench_playback.py [out.json]`.

On a sound server of its own, heard at the speaker's monitor. Compared are this speaker, which
opens a stream with its first samples and aborts it, and a stream that always runs and is fed
silence in between. They take turns; shown are medians in milliseconds. The monitor adds the same
to all of them: trust the differences.
"""

# ruff: noqa: E402 - a script: it prints, and finds the project by itself

from __future__ import annotations

import asyncio
import io
import json
import statistics
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from bench.program import find_program
from helpers.sound.sound import sound_desktop

from voice_assistant.sound.output import BLOCK_S
from voice_assistant.sound.speaker import Speaker

if TYPE_CHECKING:
    from bench import Desktop

RATE_HZ = 48_000
ROUNDS = 15
RUNNING_LATENCY_S = 0.1
"""What a stream that is never stopped plays late; less underran."""
LOUD = 100
"""Of 32767: more than that can be heard."""
NOISE = (np.random.default_rng(1).standard_normal(RATE_HZ * 5) * 4000).astype(np.int16)


class Ears:
    """Notes when the monitor turns loud or silent."""

    def __init__(self, desktop: Desktop) -> None:
        options = ["--device=bench_speaker.monitor", "--raw", "--format=s16le", "--channels=1"]
        self._program = subprocess.Popen(
            [find_program("parec"), *options, f"--rate={RATE_HZ}", "--latency-msec=5"],
            env=desktop.env,
            stdout=subprocess.PIPE,
        )
        assert isinstance(self._program.stdout, io.BufferedReader)
        self._sound = self._program.stdout
        self._loud = False
        self._turned = threading.Condition()
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self._program.terminate()
        self._program.communicate()

    def turned(self, *, loud: bool) -> float:
        """Wait until it is loud, or silent; the time."""
        with self._turned:
            assert self._turned.wait_for(lambda: self._loud == loud, timeout=20), "nothing heard"
            return time.monotonic()

    def _listen(self) -> None:
        while block := self._sound.read1(RATE_HZ // 500 * 2):
            samples = np.frombuffer(block[: len(block) // 2 * 2], np.int16)
            with self._turned:
                self._loud = bool(np.abs(samples.astype(int)).max(initial=0) > LOUD)
                self._turned.notify_all()


class Running:
    """A stream that is never stopped."""

    def __init__(self) -> None:
        import sounddevice  # noqa: PLC0415 - with the desktop's sound server

        self._left = np.empty(0, np.int16)
        self._stream = sounddevice.OutputStream(
            samplerate=RATE_HZ,
            blocksize=int(RATE_HZ * BLOCK_S),
            channels=1,
            dtype="int16",
            latency=RUNNING_LATENCY_S,
            callback=self._fill,
        )
        self._stream.start()

    def _fill(self, frames, count, _times, _status) -> None:
        now, self._left = self._left[:count], self._left[count:]
        frames[: len(now), 0] = now
        frames[len(now) :] = 0

    async def play(self) -> None:
        self._left = NOISE

    def abort(self) -> None:
        self._left = np.empty(0, np.int16)

    def close(self) -> None:
        self._stream.close()


class Ours:
    """This project's speaker."""

    def __init__(self) -> None:
        self._playback = Speaker().play()

    async def play(self) -> None:
        self._writing = asyncio.create_task(self._playback.write(NOISE, RATE_HZ))
        await asyncio.sleep(0)

    def abort(self) -> None:
        self._playback.abort()

    def close(self) -> None:
        self.abort()


async def once(way: Ours | Running, ears: Ears) -> tuple[float, float, float]:
    """Seconds to sound, to silence, and for which the loop was held up by `abort`."""
    at = time.monotonic()
    await way.play()
    to_sound_s = await asyncio.to_thread(ears.turned, loud=True) - at
    await asyncio.sleep(0.4)
    at = time.monotonic()
    way.abort()
    held_up_s = time.monotonic() - at
    to_silence_s = await asyncio.to_thread(ears.turned, loud=False) - at
    await asyncio.sleep(0.3)
    return to_sound_s, to_silence_s, held_up_s


async def measure(ears: Ears) -> dict[str, dict[str, float]]:
    times: dict[str, list[tuple[float, float, float]]] = {"this speaker": [], "always running": []}
    for _ in range(ROUNDS):
        for name, way in (("this speaker", Ours()), ("always running", Running())):
            await asyncio.sleep(0.3)
            times[name].append(await once(way, ears))
            way.close()
    heads = ("samples to sound", "abort to silence", "loop held up by abort")
    return {
        name: {
            head: round(statistics.median(values) * 1e3, 2)
            for head, values in zip(heads, zip(*rounds, strict=True), strict=True)
        }
        for name, rounds in times.items()
    }


def main() -> None:
    with sound_desktop() as desktop, closing(Ears(desktop)) as ears:
        results = asyncio.run(measure(ears))
    for name, row in results.items():
        print(f"{name:<16}", "   ".join(f"{head} {value:7.2f} ms" for head, value in row.items()))
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
