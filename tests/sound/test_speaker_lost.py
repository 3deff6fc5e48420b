"""A speaker that falters, or goes with its sound server, on a real one."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from bench import contains, wait_for
from helpers.sound.playing import heard, play, speech, until_heard
from helpers.sound.sound import WAKES, desktop, skip_on_pipewire

from voice_assistant.errors import SpeakerError
from voice_assistant.settings.sections.speech import SpeakerSettings
from voice_assistant.sound.speaker import Speaker

__all__ = ["desktop", "speech"]


async def test_a_sound_server_that_crashes_and_comes_back_goes_on_with_the_answer(desktop, speech):
    long = np.concatenate([speech, speech[::-1]])

    async def run():
        playback = await play(Speaker(), long)
        await until_heard(playback, 1.0)
        await asyncio.to_thread(desktop.sound.kill)
        played_s = playback.played_s
        await asyncio.to_thread(desktop.sound.start)
        finishing = asyncio.create_task(playback.finish())
        # One listens again before the speaker is found again: what follows is on record.
        with desktop.listen() as capture:
            return await finishing, played_s, capture

    seconds, played_s, capture = await run()

    assert seconds == pytest.approx(len(long) / 16_000, abs=0.01)
    assert 1.0 <= played_s < 1.5
    assert contains(capture.pcm, long[int((played_s + 0.2) * 16_000) :], at_least=0.97, share=0.9)


async def test_after_a_speaker_has_faltered_the_last_syllable_is_heard(desktop, speech):
    skip_on_pipewire(desktop, WAKES)
    long = np.concatenate([speech, speech])

    async def run():
        playback = await play(Speaker(), long)
        await until_heard(playback, 0.5)
        desktop.sound.pactl("suspend-sink", desktop.sound.speaker, "1")
        await asyncio.sleep(0.6)  # less than for a device that is lost
        desktop.sound.pactl("suspend-sink", desktop.sound.speaker, "0")
        await playback.finish()
        return len(capture.pcm)

    with desktop.listen() as capture:
        samples = await run()
        wait_for(lambda: len(capture.pcm) > samples + 8000, "what came after")

    assert contains(capture.pcm, speech[-1600:], at_least=0.9, share=1.0, piece_s=0.1)
    assert heard(capture, speech)


async def test_a_speaker_that_plays_nothing_is_said(desktop, speech):
    skip_on_pipewire(desktop, WAKES)

    async def run():
        playback = await play(Speaker(), speech)
        await until_heard(playback, 0.5)
        desktop.sound.pactl("suspend-sink", desktop.sound.speaker, "1")
        try:
            await playback.finish()
        finally:
            assert playback.played_s < 1.2

    with pytest.raises(SpeakerError, match="plays nothing"):
        await run()


async def test_a_chosen_speaker_that_is_gone_when_sound_is_back_is_replaced_by_the_default(
    desktop, speech
):
    desktop.sound.plug_speaker("headset")

    async def run():
        playback = await play(Speaker(SpeakerSettings(device="UsbHeadset")), speech)
        await until_heard(playback, 0.5)
        await asyncio.to_thread(desktop.sound.restart)  # it knows nothing of the headset
        return await playback.finish()

    assert await run() == pytest.approx(len(speech) / 16_000, abs=0.01)


async def test_without_a_sound_server_that_is_said_and_it_is_used_when_it_is_back(desktop, speech):
    async def run():
        playback = await play(Speaker(), speech)
        return await playback.finish()

    desktop.sound.kill()
    with pytest.raises(SpeakerError, match="No speaker was found"):
        await run()
    with pytest.raises(SpeakerError, match="No speaker was found"):
        Speaker().check()

    desktop.sound.start()
    Speaker().check()
    assert await run() == pytest.approx(len(speech) / 16_000, abs=0.01)


async def test_a_speaker_lost_for_good_is_said(desktop, speech):
    async def run():
        playback = await play(Speaker(), speech)
        desktop.sound.kill()
        await playback.finish()

    with pytest.raises(SpeakerError, match="No speaker was found"):
        await run()
