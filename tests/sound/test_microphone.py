"""The microphone, opened at the press and closed after the release, on a real sound server."""

from __future__ import annotations

import asyncio

import pytest
from fakes import until
from helpers.sound.recording import Troubles, heard, record, record_speech, speech, stop_when_said
from helpers.sound.sound import desktop

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.errors import MicrophoneError
from voice_assistant.settings.sections.hearing import MicrophoneSettings
from voice_assistant.sound import portaudio
from voice_assistant.sound.microphone import Microphone

__all__ = ["desktop", "speech"]


def closed(desktop):
    """Nothing is recorded from once all is done that PortAudio's thread was asked for."""
    portaudio.wait("input", bool)
    return desktop.sound.recorded() == []


async def test_an_utterance_is_recorded_whole(desktop, speech):
    recorded, silent = await record_speech(desktop, Microphone(), speech)

    assert heard(recorded, speech)
    assert not silent


async def test_the_capture_ends_with_what_was_said_until_the_release(desktop):
    async def run():
        async with Microphone().capture() as capture:
            blocks = []
            recording = asyncio.create_task(record(capture, blocks))
            await until(lambda: blocks)
            before = sum(map(len, blocks))
            asyncio.get_running_loop().call_later(0.5, capture.stop)
            asyncio.get_running_loop().call_later(0.5, capture.stop)
            recorded = await recording
            assert [block async for block in capture] == [], "it does not begin anew"
            return (len(recorded) - before) / SPEECH_RATE_HZ

    assert 0.45 < await run() < 1.0


async def test_blocks_are_short_so_that_they_can_be_sent_while_one_speaks(desktop):
    async def run():
        async with Microphone().capture() as capture:
            return [len(await anext(capture)) for _ in range(10)]

    assert set(await run()) == {320}


async def test_a_muted_microphone_is_known_by_its_silence(desktop, speech):
    desktop.sound.pactl("set-source-mute", desktop.sound.microphone, "1")
    recorded, silent = await record_speech(desktop, Microphone(), speech)

    assert recorded.size
    assert silent


async def test_the_device_is_closed_after_the_capture(desktop):
    async def run():
        async with Microphone().capture() as capture:
            await anext(capture)
            assert desktop.sound.recorded() == [desktop.sound.microphone]

    await run()
    assert closed(desktop)


async def test_a_capture_that_is_cancelled_while_it_opens_is_closed(desktop):
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

    await run()
    assert closed(desktop)


async def test_a_microphone_that_is_muted_is_said_while_one_speaks(desktop):
    desktop.sound.pactl("set-source-mute", desktop.sound.microphone, "1")
    troubles = Troubles()

    async def run():
        async with Microphone(problems=troubles).capture() as capture:
            async for _ in capture:
                if troubles:
                    capture.stop()

    await run()
    assert troubles == ["The microphone delivers only silence"]


async def test_the_level_tells_how_loud_it_is(desktop, speech):
    async def run():
        microphone = Microphone()
        async with microphone.capture() as capture:
            said = asyncio.create_task(stop_when_said(desktop, capture, speech))
            levels = [microphone.level_dbfs async for _ in capture]
            await said
        return levels, microphone.level_dbfs

    levels, afterwards = await run()
    assert min(levels) < -60
    assert -40 < max(levels) <= 0
    assert afterwards is None


async def test_a_short_tap_is_no_error_and_tells_nothing_of_muting(desktop):
    async def run():
        async with Microphone().capture() as capture:
            capture.stop()
            return await record(capture), capture.silent

    recorded, silent = await run()
    assert len(recorded) < SPEECH_RATE_HZ / 2
    assert not silent


async def test_a_microphone_that_is_switched_off_is_closed_and_stays_closed(desktop):
    microphone = Microphone(MicrophoneSettings(pre_roll_s=0.5))
    keeping = asyncio.create_task(microphone.run(lambda: None))
    try:
        await until(lambda: microphone.kept_open and desktop.sound.recorded())
        microphone.mute(on=True)
        await until(lambda: desktop.sound.recorded() == [])
        assert not microphone.kept_open
        with pytest.raises(MicrophoneError, match="switched off"):
            async with microphone.capture():
                pass
        microphone.mute(on=False)
        await until(lambda: microphone.kept_open and desktop.sound.recorded())
    finally:
        keeping.cancel()
        await asyncio.wait([keeping])
    assert closed(desktop)
