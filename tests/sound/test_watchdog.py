"""What is seen of an open microphone, and what is done about it."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from fakes import FakeProblems
from helpers.sound.fake_sounddevice import Hardware, plugged
from helpers.turns import fake_time

from voice_assistant.errors import MicrophoneError
from voice_assistant.sound import portaudio
from voice_assistant.sound.kept_line import watch
from voice_assistant.sound.microphone import Microphone
from voice_assistant.sound.watchdog import SPINNING, Watchdog

__all__ = ["plugged"]

BLOCK = 320
BLOCK_S = 0.02
BUSY = SPINNING + 0.05


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


def watched(line, *, slept_s=lambda: 0.0):
    """Return why the line was opened again, None if it was not, and how often it worked."""
    ready = []

    async def story():
        async with asyncio.timeout(3.5):
            return await watch(line, Watchdog(line, "", 0.0), lambda: ready.append(1), slept_s)

    try:
        why = fake_time.tell(story())
    except TimeoutError:
        why = None
    return why, len(ready)


def test_a_working_microphone_is_left_alone():
    why, ready = watched(Line())
    assert why is None
    assert ready >= 2


def test_a_microphone_whose_thread_spins_is_opened_again():
    why, _ = watched(Line(cpu_s=0.6))
    assert why == "The microphone uses up the processor"


def test_a_microphone_that_was_open_during_a_suspend_is_opened_again():
    times = iter([0.0, 3600.0])
    why, _ = watched(Line(), slept_s=lambda: next(times))
    assert why == "the machine slept"


def test_a_substitute_is_opened_again_now_and_then_where_devices_are_not_listed():
    why, ready = watched(Line(instead=MicrophoneError("There is no headset")))
    assert (why, ready) == ("There is no headset", 1)


def test_a_microphone_that_stops_delivering_is_opened_again():
    why, ready = watched(Line(problem=MicrophoneError("It is gone")))
    assert why == "It is gone"
    assert not ready


def test_a_microphone_that_never_delivered_is_reported_missing():
    with pytest.raises(MicrophoneError, match="It is gone"):
        watched(Line(delivers=False, problem=MicrophoneError("It is gone")))


def test_a_microphone_that_has_delivered_nothing_yet_is_waited_for():
    assert watched(Line(delivers=False)) == (None, 0)


def test_a_recording_is_never_interrupted():
    line = Line(cpu_s=0.6, problem=MicrophoneError("It is gone"), listener=print)
    assert watched(line) == (None, 0)


def test_a_recording_that_began_after_the_look_is_not_interrupted():
    line = Line()

    class Slow:
        async def look(self):
            line.listener = print
            return MicrophoneError("Another one is better")

    async def story():
        async with asyncio.timeout(1.5):
            await watch(line, Slow(), lambda: None, lambda: 0.0)

    with pytest.raises(TimeoutError):
        fake_time.tell(story())


class Room:
    """Lets every stream that runs hear the same: the time, block by block.

    It has one thread, as PortAudio has one for a stream. No time passes while that computes, nor
    while PortAudio is called: a share of the processor is the same on every machine.

    Args:
        fake: whose streams.
        spinning: so many of them, the first ones, use up `BUSY` of a processor.
    """

    def __init__(self, fake, spinning):
        self._fake = fake
        self._spinning = spinning

    async def run(self):
        with ThreadPoolExecutor(1) as thread:
            for number in range(1, 10_000):
                await asyncio.sleep(BLOCK_S)
                thread.submit(self._deliver, number).result()
                portaudio.submit(bool).result()

    def _deliver(self, number):
        spins = any(not one.closed for one in self._fake.streams[: self._spinning])
        rests_at_s = time.thread_time() + BUSY * BLOCK_S
        while spins and time.thread_time() < rests_at_s:
            pass
        heard = np.full(BLOCK, number, np.int16).tobytes()
        for stream in self._fake.streams:
            if stream.running and not stream.closed:
                stream.callback(heard, BLOCK, None, None)


def recorded(fake, spinning, seconds=3.0):
    """Return the numbers of the recorded blocks, and the problems reported meanwhile."""
    problems = FakeProblems()

    async def story():
        room = asyncio.create_task(Room(fake, spinning).run())
        async with Microphone(problems=problems).capture() as capture:
            asyncio.get_running_loop().call_later(seconds, capture.stop)
            pcm = np.concatenate([block async for block in capture])
        room.cancel()
        await asyncio.wait([room])
        return pcm

    pcm = fake_time.tell(story())
    portaudio.submit(bool).result()
    return pcm[::BLOCK].tolist(), problems.titles


def test_a_recording_leaves_a_spinning_microphone_for_another_and_loses_nothing(plugged):
    fake = plugged(Hardware("Good", rates_hz=(16_000,), channels=(1,)))
    numbers, told = recorded(fake, spinning=1)
    assert told == ["The microphone uses up the processor", None]
    assert len(fake.streams) == 2
    assert all(stream.closed for stream in fake.streams)
    assert numbers == list(range(numbers[0], numbers[-1] + 1)), "each block once, in order"


def test_where_every_one_spins_the_recording_is_not_cut_to_pieces(plugged):
    fake = plugged(Hardware("Bad", rates_hz=(16_000,), channels=(1,)))
    numbers, _ = recorded(fake, spinning=99, seconds=5.0)
    assert len(fake.streams) == 4
    assert numbers == list(range(numbers[0], numbers[-1] + 1))


def test_a_microphone_whose_thread_rests_is_left_alone(plugged):
    fake = plugged(Hardware("Good", rates_hz=(16_000,), channels=(1,)))
    numbers, told = recorded(fake, spinning=0)
    assert (len(fake.streams), told) == (1, [])
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
