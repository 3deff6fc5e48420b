"""The loudspeaker's sound is read at the pace of the microphone's clock."""

from __future__ import annotations

import numpy as np
import pytest

from voice_assistant.audio.clock_drift import MOST, TwoClocks

FRAME = 160
APART = 4 * FRAME


def turned(room, samples: float):
    """Return what was learned of a room, as if its echo came so many samples later."""
    bins = np.arange(room.shape[1])
    return room * np.exp(-2j * np.pi * bins * samples / (2 * (room.shape[1] - 1)))


def room():
    random = np.random.default_rng(1)
    return random.normal(size=(4, FRAME + 1)) + 1j * random.normal(size=(4, FRAME + 1))


@pytest.mark.parametrize("ppm", [-800, 40, 500])
def test_a_drift_is_followed_until_nothing_turns_any_more(ppm):
    clocks, before = TwoClocks(), room()
    for _ in range(200):
        left = ppm * 1e-6 + clocks._drift
        now = turned(before, left * APART)
        clocks.track(before, now, APART, known=True)
        before = now
    assert clocks._drift * 1e6 == pytest.approx(-ppm, abs=5)


def test_a_drift_that_no_clock_has_is_not_believed():
    clocks, before = TwoClocks(), room()
    for _ in range(100):
        clocks.track(before, turned(before, 5.0), APART, known=False)
    assert abs(clocks._drift) <= MOST


def test_sound_is_read_as_it_is_and_later_where_it_was_moved():
    sound = np.random.default_rng(2).normal(size=40 * FRAME).astype(np.float32)

    def read(clocks):
        return np.concatenate([clocks.read(part) for part in np.split(sound, 40)])

    still, moved = TwoClocks(), TwoClocks()
    plain = read(still)
    moved.read(np.zeros(20 * FRAME, np.float32))  # the past, from which later sound is read
    moved.move(100)
    late = read(moved)
    assert np.allclose(late[5 * FRAME :], plain[5 * FRAME - 100 : -100], atol=1e-5)


@pytest.mark.parametrize("drift", [-MOST, MOST])
def test_clocks_that_run_apart_for_long_still_give_sound(drift):
    clocks = TwoClocks()
    clocks._drift = drift
    sound = np.ones(FRAME, np.float32)
    for _ in range(6000):
        read = clocks.read(sound)
    assert len(read) == FRAME
    assert np.allclose(read, 1.0)


@pytest.mark.parametrize("hz", [300, 3000, 6500])
@pytest.mark.parametrize("place", [0.25, 0.5, 0.9])
def test_a_tone_is_as_loud_between_two_samples_as_at_them(hz, place):
    tone = np.sin(2 * np.pi * hz * np.arange(50 * FRAME) / 16_000).astype(np.float32)

    def level(late: float) -> float:
        clocks = TwoClocks()
        clocks.move(late)
        return float(np.std(np.concatenate([clocks.read(part) for part in np.split(tone, 50)])))

    assert level(place) == pytest.approx(level(0.0), rel=0.02)


def test_what_was_read_is_read_again_where_it_was_moved():
    sound = np.random.default_rng(2).normal(size=60 * FRAME).astype(np.float32)
    still, moved = TwoClocks(), TwoClocks()
    plain = np.concatenate([still.read(part) for part in np.split(sound, 60)])
    for part in np.split(sound, 60):
        moved.read(part)
    moved.move(100)
    again = moved.again(20 * FRAME)
    assert np.allclose(again, plain[-20 * FRAME - 100 : -100], atol=1e-4)


@pytest.mark.parametrize("late", [-300, 40, 1200])
def test_a_place_that_was_found_among_others_is_the_place_it_moves_to(late):
    clocks, before = TwoClocks(), room()
    for _ in range(
        200
    ):  # its drift is 0.1 %: counted by the other clock, 1200 samples are 1.2 more
        now = turned(before, (1e-3 + clocks._drift) * APART)
        clocks.track(before, now, APART, known=True)
        before = now
    for part in np.random.default_rng(5).normal(size=(150, FRAME)).astype(np.float32):
        clocks.read(part)
    earliest = -800
    among = clocks.again(FRAME + late - earliest, earliest)[:FRAME]
    clocks.move(late)
    assert among == pytest.approx(clocks.again(FRAME), abs=1e-2)
