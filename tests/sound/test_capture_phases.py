"""The phases of one recording, from the first block to the last."""

from __future__ import annotations

import asyncio
import os

import numpy as np
import pytest
from fakes import FakeProblems, until
from helpers.sound.fake_sounddevice import Hardware, plugged

from voice_assistant.errors import MicrophoneError
from voice_assistant.sound.capture import DeviceCapture
from voice_assistant.sound.capture_phase import TRANSITIONS, Happening, Phase
from voice_assistant.sound.microphone import Microphone

__all__ = ["plugged"]

GOOD = Hardware("Good", rates_hz=(16_000,), channels=(1,))
BLOCK = np.arange(1, 321, dtype=np.int16)


def say(stream):
    stream.callback(BLOCK.tobytes(), len(BLOCK), None, None)


def lose(fake):
    """Pull the plug: the newest stream ends, and there is nothing to open instead."""
    fake.hardware.clear()
    fake.streams[-1].finished_callback()


def phase(capture):
    return repr(capture).removeprefix("<DeviceCapture: ").partition(",")[0]


def test_every_phase_comes_to_an_end_once_the_recording_is_stopped():
    for begin in Phase:
        now = begin
        for happening in (Happening.STOPPED, Happening.TAIL_OVER, Happening.DRAINED):
            now = TRANSITIONS[now].get(happening, now)
        assert now is Phase.ENDED


@pytest.mark.parametrize("happening", Happening)
def test_after_its_end_nothing_begins_again(happening):
    assert happening not in TRANSITIONS[Phase.ENDED]


@pytest.mark.parametrize("begin", [Phase.TAIL, Phase.DRAINING])
@pytest.mark.parametrize("happening", Happening)
def test_a_stopped_capture_is_never_recorded_from_again(begin, happening):
    assert TRANSITIONS[begin].get(happening, begin) not in {Phase.RECORDING, Phase.LOST}


async def test_a_recording_is_recorded_stopped_drained_and_over(plugged):
    fake = plugged(GOOD)
    async with Microphone().capture() as capture:
        phases = [phase(capture)]
        say(fake.streams[-1])
        await anext(capture)
        phases.append(phase(capture))
        capture.stop()
        phases.append(phase(capture))
        say(fake.streams[-1])  # this was on its way
        await until(lambda: phase(capture) == "draining")
        assert np.concatenate([block async for block in capture]).tolist() == BLOCK.tolist()
        phases.append(phase(capture))
    assert phases == ["recording", "recording", "tail", "ended"]
    assert repr(capture) == "<DeviceCapture: ended, 0.0 s>"


async def test_a_recording_that_lost_its_device_goes_on_with_the_first_block_of_another(plugged):
    fake, told = plugged(GOOD), FakeProblems()
    async with Microphone(problems=told).capture() as capture:
        say(fake.streams[-1])
        await anext(capture)
        lose(fake)
        following = asyncio.create_task(anext(capture))
        await until(lambda: phase(capture) == "lost")
        fake.hardware.append(GOOD)
        await until(lambda: len(fake.streams) == 2 and fake.streams[-1].running)
        assert phase(capture) == "lost", "nothing has come of it yet"
        say(fake.streams[-1])
        assert (await following).tolist() == BLOCK.tolist()
        assert phase(capture) == "recording"
    assert told.titles == [
        "The microphone was lost while recording",
        None,
    ]


async def test_a_recording_that_is_stopped_while_its_device_is_away_ends_with_what_it_has(plugged):
    fake = plugged(GOOD)
    async with Microphone().capture() as capture:
        say(fake.streams[-1])
        await anext(capture)
        lose(fake)
        rest = asyncio.create_task(anext(capture, None))
        await until(lambda: phase(capture) == "lost")
        capture.stop()
        async with asyncio.timeout(5):
            assert await rest is None
        assert phase(capture) == "ended"


async def test_a_device_that_goes_with_the_last_words_ends_the_recording(plugged):
    fake = plugged(GOOD)
    async with Microphone().capture() as capture:
        say(fake.streams[-1])
        await anext(capture)
        capture.stop()
        lose(fake)
        async with asyncio.timeout(5):
            assert await anext(capture, None) is None
        assert phase(capture) == "ended"


async def test_a_device_that_goes_before_its_first_block_is_an_error(plugged):
    fake = plugged(GOOD)
    async with Microphone().capture() as capture:
        lose(fake)
        with pytest.raises(MicrophoneError, match="lost"):
            async with asyncio.timeout(5):
                await anext(capture)


class LateAndLost:
    """A line that delivered for a while, long ago, and has ended."""

    label, cpu_s, instead, listener = "a label", 0.0, None, None
    delivers = lost = True
    holds_blocks = False
    patience_s, on_its_way_s, waits_s = -9.0, 0.0, 10.0
    problem = MicrophoneError("It was lost")

    def take(self):
        return None


async def test_for_a_device_that_was_lost_while_the_program_slept_another_one_is_looked_for(
    plugged,
):
    plugged()
    told = []
    capture = DeviceCapture("", told.append)
    capture.join(LateAndLost())
    with pytest.raises(MicrophoneError, match="No microphone was found"):
        async with asyncio.timeout(5):
            await anext(capture)
    assert told == [LateAndLost.problem]


async def test_a_recording_that_is_closed_ends_and_opens_no_device_again(plugged):
    fake = plugged(GOOD)
    microphone = Microphone()
    blocks = []

    async def record():
        async with microphone.capture(long=True) as capture:
            blocks.extend([block async for block in capture])
            return phase(capture)

    recording = asyncio.create_task(record())
    await until(lambda: fake.streams)
    say(fake.streams[-1])
    await until(lambda: blocks or not recording.done())
    assert microphone.kept_open
    microphone.mute(on=True)
    assert await recording == "ended"
    await until(lambda: fake.streams[-1].closed)
    assert len(fake.streams) == 1
    assert not microphone.kept_open


async def test_a_mute_while_the_microphone_is_looked_for_lets_none_be_opened(plugged):
    fake = plugged(GOOD)
    microphone = Microphone(problems=FakeProblems())
    blocks = []

    async def record():
        async with microphone.capture() as capture:
            async for block in capture:
                blocks.append(len(block))  # noqa: PERF401  (seen while it goes on)

    recording = asyncio.create_task(record())
    await until(lambda: fake.streams)
    say(fake.streams[-1])
    await until(lambda: blocks)
    lose(fake)
    await until(lambda: microphone._captures[0]._phase is Phase.LOST)
    microphone.mute(on=True)
    fake.hardware.append(GOOD)
    await recording
    await until(lambda: all(stream.closed for stream in fake.streams))


@pytest.fixture
def hanging(tmp_path, monkeypatch):
    """A `pactl` that fails once, and then hangs; the file that says that it does."""
    first, hangs = tmp_path / "first", tmp_path / "hangs"
    pactl = tmp_path / "pactl"
    pactl.write_text(
        f"#!/bin/sh\n[ -e {first} ] || {{ > {first}; exit 1; }}\n> {hangs}\nsleep 30\n"
    )
    pactl.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    return hangs


async def test_a_sound_server_that_does_not_answer_keeps_no_block_and_no_end_waiting(
    plugged, hanging
):
    fake = plugged(GOOD)
    async with Microphone().capture() as capture:
        say(fake.streams[-1])
        while not hanging.exists():
            say(fake.streams[-1])
            await anext(capture)
            await asyncio.sleep(0.001)
        for _ in range(20):
            say(fake.streams[-1])
        async with asyncio.timeout(1.0):  # half of what the question takes
            for _ in range(10):
                await anext(capture)
            capture.stop()
            assert sum([len(block) async for block in capture]) >= 10 * len(BLOCK)


async def test_a_recording_ends_though_more_comes_than_is_read(plugged):
    fake = plugged(GOOD)
    async with Microphone().capture() as capture:
        say(fake.streams[-1])
        capture.stop()
        read = 0
        async for _ in capture:
            read += 1
            assert read < 1_000_000, "it has an end"
            say(fake.streams[-1])
            say(fake.streams[-1])


async def test_a_follower_that_fails_takes_the_place_of_no_cancellation(plugged):
    fake = plugged(GOOD)
    microphone = Microphone()

    async def record():
        async with microphone.capture(long=True) as capture:
            async for _ in capture:
                pass

    recording = asyncio.create_task(record())
    await until(lambda: fake.streams)

    def fails() -> None:
        raise OSError

    microphone.on_change(fails)
    recording.cancel()
    await asyncio.wait([recording])
    assert recording.cancelled()
    assert not microphone.kept_open
