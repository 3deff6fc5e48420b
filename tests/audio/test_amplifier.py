"""Soft speech becomes louder; ordinary speech, and the noise in pauses, stay as they are."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.audio.signals import blocks, speech_like

from voice_assistant.audio.amplifier import (
    LIMIT,
    MOST_DB,
    SOFT_DBFS,
    WANTED_DBFS,
    Amplifier,
    gain_for,
)
from voice_assistant.audio.level import rms_dbfs

RATE_HZ = 16_000
SPEECH = speech_like(RATE_HZ, 4.0)


def amplified(pcm, level_dbfs, size=320):
    amplifier = Amplifier()
    return np.concatenate([amplifier.feed(block, level_dbfs) for block in blocks(pcm, size)])


def at(level_dbfs: float) -> np.ndarray:
    return (SPEECH * 10 ** ((level_dbfs - rms_dbfs(SPEECH)) / 20)).astype(np.int16)


@pytest.mark.parametrize("level_dbfs", [None, 0.0, -20.0, SOFT_DBFS])
def test_ordinary_speech_stays_exactly_as_it_is(level_dbfs):
    assert np.array_equal(amplified(SPEECH, level_dbfs), SPEECH)


@pytest.mark.parametrize("level_dbfs", [-45.0, -50.0, -55.0])
@pytest.mark.parametrize("size", [320, 777, 16000])
def test_soft_speech_gets_the_level_of_ordinary_speech(level_dbfs, size):
    louder = amplified(at(level_dbfs), level_dbfs, size)
    assert len(louder) == len(SPEECH)
    assert rms_dbfs(louder) == pytest.approx(WANTED_DBFS, abs=0.5)


def test_what_is_hardly_there_is_amplified_no_more_than_is_of_use():
    assert gain_for(-90.0) == pytest.approx(10 ** (MOST_DB / 20))


def test_a_bang_in_soft_speech_does_not_clip_and_the_speech_comes_back():
    soft = at(-50.0)
    soft[16000:16100] = 20_000
    louder = amplified(soft, -50.0)
    assert np.abs(louder.astype(int)).max() <= LIMIT
    assert rms_dbfs(louder[40_000:]) == pytest.approx(
        rms_dbfs(amplified(at(-50.0), -50.0)[40_000:]), abs=1.0
    )


def test_in_a_pause_the_noise_does_not_swell():
    noise = np.random.default_rng(1).normal(0, 10, 3 * RATE_HZ).astype(np.int16)
    louder = amplified(np.concatenate([at(-50.0), noise]), -50.0)
    begin, end = louder[len(SPEECH) :][:8000], louder[-8000:]
    assert rms_dbfs(end) == pytest.approx(rms_dbfs(begin), abs=0.3)


def test_the_gain_makes_no_click():
    steady = np.full(3200, 50, np.int16)
    amplifier = Amplifier()
    louder = np.concatenate([amplifier.feed(steady, None), amplifier.feed(steady, -50.0)])
    assert np.abs(np.diff(louder.astype(int))).max() < 50 * gain_for(-50.0) / 10
