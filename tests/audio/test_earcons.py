from __future__ import annotations

import numpy as np
import pytest

from voice_assistant.audio import earcons

SOUNDS = [earcons.start_sound, earcons.end_sound, earcons.failure_sound, earcons.timer_sound]
SOUNDS += [earcons.ready_sound, earcons.waiting_sound, earcons.muted_sound]
SOUNDS += [earcons.switched_on_sound, earcons.switched_off_sound, earcons.paused_sound]
RATES_HZ = [8_000, 16_000, 22_050, 44_100, 48_000]


def frequency_hz(pcm, rate_hz):
    spectrum = np.abs(np.fft.rfft(pcm * np.hanning(len(pcm)), 65_536))
    return np.argmax(spectrum) * rate_hz / 65_536


@pytest.mark.parametrize("sound", SOUNDS)
@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_a_sound_is_short_soft_edged_and_not_loud(sound, rate_hz):
    pcm = sound(rate_hz)

    assert pcm.dtype == np.int16
    assert 0.06 <= len(pcm) / rate_hz <= 0.12
    assert abs(int(pcm[0])) < 400
    assert abs(int(pcm[-1])) < 400
    assert 6_000 < np.abs(pcm.astype(int)).max() < 12_000


@pytest.mark.parametrize("sound", SOUNDS)
def test_a_sound_has_no_click(sound):
    pcm = sound(48_000).astype(float)

    steps = np.abs(np.diff(pcm, 2))

    assert steps.max() < 0.06 * np.abs(pcm).max()


def test_listening_begins_with_a_rise_and_ends_with_a_fall():
    start, end = earcons.start_sound(48_000), earcons.end_sound(48_000)
    half = len(start) // 2

    assert frequency_hz(start[half:], 48_000) > 1.2 * frequency_hz(start[:half], 48_000)
    assert frequency_hz(end[half:], 48_000) < 0.8 * frequency_hz(end[:half], 48_000)


def test_no_two_sounds_are_alike():
    every = [sound for name, sound in vars(earcons).items() if name.endswith("_sound")]
    assert len(every) > 10
    assert len({sound(16_000).tobytes() for sound in every}) == len(every)


@pytest.mark.parametrize("sound", SOUNDS)
def test_volume_scales_and_is_bounded(sound):
    full, half, none = (sound(16_000, volume).astype(int) for volume in (1.0, 0.5, 0.0))

    assert np.abs(full - 2 * half).max() <= 1
    assert not none.any()
    assert np.array_equal(sound(16_000, 9.0), full)
    assert not sound(16_000, -1.0).any()
