"""A microphone that is kept open for a pre-roll, on a real sound server."""

from __future__ import annotations

import asyncio

import numpy as np
from fakes import until
from helpers.sound.recording import heard, kept_open, record, record_speech, recording, speech
from helpers.sound.sound import desktop

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.settings.sections.hearing import MicrophoneSettings
from voice_assistant.sound.microphone import Microphone

__all__ = ["desktop", "speech"]


async def test_speech_just_before_the_press_is_recorded_with_a_pre_roll(desktop, speech):
    async def run():
        async with kept_open(microphone := Microphone(MicrophoneSettings(pre_roll_s=0.5))):
            saying = asyncio.create_task(asyncio.to_thread(desktop.speak_into_microphone, speech))
            # Until its first sound is in the memory of the microphone.
            await until(lambda: microphone._kept._newest and not microphone._kept.silent)
            await asyncio.sleep(0.4)
            async with recording(microphone) as blocks:
                await saying
        return np.concatenate(blocks)

    assert heard(await run(), speech)


async def test_of_an_open_microphone_only_the_pre_roll_is_kept(desktop):
    async def run():
        async with kept_open(microphone := Microphone(MicrophoneSettings(pre_roll_s=0.5))):
            await asyncio.sleep(1.5)
            assert microphone.kept_open
            assert microphone.level_dbfs is None, "nobody records"
            async with microphone.capture() as capture:
                first = len(await anext(capture))
                capture.stop()
                rest = await record(capture)
        return (first + len(rest)) / SPEECH_RATE_HZ

    assert 0.5 <= await run() < 0.8


async def test_an_open_microphone_serves_one_recording_after_the_other(desktop, speech):
    async def run():
        async with kept_open(microphone := Microphone(MicrophoneSettings(pre_roll_s=0.5))):
            for _ in range(2):
                recorded, _silent = await record_speech(desktop, microphone, speech)
                assert heard(recorded, speech)
            return desktop.sound.recorded()

    assert await run() == [desktop.sound.microphone], "nothing else was opened"


async def test_an_open_microphone_is_opened_again_when_the_sound_server_was_restarted(
    desktop, speech
):
    async def run():
        async with kept_open(microphone := Microphone(MicrophoneSettings(pre_roll_s=0.5))):
            before = microphone._kept
            desktop.sound.kill()
            desktop.sound.start()
            await until(lambda: microphone._kept not in {before, None})
            await until(lambda: microphone._kept.delivers)
            return await record_speech(desktop, microphone, speech)

    recorded, _ = await run()
    assert heard(recorded, speech)
