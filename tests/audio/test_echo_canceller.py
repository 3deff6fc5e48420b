"""What the loudspeaker plays is removed from what the microphone hears, and a voice stays."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.audio.room import echo_of

from voice_assistant.audio.clock_drift import EARLY_S
from voice_assistant.audio.echo_canceller import FRAME, EchoCanceller
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.audio.talk_over import LEAST_DB

EARLY = round(EARLY_S * SPEECH_RATE_HZ)


def murmur(seconds: float, seed: int) -> np.ndarray:
    """Return noise with the colour of speech that swells like syllables, int16."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).normal(size=round(seconds * SPEECH_RATE_HZ)))
    hz = np.linspace(0, SPEECH_RATE_HZ / 2, len(spectrum))
    noise = np.fft.irfft(spectrum / (1 + (hz / 500) ** 2) * (hz > 80))
    swell = np.abs(np.sin(np.arange(len(noise)) * 4 * np.pi / SPEECH_RATE_HZ))
    return np.clip(noise / noise.std() * swell * 5000, -32768, 32767).astype(np.int16)


def what_stays(canceller: EchoCanceller, near, played, late: int = 0) -> np.ndarray:
    """Return what stays of the microphone's sound; the played sound is noted `late` samples off."""
    far = np.concatenate([played[EARLY + late :], np.zeros(EARLY + late)]).astype(np.float32)
    frames = range(0, len(near) - FRAME + 1, FRAME)
    near = near.astype(np.float32)
    rest = [canceller.process(near[at : at + FRAME], far[at : at + FRAME])[0] for at in frames]
    return np.concatenate(rest)


def removed_db(near, rest, begin_s: float, end_s: float) -> float:
    part = slice(round(begin_s * SPEECH_RATE_HZ), round(end_s * SPEECH_RATE_HZ))
    return float(10 * np.log10(np.mean(near[part] ** 2) / np.mean(rest[part] ** 2)))


@pytest.mark.parametrize(("delay_s", "drift_ppm"), [(0.02, 0), (0.15, 0), (0.08, 100)])
def test_an_echo_is_learned_in_some_seconds_whatever_its_delay(delay_s, drift_ppm):
    played = murmur(6, 1)
    echo = echo_of(played, delay_s=delay_s, drift_ppm=drift_ppm)
    rest = what_stays(EchoCanceller(), echo, played / 32768)
    assert removed_db(echo, rest, 4.5, 5.8) > 15


def test_a_voice_stays_whole():
    played, voice = murmur(6, 1), murmur(0.5, 2) / 32768 / 2
    echo = echo_of(played, delay_s=0.08)
    begin = 5 * SPEECH_RATE_HZ
    echo[begin : begin + len(voice)] += voice
    rest = what_stays(EchoCanceller(), echo, played / 32768)[begin : begin + len(voice)]
    assert np.corrcoef(rest, voice)[0, 1] > 0.9


@pytest.mark.parametrize("late", [-600, 0, 500])
def test_the_next_answer_is_known_from_its_first_second_though_its_time_is_not(late):
    canceller = EchoCanceller()
    played = murmur(5, 1)
    what_stays(canceller, echo_of(played, delay_s=0.08), played / 32768)
    canceller.restart()
    assert not canceller.in_step
    played = murmur(3, 4)
    echo = echo_of(played, delay_s=0.08)
    rest = what_stays(canceller, echo, played / 32768, late)
    assert canceller.in_step
    assert removed_db(echo, rest, 1.5, 2.8) > 15


def test_a_loudspeaker_that_was_moved_is_learned_anew():
    canceller = EchoCanceller()
    for seed in (1, 5):
        canceller.restart()
        played = murmur(6, seed)
        echo = echo_of(played, delay_s=0.08, seed=seed)
        rest = what_stays(canceller, echo, played / 32768)
    assert removed_db(echo, rest, 5, 5.8) > 12


def test_headphones_that_were_put_on_are_in_step_within_an_answer():
    canceller = EchoCanceller()
    played = murmur(5, 1)
    what_stays(canceller, echo_of(played, delay_s=0.08), played / 32768)
    canceller.restart()
    hiss = np.random.default_rng(3).normal(0, 3e-4, len(played))
    rest = what_stays(canceller, hiss, murmur(5, 4) / 32768)
    assert canceller.in_step
    assert np.std(rest[-SPEECH_RATE_HZ:]) < 10 ** (LEAST_DB / 20)


def test_silence_teaches_nothing_and_is_not_changed():
    canceller = EchoCanceller()
    hiss = np.random.default_rng(3).normal(0, 1e-3, SPEECH_RATE_HZ)
    rest = what_stays(canceller, hiss, np.zeros(len(hiss)))
    assert np.array_equal(rest, hiss.astype(np.float32))
