from __future__ import annotations

import numpy as np

from voice_assistant.audio.format import to_pcm


def test_sixteen_bits_survive_the_way_through_floats():
    every = np.arange(-32768, 32768, dtype=np.int16)

    assert np.array_equal(to_pcm(every / 32768.0), every)


def test_two_channels_become_their_mean():
    assert to_pcm(np.array([[0.5, 0.25], [-0.5, 0.5]])).tolist() == [12288, 0]


def test_samples_that_are_too_loud_are_clipped_and_do_not_wrap():
    assert to_pcm(np.array([1.0, 3.0, -1.0, -3.0])).tolist() == [32767, 32767, -32768, -32768]


def test_samples_that_are_no_number_are_silence():
    broken = np.array([np.nan, np.inf, -np.inf, 3e38, 0.5], np.float32)

    assert to_pcm(broken).tolist() == [0, 32767, -32768, 32767, 16384]
    assert to_pcm(np.stack([broken, -broken], axis=1)).tolist() == [0, 0, 0, 0, 0]
