"""Speech for tests."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from voice_assistant.engines.recognition.recognizer import Recognizer
from voice_assistant.engines.voices.installed import find_voice
from voice_assistant.settings.sections.backend import EmbeddedSettings

needs_real_engines = pytest.mark.skipif(
    not (shutil.which("flite") and Recognizer().available()),
    reason="needs flite and the recogniser's model",
)


def voice_of(engine, voice=""):
    """Return the voice that these settings find on this machine; None if there is none."""
    return find_voice(EmbeddedSettings(engine=engine, voice=voice))


def real_voices():
    """Return the voices of this machine, for tests that are skipped without any."""
    return [name for name in ("flite", "espeak-ng") if shutil.which(name)] or [
        pytest.param("", marks=pytest.mark.skip("needs flite or espeak-ng"))
    ]


async def spoken(text, voice="slt"):
    """Return the spoken text as samples of 16 kHz."""
    blocks = [block async for block in voice_of("flite", voice).speak(text)]
    assert {rate_hz for _, rate_hz in blocks} == {16_000}
    return np.concatenate([pcm for pcm, _ in blocks])


async def samples_of(voice, text):
    blocks = [block async for block in voice.speak(text)]
    assert len({rate_hz for _, rate_hz in blocks}) <= 1
    return np.concatenate([pcm for pcm, _ in blocks]) if blocks else np.zeros(0, np.int16)
