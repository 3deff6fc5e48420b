"""What counts as a voice."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.engines.speaking import needs_real_engines, spoken

from voice_assistant.engines.recognition.gate import Gate

RATE_HZ = 16_000
NOISES = np.random.default_rng(1)
TIME_S = np.arange(2 * RATE_HZ) / RATE_HZ


@pytest.mark.parametrize(
    "noise",
    [
        np.zeros(2 * RATE_HZ),
        NOISES.normal(0, 300, 2 * RATE_HZ),
        NOISES.normal(0, 3000, 2 * RATE_HZ),
        1600 * np.sin(2 * np.pi * 50 * TIME_S),
        3000 * np.sin(2 * np.pi * 1000 * TIME_S),
        np.concatenate([np.zeros(8000), NOISES.normal(0, 9000, 200), np.zeros(20_000)]),
        np.zeros(0),
        np.zeros(100),
    ],
    ids=["silence", "hiss", "loud hiss", "hum", "tone", "click", "nothing", "a moment"],
)
def test_noise_is_no_voice(noise):
    assert Gate().look(noise.astype(np.int16)) is None


@needs_real_engines
@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
async def test_a_voice_is_found_soon_after_it_begins(voice):
    pcm = np.append(np.zeros(RATE_HZ, np.int16), await spoken("set a timer", voice))
    assert 1.0 < Gate().look(pcm) / RATE_HZ < 1.6


@needs_real_engines
@pytest.mark.parametrize(("word", "voice"), [("no", "rms"), ("wait", "slt"), ("no", "slt")])
async def test_the_beginning_of_a_word_after_silence_is_found(word, voice):
    spoken_word = await spoken(word, voice)
    begin = int(np.flatnonzero(np.abs(spoken_word) > 300)[0])
    short = spoken_word[begin:][: RATE_HZ * 16 // 100] // 20
    silence = np.zeros(RATE_HZ, np.int16)
    assert Gate().look(np.concatenate([silence, short, silence])) is not None


@needs_real_engines
async def test_a_piece_that_grows_is_looked_at_once():
    pcm = await spoken("what time is it")
    gate = Gate()
    found = [gate.look(pcm[:at]) for at in range(0, pcm.size, 1000)]
    assert found[0] is None
    assert found[-1] == Gate().look(pcm)
