"""The microphone, on a real sound server."""

from __future__ import annotations

import asyncio
import subprocess

import numpy as np
import pytest
from bench import contains, flite, load
from bench.program import find_program
from desktop.sound import sound_desktop

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.desktop.microphone import Microphone
from voice_assistant.errors import MicrophoneError

SENTENCE = "What time is it now?"


@pytest.fixture
def desktop():
    with sound_desktop() as desktop:
        yield desktop


@pytest.fixture
def speech():
    return flite(SENTENCE)


async def record(capture, blocks=None):
    """All blocks of a capture, also in `blocks` while it lasts."""
    blocks = [] if blocks is None else blocks
    async for block in capture:
        blocks.append(block)
    return np.concatenate(blocks) if blocks else np.empty(0, np.int16)


async def stop_when_said(desktop, capture, wav):
    """Speak into the microphone, then let go of the key."""
    await asyncio.to_thread(desktop.speak_into_microphone, wav)
    capture.stop(tail_s=0.2)


def test_what_is_said_is_recorded_whole(desktop, speech):
    async def run():
        async with Microphone().capture() as capture:
            said = asyncio.create_task(stop_when_said(desktop, capture, speech))
            recorded = await record(capture)
            await said
            return recorded, capture.silent

    recorded, silent = asyncio.run(run())

    assert contains(recorded, load(speech), at_least=0.97, share=1.0)
    assert not silent


def test_the_capture_ends_with_its_tail(desktop):
    async def run():
        async with Microphone().capture() as capture:
            blocks = []
            recording = asyncio.create_task(record(capture, blocks))
            while not blocks:
                await asyncio.sleep(0.01)
            before = sum(map(len, blocks))
            capture.stop(tail_s=0.5)
            capture.stop(tail_s=60)
            recorded = await recording
            assert [block async for block in capture] == [], "it does not begin anew"
            return (len(recorded) - before) / SPEECH_RATE_HZ

    assert 0.45 < asyncio.run(run()) < 1.0


def test_blocks_are_short_so_that_they_can_be_sent_while_one_speaks(desktop):
    async def run():
        async with Microphone().capture() as capture:
            return [len(await anext(capture)) for _ in range(10)]

    assert set(asyncio.run(run())) == {320}


def test_a_muted_microphone_is_known_by_its_silence(desktop, speech):
    desktop.sound.pactl("set-source-mute", desktop.sound.microphone, "1")

    async def run():
        async with Microphone().capture() as capture:
            said = asyncio.create_task(stop_when_said(desktop, capture, speech))
            recorded = await record(capture)
            await said
            return recorded, capture.silent

    recorded, silent = asyncio.run(run())

    assert recorded.size
    assert silent


def test_the_device_is_closed_after_the_capture(desktop):
    async def run():
        async with Microphone().capture() as capture:
            await anext(capture)
            assert desktop.sound.pactl("list", "short", "source-outputs").count("\n") == 2
        # What is left is how the bench makes its microphone.
        return desktop.sound.pactl("list", "short", "source-outputs").count("\n")

    assert asyncio.run(run()) == 1


def test_a_capture_that_is_cancelled_while_it_opens_is_closed(desktop):
    async def run():
        async def capture():
            async with Microphone().capture():
                raise AssertionError("cancelled before")

        task = asyncio.create_task(capture())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return desktop.sound.pactl("list", "short", "source-outputs").count("\n")

    assert asyncio.run(run()) == 1


def test_a_suspended_microphone_delivers_nothing_and_that_is_said(desktop):
    async def run():
        async with Microphone().capture() as capture:
            await anext(capture)
            desktop.sound.pactl("suspend-source", desktop.sound.microphone, "1")
            await record(capture)

    with pytest.raises(MicrophoneError, match="delivers nothing"):
        asyncio.run(run())


def test_a_microphone_that_delivered_nothing_until_the_release_is_said_too(desktop):
    desktop.sound.pactl("suspend-source", desktop.sound.microphone, "1")

    async def run():
        async with Microphone().capture() as capture:
            asyncio.get_running_loop().call_later(0.6, capture.stop)
            await record(capture)

    with pytest.raises(MicrophoneError, match="delivers nothing"):
        asyncio.run(run())


def test_a_short_tap_is_no_error_and_tells_nothing_of_muting(desktop):
    async def run():
        async with Microphone().capture() as capture:
            capture.stop()
            return await record(capture), capture.silent

    recorded, silent = asyncio.run(run())
    assert len(recorded) < SPEECH_RATE_HZ / 2
    assert not silent


def test_a_sound_server_that_crashes_while_recording_is_said_and_used_again_when_it_is_back(
    desktop, speech
):
    async def crash():
        async with Microphone().capture() as capture:
            await anext(capture)
            desktop.sound.kill()
            await record(capture)

    async def again():
        async with Microphone().capture() as capture:
            said = asyncio.create_task(stop_when_said(desktop, capture, speech))
            recorded = await record(capture)
            await said
            return recorded

    with pytest.raises(MicrophoneError, match="lost"):
        asyncio.run(crash())
    with pytest.raises(MicrophoneError, match="No microphone was found"):
        asyncio.run(again())
    with pytest.raises(MicrophoneError, match="No microphone was found"):
        Microphone().check()

    desktop.sound.start()
    Microphone().check()
    assert contains(asyncio.run(again()), load(speech), at_least=0.97, share=1.0)


def remove_microphone(desktop):
    desktop.sound.pactl("unload-module", "module-remap-source")


def test_without_a_microphone_what_the_speaker_plays_is_not_taken_for_one(desktop):
    remove_microphone(desktop)

    async def run():
        async with Microphone().capture() as capture:
            await anext(capture)

    with pytest.raises(MicrophoneError, match="what the speaker plays"):
        asyncio.run(run())
    with pytest.raises(MicrophoneError, match="No microphone was found"):
        Microphone().check()


def test_a_microphone_lost_while_recording_is_not_replaced_by_what_the_speaker_plays(desktop):
    async def run():
        async with Microphone().capture() as capture:
            await anext(capture)
            remove_microphone(desktop)
            async with asyncio.timeout(10):
                await record(capture)

    with pytest.raises(MicrophoneError, match="what the speaker plays"):
        asyncio.run(run())


def test_a_microphone_is_chosen_by_a_part_of_its_name(desktop, speech):
    desktop.sound.pactl("load-module", "module-null-sink", "sink_name=other", "norewinds=1")
    desktop.sound.pactl(
        "load-module",
        "module-remap-source",
        "source_name=headset",
        "master=other.monitor",
        "source_properties=device.description=UsbHeadset",
    )

    async def run():
        async with Microphone("usbhead").capture() as capture:
            recording = asyncio.create_task(record(capture))
            argv = [find_program("paplay"), "--device=other", str(speech)]
            await asyncio.to_thread(subprocess.run, argv, env=desktop.env, check=True)
            capture.stop(tail_s=0.2)
            return await recording

    assert contains(asyncio.run(run()), load(speech), at_least=0.97, share=1.0)


def test_a_microphone_that_is_not_there_is_said_with_what_there_is(desktop):
    async def run():
        async with Microphone("Bench Microfone").capture():
            pass

    with pytest.raises(MicrophoneError, match='no microphone "Bench Microfone"') as raised:
        asyncio.run(run())
    assert raised.value.hint == 'Did you mean "BenchMicrophone"?'
