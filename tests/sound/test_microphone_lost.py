"""A microphone that goes while one speaks, or is not there at all, on a real sound server."""

from __future__ import annotations

import asyncio

import pytest
from bench import flite
from fakes import until
from helpers.sound.recording import (
    Troubles,
    heard,
    record,
    record_speech,
    speech,
    stop_when_said,
)
from helpers.sound.sound import WAKES, desktop, skip_on_pipewire

from voice_assistant.errors import MicrophoneError
from voice_assistant.sound.microphone import Microphone

__all__ = ["desktop", "speech"]

GIVE_UP_S = 2.0
AFTERWARDS = "And how many days until Christmas?"


def remove_microphone(desktop):
    desktop.sound.pactl("unload-module", "module-remap-source")


async def speak_around(desktop, speech, harm, mend, troubles):
    """Speak, harm the microphone, mend it when that was told, speak again: all that was heard."""

    async def run():
        async with Microphone(problems=troubles).capture() as capture:
            recording = asyncio.create_task(record(capture))
            await asyncio.to_thread(desktop.speak_into_microphone, speech)
            await asyncio.sleep(0.3)
            harm()
            await until(lambda: troubles)
            mend()
            await until(lambda: troubles[-1] is None)
            await stop_when_said(desktop, capture, flite(AFTERWARDS))
            return await recording

    return await run()


def heard_both(recorded, speech):
    return heard(recorded, speech) and heard(recorded, flite(AFTERWARDS))


async def test_a_recording_goes_on_when_a_suspended_microphone_is_resumed(desktop, speech):
    skip_on_pipewire(desktop, WAKES)

    def suspend(how):
        desktop.sound.pactl("suspend-source", desktop.sound.microphone, how)

    troubles = Troubles()
    recorded = await speak_around(
        desktop, speech, lambda: suspend("1"), lambda: suspend("0"), troubles
    )

    assert heard_both(recorded, speech)
    assert troubles == ["The microphone delivers nothing", None]


async def test_a_recording_goes_on_when_the_sound_server_is_started_again(desktop, speech):
    troubles = Troubles()
    sound = desktop.sound
    recorded = await speak_around(desktop, speech, sound.kill, sound.start, troubles)

    assert heard_both(recorded, speech)
    assert troubles == ["The microphone was lost while recording", None]


async def test_a_recording_goes_on_when_the_microphone_is_plugged_in_again(desktop, speech):
    def plug():
        desktop.sound.pactl(
            "load-module",
            "module-remap-source",
            "source_name=bench_microphone",
            "master=bench_mouth.monitor",
        )
        desktop.sound.pactl("set-default-source", desktop.sound.microphone)

    troubles = Troubles()
    recorded = await speak_around(
        desktop, speech, lambda: remove_microphone(desktop), plug, troubles
    )

    assert heard_both(recorded, speech)
    assert "what the speaker plays" in troubles[0]


async def test_a_release_while_the_microphone_is_away_keeps_what_was_said(desktop, speech):
    troubles = Troubles()

    async def run():
        async with Microphone(problems=troubles).capture() as capture:
            recording = asyncio.create_task(record(capture))
            await asyncio.to_thread(desktop.speak_into_microphone, speech)
            await asyncio.sleep(0.3)
            desktop.sound.kill()
            await until(lambda: troubles)
            capture.stop()
            return await recording

    assert heard(await run(), speech)


async def test_a_microphone_that_delivered_nothing_until_the_release_is_said_too(desktop):
    skip_on_pipewire(desktop, WAKES)
    desktop.sound.pactl("suspend-source", desktop.sound.microphone, "1")

    async def run():
        async with Microphone().capture() as capture:
            asyncio.get_running_loop().call_later(0.6, capture.stop)
            await record(capture)

    with pytest.raises(MicrophoneError, match="delivers nothing"):
        await run()


async def test_a_sound_server_that_stays_away_is_given_up_and_used_again_when_it_is_back(
    desktop, speech
):
    async def crash():
        async with Microphone(give_up_s=GIVE_UP_S).capture() as capture:
            await anext(capture)
            desktop.sound.kill()
            async with asyncio.timeout(30):
                await record(capture)

    with pytest.raises(MicrophoneError, match="lost"):
        await crash()
    with pytest.raises(MicrophoneError, match="No microphone was found"):
        await record_speech(desktop, Microphone(), speech)
    with pytest.raises(MicrophoneError, match="No microphone was found"):
        Microphone().check()

    desktop.sound.start()
    Microphone().check()
    recorded, _ = await record_speech(desktop, Microphone(), speech)
    assert heard(recorded, speech)


async def test_without_a_microphone_what_the_speaker_plays_is_not_taken_for_one(desktop):
    remove_microphone(desktop)

    async def run():
        async with Microphone().capture() as capture:
            await anext(capture)

    with pytest.raises(MicrophoneError, match="what the speaker plays"):
        await run()
    with pytest.raises(MicrophoneError, match="No microphone was found"):
        Microphone().check()


async def test_a_microphone_lost_while_recording_is_not_replaced_by_what_the_speaker_plays(desktop):
    async def run():
        async with Microphone(give_up_s=GIVE_UP_S).capture() as capture:
            await anext(capture)
            remove_microphone(desktop)
            async with asyncio.timeout(30):
                await record(capture)

    with pytest.raises(MicrophoneError, match="what the speaker plays"):
        await run()
