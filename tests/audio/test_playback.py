"""The buffer between writer and device, without a device."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_assistant.audio.playback import PlaybackBuffer, ToRate

RATE = 1000


def ramp(start, stop):
    return np.arange(start, stop, dtype=np.int16)


def holding(pcm, **options):
    """A buffer into which all of this was written."""
    buffer = PlaybackBuffer(RATE, **options)
    buffer.write(pcm, RATE)
    return buffer


def take(buffer, count, heard_at_s=0.0, late_s=0.0):
    """What the device takes 50 ms before it sounds it, or a little later."""
    buffer.alive_at_s = heard_at_s - 0.05
    return np.rint(buffer.take(count, heard_at_s, heard_at_s + late_s) * 32768).astype(int)


def tone(rate_hz, seconds=1.0, hz=440):
    return np.rint(8000 * np.sin(2 * np.pi * hz * np.arange(rate_hz * seconds) / rate_hz)).astype(
        np.int16
    )


def test_written_sound_comes_out_in_order_and_then_nothing():
    buffer = holding(ramp(1, 6))

    assert take(buffer, 3).tolist() == [1, 2, 3]
    assert take(buffer, 0).tolist() == []
    assert take(buffer, -1).tolist() == [], "the device has more than it should"
    assert take(buffer, 4).tolist() == [4, 5]
    assert take(buffer, 2).tolist() == []


def test_sound_is_taken_with_the_volume_of_that_moment():
    buffer = holding(np.array([16384, -32768], np.int16))
    assert buffer.take(1, 0.0, 0.0).tolist() == [0.5]

    buffer.volume = 0.5
    assert buffer.take(1, 0.0, 0.0).tolist() == [-0.5]
    assert buffer.again(2).tolist() == [0.25, -0.5], "what was taken, as loud as it is wished now"


@given(
    st.lists(st.integers(0, 40), max_size=40),
    st.lists(st.integers(1, 30), min_size=1, max_size=40),
)
def test_nothing_is_lost_or_doubled_however_writing_and_taking_alternate(writes, takes):
    buffer = PlaybackBuffer(RATE, capacity_s=0.05)  # 50 samples: goes round and round
    written, heard = 0, []
    for index in range(max(len(writes), len(takes))):
        if index < len(writes):
            pcm = ramp(written + 1, written + 1 + writes[index])
            try:
                buffer.write(pcm, RATE)
                written += len(pcm)
            except BufferError:
                assert buffer.buffered_s * RATE + len(pcm) > 50
        if index < len(takes):
            heard.extend(take(buffer, takes[index]).tolist())
    heard.extend(take(buffer, 50).tolist())

    assert heard == ramp(1, written + 1).tolist()
    assert buffer.buffered_s == 0


def test_more_than_it_can_hold_is_refused_and_nothing_of_it_kept():
    buffer = holding(ramp(1, 9), capacity_s=0.01)

    with pytest.raises(BufferError):
        buffer.write(ramp(20, 23), RATE)

    assert buffer.buffered_s == 0.008
    assert take(buffer, 10).tolist() == [1, 2, 3, 4, 5, 6, 7, 8]


def test_seconds_buffered_are_those_the_device_has_not_taken():
    buffer = holding(ramp(0, 500))
    take(buffer, 200)

    assert buffer.buffered_s == pytest.approx(0.3)


def test_before_the_device_asks_nothing_is_heard():
    buffer = holding(ramp(0, 500))

    assert buffer.played_s(100.0) == 0
    assert buffer.unplayed_s(100.0) == pytest.approx(0.5)


def test_a_sample_is_heard_when_the_device_sounds_it_not_when_it_takes_it():
    buffer = holding(ramp(0, 500))
    take(buffer, 100, heard_at_s=10.0)
    take(buffer, 100, heard_at_s=10.1)
    assert buffer.played_s(9.0) == 0
    assert buffer.played_s(10.0) == pytest.approx(0.0)
    assert buffer.played_s(10.05) == pytest.approx(0.05)

    take(buffer, 100, heard_at_s=10.2)
    assert buffer.played_s(10.15) == pytest.approx(0.15)
    assert buffer.unplayed_s(10.15) == pytest.approx(0.35)


def test_no_more_is_heard_than_was_taken():
    buffer = holding(ramp(0, 100))
    take(buffer, 100, heard_at_s=10.0)
    take(buffer, 100, heard_at_s=10.1)
    take(buffer, 100, heard_at_s=10.2)

    assert buffer.played_s(10.2) == pytest.approx(0.1), "the silence after it does not count"
    assert buffer.unplayed_s(10.2) == pytest.approx(0.0)


def test_a_device_that_asks_no_more_does_not_sound_what_it_has_taken():
    buffer = holding(ramp(0, 500))
    buffer.alive_at_s = 10.0
    buffer.take(400, 10.0, 10.0)

    assert buffer.played_s(99.0) == pytest.approx(0.1)


@pytest.mark.parametrize("rate_hz", [RATE, 2 * RATE])
def test_another_device_goes_on_with_the_first_sample_that_was_not_heard(rate_hz):
    buffer = holding(ramp(0, 500))
    take(buffer, 200, heard_at_s=10.0)
    assert buffer.played_s(10.04) == pytest.approx(0.04)

    moved = buffer.moved_to(rate_hz, 10.04)

    assert moved.played_s(10.04) == pytest.approx(0.04)
    assert moved.unplayed_s(10.04) == pytest.approx(0.46)
    samples = take(moved, int(0.46 * rate_hz), heard_at_s=20.0)[:: rate_hz // RATE]
    assert samples[30:-30] == pytest.approx(ramp(40, 500)[30:-30], abs=2)
    moved.alive_at_s = 20.5
    assert moved.played_s(20.5) == pytest.approx(0.5)


def test_sound_that_a_change_of_rate_held_back_moves_too():
    buffer = PlaybackBuffer(48_000)
    buffer.write(tone(24_000), 24_000)

    assert buffer.moved_to(44_100, 0.0).buffered_s == pytest.approx(1.0, abs=0.001)


def test_moved_sound_goes_round_the_end_of_the_ring():
    buffer = PlaybackBuffer(RATE, capacity_s=0.1)
    for start in range(0, 300, 60):
        buffer.write(ramp(start, start + 60), RATE)
        take(buffer, 60, heard_at_s=start / RATE)

    assert take(buffer.moved_to(RATE, 0.28), 20).tolist() == ramp(280, 300).tolist()
    assert buffer.moved_to(RATE, 0.0).buffered_s <= 0.1, "what was overwritten is gone"


def test_a_device_that_takes_too_fast_is_not_believed():
    buffer = PlaybackBuffer(RATE)
    for tick in range(10):  # 100 samples every millisecond: it races
        buffer.write(ramp(0, 100), RATE)
        take(buffer, 100, heard_at_s=10.0 + tick / 1000)

    assert buffer.on_its_way_s(10.01) == pytest.approx(0.99)
    assert buffer.played_s(10.01) == pytest.approx(0.01)


def test_sound_that_follows_is_heard_right_behind_what_was_taken():
    buffer = holding(ramp(0, 1000))
    take(buffer, 400, heard_at_s=10.0)
    take(buffer, 50, heard_at_s=10.1, late_s=0.1)  # the device does not know so well

    assert buffer.played_s(10.15) == pytest.approx(0.15)
    assert buffer.on_its_way_s(10.15) == pytest.approx(0.3)


def test_after_a_silence_the_latest_is_assumed():
    buffer = holding(ramp(0, 1000))
    take(buffer, 100, heard_at_s=10.0)
    take(buffer, 100, heard_at_s=11.0, late_s=0.1)

    buffer.alive_at_s = 11.2

    assert buffer.played_s(11.1) == pytest.approx(0.1)
    assert buffer.played_s(11.15) == pytest.approx(0.15)
    assert buffer.unplayed_s(11.2) == pytest.approx(0.8)


def test_another_rate_is_brought_to_that_of_the_device_and_heard_whole():
    buffer = PlaybackBuffer(48_000)
    for at in range(0, 24_000, 1000):
        buffer.write(tone(24_000)[at : at + 1000], 24_000)
    buffer.end()

    assert buffer.buffered_s == pytest.approx(1.0, abs=0.001)
    heard = take(buffer, 48_000)
    assert np.abs(heard[1000:-1000] - tone(48_000)[1000:-1000].astype(int)).max() < 100


def test_rates_may_change_within_and_no_sample_of_either_is_lost():
    buffer = PlaybackBuffer(48_000)
    buffer.write(tone(24_000, 0.5), 24_000)
    buffer.write(tone(16_000, 0.5, hz=880), 16_000)
    buffer.write(tone(48_000, 0.5), 48_000)
    buffer.end()

    assert buffer.buffered_s == pytest.approx(1.5, abs=0.001)
    heard = take(buffer, 72_000).astype(int)
    wanted = np.concatenate([tone(48_000, 0.5), tone(48_000, 0.5, hz=880), tone(48_000, 0.5)])
    inside = np.r_[1000:23_000, 25_000:47_000, 49_000:71_000]
    assert np.abs(heard[inside] - wanted[inside]).max() < 100


def test_an_end_without_anything_written_is_harmless():
    buffer = PlaybackBuffer(RATE)
    buffer.end()
    buffer.end()

    assert buffer.buffered_s == 0
    assert buffer.moved_to(RATE, 1.0).buffered_s == 0


def test_after_an_end_more_may_follow():
    buffer = PlaybackBuffer(48_000)
    for _ in range(2):
        buffer.write(tone(24_000, 0.5), 24_000)
        buffer.end()

    assert buffer.buffered_s == pytest.approx(1.0, abs=0.001)


@pytest.mark.parametrize("rates_hz", [(16_000,), (16_000, 24_000), (44_100, 16_000, 44_100)])
def test_any_sequence_of_rates_becomes_one_rate_of_the_same_length(rates_hz):
    to_rate = ToRate(16_000)
    out = [to_rate.feed(tone(rate_hz), rate_hz) for rate_hz in rates_hz]
    out.append(to_rate.finish())

    assert sum(map(len, out)) == pytest.approx(16_000 * len(rates_hz), abs=16)
