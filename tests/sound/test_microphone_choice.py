"""Which of several microphones is recorded from, on a real sound server."""

from __future__ import annotations

import asyncio
import subprocess

import numpy as np
import pytest
from bench.parts import AlsaPipeWire
from bench.program import find_program
from fakes import FakeProblems
from helpers.sound.recording import heard, kept_open, record_speech, recording, speech
from helpers.sound.sound import desktop, sound_desktop

from voice_assistant.errors import MicrophoneReplaced
from voice_assistant.settings.sections.hearing import MicrophoneSettings
from voice_assistant.sound.microphone import Microphone
from voice_assistant.sound.sound_server import echo_is_cancelled

__all__ = ["desktop", "speech"]


def plug_headset(desktop):
    """A second microphone; what is played into the sink "other" comes out of it."""
    desktop.sound.plug_speaker("other")
    desktop.sound.plug("headset", mouth="other")


async def record_headset(desktop, microphone, speech):
    async with recording(microphone) as blocks:
        argv = [find_program("paplay"), "--device=other", str(speech)]
        await asyncio.to_thread(subprocess.run, argv, env=desktop.env, check=True)
    return np.concatenate(blocks)


async def test_the_system_s_choice_is_followed(desktop, speech):
    async def run():
        microphone = Microphone()
        async with microphone.capture() as capture:
            await anext(capture)
        plug_headset(desktop)
        desktop.sound.pactl("set-default-source", "headset")
        return await record_headset(desktop, microphone, speech)

    assert heard(await run(), speech)


async def test_the_system_s_choice_is_followed_by_an_open_microphone(desktop, speech):
    async def run():
        async with kept_open(microphone := Microphone(MicrophoneSettings(pre_roll_s=0.5))):
            plug_headset(desktop)
            desktop.sound.pactl("set-default-source", "headset")
            return await record_headset(desktop, microphone, speech)

    assert heard(await run(), speech)


async def test_a_microphone_is_chosen_by_a_part_of_its_name(desktop, speech):
    plug_headset(desktop)
    recorded = await record_headset(
        desktop, Microphone(MicrophoneSettings(device="usbhead")), speech
    )
    assert heard(recorded, speech)


@pytest.mark.long
@pytest.mark.skipif(AlsaPipeWire.plugin is None, reason="needs ALSA's plugin for PipeWire")
async def test_a_microphone_is_chosen_by_its_name_through_alsa_s_plugin_for_pipewire_too():
    with sound_desktop(AlsaPipeWire) as desktop:
        plug_headset(desktop)
        microphone = Microphone(MicrophoneSettings(device="usbhead"))
        async with microphone.capture() as capture:
            await anext(capture)
            assert desktop.sound.recorded() == ["headset"]


async def test_a_microphone_that_was_found_once_is_not_looked_for_at_the_next_press(
    desktop, monkeypatch
):
    plug_headset(desktop)

    async def run():
        microphone = Microphone(MicrophoneSettings(device="usbhead"))
        async with microphone.capture() as capture:
            await anext(capture)
        with monkeypatch.context() as without_pactl:
            without_pactl.setenv("PATH", "")
            async with microphone.capture() as capture:
                await anext(capture)
                without_pactl.undo()
                return desktop.sound.recorded()

    assert await run() == ["headset"]


async def test_for_a_microphone_that_is_not_there_another_stands_in_and_that_is_said(
    desktop, speech
):
    problems = FakeProblems()
    microphone = Microphone(MicrophoneSettings(device="Bench Microfone"), problems=problems)
    recorded, _ = await record_speech(desktop, microphone, speech)

    assert heard(recorded, speech)
    ((part, problem),) = problems
    assert part == "microphone"
    assert isinstance(problem, MicrophoneReplaced)
    assert problem.title == 'There is no microphone "Bench Microfone"'
    assert "BenchMicrophone" in problem.hint
    with pytest.raises(MicrophoneReplaced, match='no microphone "Bench Microfone"') as raised:
        Microphone(MicrophoneSettings(device="Bench Microfone")).check()
    assert raised.value.hint == 'Did you mean "BenchMicrophone"?'


async def test_a_microphone_whose_echo_the_sound_server_removes_is_known(desktop):
    sound = desktop.sound
    assert not echo_is_cancelled("")
    module = sound.pactl(
        *("load-module", "module-echo-cancel", "source_name=without_echo", "sink_name=for_it"),
        *(f"source_master={sound.microphone}", f"sink_master={sound.speaker}"),
        "aec_method=webrtc",
    ).strip()
    try:
        assert echo_is_cancelled("without_echo")
        assert not echo_is_cancelled(sound.microphone)
    finally:
        sound.pactl("unload-module", module)
