"""An echo is found where it is, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.engines.speaking import needs_real_engines, spoken

from voice_assistant.audio.echo_search import find
from voice_assistant.audio.format import SPEECH_RATE_HZ

pytestmark = needs_real_engines

LENGTH = round(0.3 * SPEECH_RATE_HZ)
AT = SPEECH_RATE_HZ
MOST = 1600
"""Samples by which an echo may come late, here."""


async def sound(text: str = "An old fisherman lived there with his dog.") -> np.ndarray:
    return (await spoken(text)).astype(np.float32) / 32768


@pytest.mark.parametrize("late", [0, 3, 790, 890, MOST - 1])
async def test_an_echo_that_comes_at_another_time_is_found_there(late):
    echo = await sound()
    found = find(0.5 * echo[AT - late :][:LENGTH], echo[AT - MOST :][: LENGTH + MOST])
    assert found is not None
    assert found.clear
    assert found.late == pytest.approx(late, abs=0.5)
    assert found.gain == pytest.approx(0.5, abs=0.05)


async def test_an_echo_is_found_while_somebody_speaks_as_loud():
    echo, user = await sound(), await sound("What about tomorrow, and the day after it?")
    voice = user[AT:][:LENGTH]
    near = echo[AT - 200 :][:LENGTH]
    near = near + voice * np.linalg.norm(near) / np.linalg.norm(voice)
    found = find(near, echo[AT - MOST :][: LENGTH + MOST])
    assert found is not None
    assert found.late == pytest.approx(200, abs=1.0)


async def test_in_other_sounds_no_echo_is_found():
    echo = await sound()
    hiss = np.random.default_rng(1).normal(0, 0.1, LENGTH).astype(np.float32)
    assert find(hiss, echo[AT - MOST :][: LENGTH + MOST]) is None
    assert find(np.zeros(LENGTH, np.float32), echo[AT - MOST :][: LENGTH + MOST]) is None
