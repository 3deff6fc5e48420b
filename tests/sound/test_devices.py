"""Which devices there are and which is meant: chosen, listed, opened."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from fakes import FakeProblems
from helpers.sound.fake_sounddevice import Hardware, plugged
from helpers.sound.sound import SERVERS, sound_desktop

from voice_assistant.errors import MicrophoneError, SpeakerError
from voice_assistant.settings.sections.hearing import MicrophoneSettings
from voice_assistant.sound import portaudio, sound_server
from voice_assistant.sound.devices import Device, choose, devices
from voice_assistant.sound.microphone import Microphone
from voice_assistant.sound.speaker import Speaker

__all__ = ["plugged"]


def microphone(name, *, default=False, node=""):
    return Device(name, "input", default, 48_000, 1, 0, node)


BUILT_IN = microphone("Built-in Audio Analog Stereo", default=True, node="alsa_input.pci-0000")
HEADSET = microphone("USB Headset", node="alsa_input.usb-Logi_H390")
WEBCAM = microphone("USB Webcam")
ROOM = Device("Headset Stand", "output", True, 48_000, 2, 1)
KNOWN = [BUILT_IN, HEADSET, WEBCAM, ROOM]


@pytest.mark.parametrize(
    ("wanted", "device"),
    [
        ("", BUILT_IN),
        ("USB Headset", HEADSET),
        ("headset", HEADSET),
        ("BUILT-IN", BUILT_IN),
        ("logi_h390", HEADSET),
        ("usb", HEADSET),  # the first of several
        ("webcam", WEBCAM),
    ],
)
def test_a_device_is_chosen_by_any_part_of_its_name(wanted, device):
    assert choose(KNOWN, "input", wanted) is device


def test_the_system_s_choice_wins_where_several_are_meant():
    other = microphone("USB Webcam 2", default=True)
    assert choose([WEBCAM, other], "input", "usb") is other
    assert choose([WEBCAM, other], "input", "usb webcam") is WEBCAM, "but not over the whole name"


def test_where_the_system_has_no_choice_the_first_is_taken():
    assert choose([WEBCAM, HEADSET], "input", "") is WEBCAM


@pytest.mark.parametrize(
    ("wanted", "hint"),
    [
        ("USB Hedset", 'Did you mean "USB Headset"?'),
        ("zzz", "There is: Built-in Audio Analog Stereo, USB Headset, USB Webcam."),
    ],
)
def test_a_device_that_is_not_there_is_said_with_those_that_are(wanted, hint):
    with pytest.raises(MicrophoneError, match=f'no microphone "{wanted}"') as raised:
        choose(KNOWN, "input", wanted)
    assert raised.value.hint == hint


def test_no_device_at_all_is_said():
    with pytest.raises(MicrophoneError, match="No microphone was found"):
        choose([ROOM], "input", "")
    with pytest.raises(SpeakerError, match="No speaker was found"):
        choose([BUILT_IN], "output", "headset")


@pytest.mark.parametrize("server", SERVERS)
def test_the_sound_server_s_own_devices_are_listed_and_no_monitor_among_them(server):
    with sound_desktop(server):
        listed = {(device.kind, device.name, device.default) for device in devices()}

    assert listed == {
        ("input", "BenchMicrophone", True),
        ("output", "BenchSpeaker", True),
        ("output", "BenchMouth", False),
    }


def test_with_no_sound_server_nothing_is_listed():
    with sound_desktop() as desktop:
        desktop.sound.kill()
        assert devices() == []


def test_without_a_sound_server_portaudio_s_list_is_what_there_is(plugged):
    plugged(Hardware("Built-in"), Hardware("Line out", "output", (44_100,)))

    assert devices() == [
        Device("Built-in", "input", default=True, rate_hz=48_000, channels=2, index=0),
        Device("Line out", "output", default=True, rate_hz=44_100, channels=2, index=1),
    ]


def test_a_device_that_is_known_to_several_interfaces_is_listed_once(plugged):
    plugged(Hardware("Microphone", hostapi=0), Hardware("Microphone", hostapi=1))

    assert [device.index for device in devices()] == [0]


async def record_three_blocks(fake, frames):
    async with Microphone().capture() as capture:
        stream = fake.streams[-1]
        for _ in range(3):
            stream.callback(frames.tobytes(), len(frames), None, None)
        capture.stop()
        blocks = [block async for block in capture]
    await portaudio.call("input", bool)  # the stream is closed there
    return stream, np.concatenate(blocks)


async def test_a_microphone_without_speechs_rate_or_a_single_channel_is_recorded(
    plugged,
):
    fake = plugged(Hardware("Mixer", rates_hz=(44_100,), channels=(2,)))
    frames = np.tile(np.array([2000, 0], np.int16), (882, 1))  # it is plugged into the left one

    stream, pcm = await record_three_blocks(fake, frames)

    assert (stream.samplerate, stream.channels, stream.closed) == (44_100, 2, True)
    assert len(pcm) == pytest.approx(3 * 320, abs=2)
    assert pcm[200:-200] == pytest.approx(np.full(len(pcm) - 400, 1000), abs=20)


async def test_a_microphone_that_can_is_opened_with_speechs_rate_and_all_its_channels(plugged):
    fake = plugged(Hardware("Good", rates_hz=(16_000, 48_000), channels=(1, 2)))
    frames = np.repeat(np.arange(320, dtype=np.int16)[:, None], 2, axis=1)

    stream, pcm = await record_three_blocks(fake, frames)

    assert (stream.samplerate, stream.channels) == (16_000, 2)
    assert pcm.tolist() == [*range(320)] * 3


@pytest.mark.parametrize("channels", [(1, 64), (64,)])
async def test_a_microphone_that_refuses_so_many_channels_is_recorded(plugged, channels):
    fake = plugged(Hardware("Fussy", rates_hz=(16_000,), channels=channels))
    frames = np.repeat(np.arange(320, dtype=np.int16)[:, None], channels[0], axis=1)

    stream, pcm = await record_three_blocks(fake, frames)

    assert stream.channels == channels[0]
    assert pcm.tolist() == [*range(320)] * 3


@pytest.fixture
def sound_server_named(plugged, monkeypatch, tmp_path):
    """Let the sound server call itself so: `sound_server_named("pulseaudio")`."""

    def named(name):
        pactl = tmp_path / "pactl"
        answer = json.dumps({"server_name": name})
        pactl.write_text(f"#!/bin/sh\n[ \"$2\" = info ] && echo '{answer}'\n")  # it lists nothing
        pactl.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.defpath}")
        sound_server._server_name.cache_clear()

    yield named
    sound_server._server_name.cache_clear()


@pytest.mark.parametrize(
    ("server", "channels"), [("pulseaudio", 32), ("PulseAudio (on PipeWire 1.0.5)", 8)]
)
async def test_only_pulseaudio_is_asked_for_every_channel_that_a_source_may_have(
    plugged, sound_server_named, server, channels
):
    fake = plugged(Hardware("default", rates_hz=(16_000,), channels=(1, 8, 32, 64)))
    sound_server_named(server)

    stream, _ = await record_three_blocks(fake, np.zeros((320, channels), np.int16))

    assert stream.channels == channels


async def test_a_microphone_that_is_plugged_in_later_is_found(plugged):
    fake = plugged()

    with pytest.raises(MicrophoneError, match="No microphone was found"):
        await record_three_blocks(fake, np.zeros(960, np.int16))
    fake.hardware.append(Hardware("New", rates_hz=(48_000,), channels=(1,)))
    _, pcm = await record_three_blocks(fake, np.zeros(960, np.int16))

    assert pcm.size


async def test_a_microphone_that_is_wished_for_and_plugged_in_later_is_used_from_then_on(plugged):
    fake = plugged(Hardware("Built-in", rates_hz=(16_000,), channels=(1,)))
    problems = FakeProblems()

    async def run():
        microphone = Microphone(MicrophoneSettings(device="Headset"), problems=problems)
        for name in ("Built-in", "Headset"):
            async with microphone.capture() as capture:
                stream = fake.streams[-1]
                stream.callback(np.ones(320, np.int16).tobytes(), 320, None, None)
                capture.stop()
                assert len([block async for block in capture]) == 1
                assert fake._known[stream.device].name == name
            await portaudio.call("input", bool)
            fake.hardware.append(Hardware("Headset", rates_hz=(16_000,), channels=(1,)))

    await run()
    assert problems.titles == [
        'There is no microphone "Headset"',
        None,
    ]


async def test_a_microphone_that_refuses_everything_is_said_in_words(plugged):
    fake = plugged(Hardware("Busy", rates_hz=(48_000,), channels=(2,)))
    fake._known[0].rates_hz = (96_000,)
    fake.hardware[0] = Hardware("Another")
    fake._initialize = lambda: None

    with pytest.raises(MicrophoneError) as raised:
        await record_three_blocks(fake, np.zeros(960, np.int16))
    assert raised.value.title == "The microphone cannot be opened: Device unavailable"


async def test_a_speaker_of_another_rate_is_given_what_it_wants_on_all_channels(plugged):
    fake = plugged(Hardware("Old", "output", rates_hz=(22_050,), channels=(1, 2)))

    async def run():
        playback = Speaker().play()
        await playback.write(np.full(48_000, 1000, np.int16), 48_000)
        stream = fake.streams[-1]
        block = stream.fetch(4000)
        playback.abort()
        return stream, block

    stream, block = await run()
    portaudio.submit(lambda: None).result()

    assert (stream.samplerate, stream.channels, stream.closed) == (22_050, 2, True)
    assert block[100:] * 32768 == pytest.approx(np.full((3900, 2), 1000), abs=20)


async def test_a_speaker_that_swallows_sound_without_playing_it_is_left_for_another(plugged):
    fake = plugged(Hardware("Wild", "output", channels=(1,)))

    async def run():
        playback = Speaker().play()
        writing = asyncio.create_task(playback.write(np.full(480_000, 1000, np.int16), 48_000))
        try:
            async with asyncio.timeout(20):
                while len(fake.streams) < 2:
                    for stream in fake.streams:
                        stream.fetch(48_000)
                    await asyncio.sleep(0.01)
        finally:
            writing.cancel()
        return playback.played_s, playback.abort()

    began_at_s = time.monotonic()
    played_s, _ = await run()
    portaudio.submit(lambda: None).result()

    assert played_s <= time.monotonic() - began_at_s, "no more than was possible"
    assert fake.streams[0].closed


IMPORTING = """
from voice_assistant.sound.{module} import {name}
try:
    {name}().check()
except Exception as error:
    print(type(error).__name__, "|", error.title, "|", error.hint)
"""


def checked(module, env):
    script = IMPORTING.format(module=module, name=module.capitalize())
    result = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout.strip().split(" | ")


@pytest.mark.parametrize("module", ["microphone", "speaker"])
def test_without_portaudio_the_package_to_install_is_named(tmp_path, module):
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')")

    kind, title, hint = checked(module, {"PYTHONPATH": str(tmp_path)})

    assert kind == f"{module.capitalize()}Error"
    assert title == "PortAudio is not installed"
    assert "libportaudio2" in hint


def test_a_broken_alsa_configuration_is_said(tmp_path):
    broken = tmp_path / "asound.conf"
    broken.write_text("nonsense {{{")

    kind, title, _ = checked("microphone", {"ALSA_CONFIG_PATH": str(broken)})

    assert (kind, title) == ("MicrophoneError", "The sound system cannot be used")


async def test_a_sound_system_that_hangs_is_said_and_what_it_was_asked_for_happens_later():
    hanging, closed = threading.Event(), threading.Event()

    async def run():
        with pytest.raises(SpeakerError, match="does not answer"):
            await portaudio.call("output", hanging.wait, patience_s=0.05)
        portaudio.submit(closed.set)

    try:
        await run()
        assert not closed.is_set()
    finally:
        hanging.set()
    assert closed.wait(20)
