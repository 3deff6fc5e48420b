from __future__ import annotations

import numpy as np
import pytest
from helpers.audio.signals import sine

from voice_assistant.audio.level import FLOOR_DBFS, meter, rms_dbfs


def test_a_full_sine_is_three_decibels_below_full_scale():
    assert rms_dbfs(sine(16_000, 1.0, amplitude=1.0)) == pytest.approx(-3.01, abs=0.01)


def test_the_loudest_sample_is_full_scale():
    assert rms_dbfs(np.array([-32768], np.int16)) == 0.0


def test_a_single_bit_of_noise_is_the_floor():
    assert rms_dbfs(np.array([0, 0, 1, 0] * 100, np.int16)) == FLOOR_DBFS


@pytest.mark.parametrize("length", [0, 1, 320])
def test_zeros_are_the_floor(length):
    assert rms_dbfs(np.zeros(length, np.int16)) == FLOOR_DBFS


@pytest.mark.parametrize(
    ("level_dbfs", "bar"),
    [(FLOOR_DBFS, "...."), (-60.0, "...."), (-30.0, "##.."), (-0.1, "####"), (6.0, "####")],
)
def test_a_meter_goes_from_a_quiet_room_to_full_scale(level_dbfs, bar):
    assert meter(level_dbfs, "#", ".", 4) == bar
