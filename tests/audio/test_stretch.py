"""Speech faster and slower."""

from __future__ import annotations

import numpy as np
import pytest
from bench.sounds import flite, load
from helpers.audio.signals import speech_like
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_assistant.audio.stretch import Stretcher

RATE = 24_000
SPEEDS = (0.5, 0.8, 1.0, 1.25, 2.0, 3.0)


def stretched(pcm, speed, cuts=(), rate_hz=RATE):
    stretcher = Stretcher(rate_hz, speed)
    parts = [stretcher.feed(part) for part in np.split(pcm, sorted(cuts))]
    return np.concatenate([*parts, stretcher.finish()])


def tone(hz, seconds=2.0):
    return (10_000 * np.sin(2 * np.pi * hz * np.arange(int(RATE * seconds)) / RATE)).astype(
        np.int16
    )


def pitch(pcm):
    middle = pcm[len(pcm) // 4 : -len(pcm) // 4]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle)), 1 << 20))
    return np.argmax(spectrum) * RATE / (1 << 20)


@pytest.mark.parametrize("speed", SPEEDS)
@pytest.mark.parametrize("hz", [85, 210, 1200])
def test_the_length_changes_and_the_pitch_does_not(speed, hz):
    out = stretched(tone(hz), speed)
    assert len(out) == round(2 * RATE / speed)
    assert pitch(out) == pytest.approx(hz, abs=0.5)


@pytest.mark.parametrize("speed", SPEEDS)
def test_a_steady_tone_stays_steady_across_all_seams(speed):
    out = stretched(tone(210), speed)[RATE // 10 : -RATE // 10].astype(float)
    loudness = np.sqrt(np.convolve(out**2, np.ones(480) / 480, "valid"))
    assert loudness.min() > 0.9 * loudness.max()


@pytest.mark.parametrize("speed", SPEEDS)
@settings(max_examples=20, deadline=None)
@given(cuts=st.lists(st.integers(0, RATE // 2), max_size=12))
def test_the_cut_of_the_stream_makes_no_difference(speed, cuts):
    pcm = (np.random.default_rng(1).standard_normal(RATE // 2) * 3000).astype(np.int16)
    assert np.array_equal(stretched(pcm, speed, cuts), stretched(pcm, speed))


@pytest.mark.parametrize("speed", SPEEDS)
def test_blocks_make_no_difference_where_10_ms_are_no_whole_number(speed):
    pcm = speech_like(22_050, 4.0, 1)
    blocks = stretched(pcm, speed, range(500, len(pcm), 500), 22_050)
    assert np.array_equal(blocks, stretched(pcm, speed, rate_hz=22_050))


def test_normal_speed_changes_no_sample():
    pcm = tone(210)
    assert np.array_equal(stretched(pcm, 1.0), pcm)


@pytest.mark.parametrize("samples", [0, 1, 7, 500, 2000])
@pytest.mark.parametrize("speed", SPEEDS)
def test_the_shortest_sounds_keep_their_length_too(speed, samples):
    assert len(stretched(tone(210)[:samples], speed)) == round(samples / speed)


@pytest.mark.parametrize("speed", [0.5, 2.0, 3.0])
def test_no_loud_last_syllable_is_lost(speed):
    pcm = np.concatenate([np.zeros(RATE, np.int16), tone(400, 0.2)])
    tail = stretched(pcm, speed)[-int(RATE * 0.15 / speed) :]
    assert np.abs(tail).max() > 9000


def test_speech_at_twice_its_speed_is_still_understood():
    """Its words have the same spectra in the same order: those of every 20 ms, compared."""
    speech = load(flite("The quick brown fox jumps over the lazy dog."))
    fast = stretched(speech, 2.0, rate_hz=16_000)

    def spectra(pcm, step):
        frames = [pcm[at : at + 320] for at in range(0, len(pcm) - 320, step)]
        return np.log(np.abs(np.fft.rfft(np.array(frames) * np.hanning(320))) + 100.0)

    slow, quick = spectra(speech, 320), spectra(fast, 160)
    count = min(len(slow), len(quick))
    alike = [
        max(np.corrcoef(slow[i], quick[j])[0, 1] for j in range(max(0, i - 2), min(count, i + 3)))
        for i in range(count)
    ]
    assert np.median(alike) > 0.9
