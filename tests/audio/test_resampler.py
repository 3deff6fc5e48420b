from __future__ import annotations

import numpy as np
import pytest
from helpers.audio.signals import blocks, sine, speech_like
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_assistant.audio.resampler import Resampler


def resampled(pcm, from_hz, to_hz, block):
    resampler = Resampler(from_hz, to_hz)
    return np.concatenate([*(resampler.feed(b) for b in blocks(pcm, block)), resampler.finish()])


RATES = [(44_100, 16_000), (48_000, 16_000), (8_000, 16_000), (22_050, 48_000), (24_000, 44_100)]


@pytest.mark.parametrize(("from_hz", "to_hz"), RATES)
def test_the_length_is_kept(from_hz, to_hz):
    out = resampled(speech_like(from_hz, 1.0), from_hz, to_hz, from_hz // 50)

    assert abs(len(out) - to_hz) <= 1


@pytest.mark.parametrize(("from_hz", "to_hz"), RATES)
def test_a_tone_stays_a_tone_without_clicks_at_block_borders(from_hz, to_hz):
    out = resampled(sine(from_hz, 1.0, 440.0), from_hz, to_hz, from_hz // 50)

    expected = sine(to_hz, 1.0, 440.0)
    inner = slice(to_hz // 20, -to_hz // 20)
    off = out[: len(expected)][inner].astype(int) - expected[: len(out)][inner]
    assert np.abs(off).max() <= 8


@given(st.integers(1, 2_000))
@settings(deadline=None, max_examples=25)
def test_the_size_of_the_blocks_changes_nothing(block):
    pcm = speech_like(44_100, 0.1)

    whole, cut = (resampled(pcm, 44_100, 16_000, size) for size in (len(pcm), block))

    assert len(whole) == len(cut)
    assert np.abs(whole.astype(int) - cut).max() <= 1


def test_silence_stays_silence():
    assert not resampled(np.zeros(8_000, np.int16), 44_100, 16_000, 441).any()


def test_full_scale_does_not_wrap_around():
    square = np.where(np.arange(4_000) // 50 % 2, 32767, -32768).astype(np.int16)

    out = resampled(square, 16_000, 48_000, 320).astype(int)

    assert np.abs(np.diff(out[300:-300])).max() < 60_000


def test_the_same_rate_passes_everything_through_at_once():
    resampler = Resampler(16_000, 16_000)
    pcm = speech_like(16_000, 0.1)

    assert np.array_equal(resampler.feed(pcm), pcm)
    assert resampler.finish().size == 0


def test_nothing_gives_nothing():
    assert Resampler(44_100, 16_000).finish().size == 0
