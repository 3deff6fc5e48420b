"""A microphone with several channels, on a real sound server: the voice is never mixed away."""

from __future__ import annotations

import asyncio
import subprocess
import wave

import numpy as np
import pytest
from bench import load
from bench.program import find_program
from helpers.sound.recording import heard, recording, speech
from helpers.sound.sound import desktop

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.sound.microphone import Microphone

__all__ = ["desktop", "speech"]

SOCKETS = ",".join(f"aux{number}" for number in range(8))
"""What an interface with eight sockets calls its channels."""


def plug_interface(desktop, names):
    """A microphone with these channels, which is the system's choice; say into "mouths"."""
    as_named = (f"channels={names.count(',') + 1}", f"channel_map={names}")
    sound = desktop.sound
    sound.pactl("load-module", "module-null-sink", "norewinds=1", "sink_name=mouths", *as_named)
    source = ("source_name=interface", "master=mouths.monitor", "remix=no", *as_named)
    sound.pactl("load-module", "module-remap-source", *source, f"master_channel_map={names}")
    sound.pactl("set-default-source", "interface")


def _peak(pcm):
    return np.abs(pcm.astype(int)).max()


async def record_each(desktop, names, voice, shares):
    """Say `voice` into each channel with a share of its loudness; return what was recorded."""
    plug_interface(desktop, names)
    wav = desktop.folder / "channels.wav"
    with wave.open(str(wav), "wb") as file:
        file.setparams((len(shares), 2, SPEECH_RATE_HZ, 0, "NONE", ""))
        file.writeframes(np.stack([voice * share for share in shares], axis=1).astype("<i2"))
    async with recording(Microphone()) as blocks:
        argv = [find_program("paplay"), "--device=mouths", f"--channel-map={names}", str(wav)]
        await asyncio.to_thread(subprocess.run, argv, env=desktop.env, check=True)
    return np.concatenate(blocks)


@pytest.mark.parametrize(
    ("names", "shares"),
    [
        pytest.param("front-left,front-right", (1, -1), id="opposite channels"),
        pytest.param(SOCKETS, (0, 0, 0, 0, 0, 1, 0, 0), id="one socket of eight"),
        pytest.param(SOCKETS, (0, 1, 0, 0, 0, 0, 0, 0), id="the second socket of eight"),
        pytest.param(
            "front-left,front-right,rear-left,rear-right",
            (0, 0, 1, 0),
            id="the third of four places",
        ),
        pytest.param("aux0", (1,), id="one channel with an odd name"),
        pytest.param("mono", (1,), id="one channel"),
    ],
)
async def test_the_voice_is_recorded_as_loud_as_its_channel(desktop, speech, names, shares):
    voice = load(speech)
    recorded = await record_each(desktop, names, voice, shares)

    assert heard(recorded, speech)
    assert _peak(recorded) > 0.7 * _peak(voice)
