"""What is seen of an open microphone, and what is done about it."""

from __future__ import annotations

import asyncio
import threading
import time

import numpy as np
import pytest
from fakes import FakeProblems, until
from helpers.sound.fake_sounddevice import Hardware, plugged

from voice_assistant.errors import MicrophoneError
from voice_assistant.sound.microphone import Microphone, watch
from voice_assistant.sound.watchdog import Watchdog

__all__ = ["plugged"]

BLOCK = 320
BLOCK_S = 0.02


class Line:
    """A microphone that lets a look at it pass by asking for the time its thread has used."""

    label = "a label that no stream bears"
    outdone = False

    def __init__(
        self,
        *,
        cpu_s=0.01,
        delivers=True,
        silent=False,
        problem=None,
        listener=None,
        instead=None,
    ):
        self.instead = instead
        self.delivers = delivers
        self.silent = silent
        self.problem = problem
        self.listener = listener
        self.looks = 0
        self._cpu_s = cpu_s

    @property
    def cpu_s(self):
        self.looks += 1
        return self._cpu_s * self.looks


async def watched(line, *, seconds=3.5, slept_s=lambda: 0.0):
    """Return why the line was opened again, None if it was not, and how often it worked."""
    ready = []
    try:
        async with asyncio.timeout(seconds):
            why = await watch(line, Watchdog(line, "", 0.0), lambda: ready.append(1), slept_s)
    except TimeoutError:
        why = None
    return why, len(ready)


async def test_a_working_microphone_is_left_alone():
    why, ready = await watched(Line())
    assert why is None
    assert ready >= 2


async def test_a_microphone_whose_thread_spins_is_opened_again():
    why, _ = await watched(Line(cpu_s=0.6))
    assert why == "The microphone uses up the processor"


async def test_a_microphone_that_was_open_during_a_suspend_is_opened_again():
    times = iter([0.0, 3600.0])
    why, _ = await watched(Line(), slept_s=lambda: next(times))
    assert why == "the machine slept"


async def test_a_substitute_is_opened_again_now_and_then_where_devices_are_not_listed():
    why, ready = await watched(Line(instead=MicrophoneError("There is no headset")))
    assert (why, ready) == ("There is no headset", 1)


async def test_a_microphone_that_stops_delivering_is_opened_again():
    why, ready = await watched(Line(problem=MicrophoneError("It is gone")))
    assert why == "It is gone"
    assert not ready


async def test_a_microphone_that_never_delivered_is_reported_missing():
    with pytest.raises(MicrophoneError, match="It is gone"):
        await watched(Line(delivers=False, problem=MicrophoneError("It is gone")))


async def test_a_microphone_that_has_delivered_nothing_yet_is_waited_for():
    assert await watched(Line(delivers=False)) == (None, 0)


async def test_a_recording_is_never_interrupted():
    line = Line(cpu_s=0.6, problem=MicrophoneError("It is gone"), listener=print)
    assert await watched(line) == (None, 0)


async def test_a_recording_that_began_after_the_look_is_not_interrupted():
    line = Line()

    class Slow:
        async def look(self):
            line.listener = print
            return MicrophoneError("Another one is better")

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.5):
            await watch(line, Slow(), lambda: None, lambda: 0.0)


class Room(threading.Thread):
    """Lets every stream that runs hear the same: the time, block by block.

    Args:
        fake: whose streams.
        spinning: so many of them, the first ones, never rest between their blocks.
    """

    def __init__(self, fake, spinning):
        super().__init__(daemon=True)
        self._fake = fake
        self._spinning = spinning
        self._began_s = time.monotonic()
        self.over = threading.Event()

    def run(self):
        for number in range(1, 10_000):
            ends_s = self._began_s + number * BLOCK_S
            heard = np.full(BLOCK, number, np.int16).tobytes()
            streams = [stream for stream in self._fake.streams if stream.running]
            spins = any(not one.closed for one in self._fake.streams[: self._spinning])
            while spins and time.monotonic() < ends_s:
                pass
            if self.over.wait(max(0.0, ends_s - time.monotonic())):
                return
            for stream in streams:
                if not stream.closed:
                    stream.callback(heard, BLOCK, None, None)


async def recorded(fake, spinning, seconds=3.0):
    """Return the numbers of the recorded blocks, and the problems reported meanwhile."""
    problems = FakeProblems()
    room = Room(fake, spinning)
    room.start()
    try:
        async with Microphone(problems=problems).capture() as capture:
            asyncio.get_running_loop().call_later(seconds, capture.stop)
            pcm = np.concatenate([block async for block in capture])
    finally:
        room.over.set()
        room.join(10)
    return pcm[::BLOCK].tolist(), problems.titles


async def test_a_recording_leaves_a_spinning_microphone_for_another_and_loses_nothing(plugged):
    fake = plugged(Hardware("Good", rates_hz=(16_000,), channels=(1,)))
    numbers, told = await recorded(fake, spinning=1)
    assert told == ["The microphone uses up the processor", None]
    await until(lambda: all(stream.closed for stream in fake.streams))
    assert len(fake.streams) == 2
    assert numbers == list(range(numbers[0], numbers[-1] + 1)), "each block once, in order"


async def test_where_every_one_spins_the_recording_is_not_cut_to_pieces(plugged):
    fake = plugged(Hardware("Bad", rates_hz=(16_000,), channels=(1,)))
    numbers, _ = await recorded(fake, spinning=99, seconds=6.0)
    assert len(fake.streams) <= 4  # fewer on a machine that is busy itself, where nobody can spin
    assert numbers == list(range(numbers[0], numbers[-1] + 1))


async def test_a_microphone_whose_thread_rests_is_left_alone(plugged):
    fake = plugged(Hardware("Good", rates_hz=(16_000,), channels=(1,)))
    numbers, told = await recorded(fake, spinning=0, seconds=2.5)
    assert (len(fake.streams), told) == (1, [])
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
