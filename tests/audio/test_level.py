from __future__ import annotations

import numpy as np
import pytest
from helpers.audio.signals import sine

from voice_assistant.audio.level import FLOOR_DBFS, level, meter


def test_a_full_sine_has_three_decibels_between_peak_and_rms():
    measured = level(sine(16_000, 1.0, amplitude=1.0))

    assert measured.peak_dbfs == pytest.approx(0.0, abs=0.01)
    assert measured.rms_dbfs == pytest.approx(-3.01, abs=0.01)
    assert not measured.all_zeros


def test_the_loudest_sample_is_full_scale():
    assert level(np.array([-32768], np.int16)).peak_dbfs == 0.0


def test_a_single_bit_of_noise_is_not_all_zeros():
    measured = level(np.array([0, 0, 1, 0] * 100, np.int16))

    assert not measured.all_zeros
    assert measured.rms_dbfs == FLOOR_DBFS


@pytest.mark.parametrize("length", [0, 1, 320])
def test_zeros_are_the_floor(length):
    assert level(np.zeros(length, np.int16)) == (FLOOR_DBFS, FLOOR_DBFS, True)


@pytest.mark.parametrize(
    ("level_dbfs", "bar"),
    [(FLOOR_DBFS, "...."), (-60.0, "...."), (-30.0, "##.."), (-0.1, "####"), (6.0, "####")],
)
def test_a_meter_goes_from_a_quiet_room_to_full_scale(level_dbfs, bar):
    assert meter(level_dbfs, "#", ".", 4) == bar
