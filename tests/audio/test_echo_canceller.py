"""What the loudspeaker plays is removed from what the microphone hears, and a voice stays."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.audio.room import echo_of

from voice_assistant.audio.clock_drift import EARLY_S
from voice_assistant.audio.echo_canceller import FRAME, EchoCanceller, Step
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
    cleaned = [canceller.process(near[at : at + FRAME], far[at : at + FRAME]) for at in frames]
    return np.concatenate([frame.rest for ready in cleaned for frame in ready])


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
def test_the_echo_of_the_next_answer_is_removed_from_its_beginning_though_its_time_is_not_known(
    late,
):
    canceller = EchoCanceller()
    played = murmur(5, 1)
    what_stays(canceller, echo_of(played, delay_s=0.08), played / 32768)
    canceller.restart()
    assert canceller.step is Step.SOUGHT
    played = np.concatenate([np.zeros(SPEECH_RATE_HZ // 2, np.int16), murmur(3, 4)])
    echo = echo_of(played, delay_s=0.08)
    rest = what_stays(canceller, echo, played / 32768, late)
    assert canceller.step is Step.SURE
    assert removed_db(echo, rest, 0.5, 1.0) > 15
    assert removed_db(echo, rest, 1.0, 2.8) > 15


def test_of_an_answer_that_has_begun_before_the_microphone_was_open_the_echo_is_removed_at_once():
    canceller = EchoCanceller()
    played = murmur(5, 1)
    what_stays(canceller, echo_of(played, delay_s=0.08), played / 32768)
    played, begun = murmur(3, 4), SPEECH_RATE_HZ
    echo = echo_of(played, delay_s=0.08)[begun:]
    canceller.restart()
    canceller.remember((played[: begun + EARLY] / 32768).astype(np.float32))
    rest = what_stays(canceller, echo, played[begun:] / 32768)
    assert removed_db(echo, rest, 0.0, 1.0) > 15


def test_an_echo_that_moves_in_mid_answer_is_found_where_it_is():
    canceller = EchoCanceller()
    played = murmur(5, 1)
    what_stays(canceller, echo_of(played, delay_s=0.08), played / 32768)
    canceller.restart()
    played = murmur(4, 4)
    sooner, later = (echo_of(played, delay_s=delay_s) for delay_s in (0.08, 0.1))
    half = len(played) // 2
    echo = np.concatenate([sooner[:half], later[half:]])
    rest = what_stays(canceller, echo, played / 32768)
    assert removed_db(echo, rest, 2.5, 3.8) > 10


def test_what_was_learned_while_somebody_spoke_is_forgotten_and_nothing_more_is_learned():
    canceller = EchoCanceller()
    near = (murmur(1, 1) / 32768).astype(np.float32)
    rooms = []
    for at in range(0, len(near) - FRAME, FRAME):
        canceller.process(near[at : at + FRAME], near[at : at + FRAME])
        rooms.append(canceller._room)
    canceller.unlearn()
    before = canceller._room
    assert any(before is room for room in rooms[-45:-25])
    canceller.process(near[:FRAME], near[:FRAME], learn=False)
    assert canceller._room is before


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


def test_of_tones_that_are_never_played_nothing_is_learned_from_noise():
    random = np.random.default_rng(1)
    spectrum = np.fft.rfft(random.normal(0.0, 0.1, 80 * SPEECH_RATE_HZ))
    hz = np.linspace(0, SPEECH_RATE_HZ / 2, len(spectrum))
    played = np.fft.irfft(spectrum * np.where(hz < 3000, 1.0, 1e-4)).astype(np.float32)
    echo = 0.3 * np.roll(played, round(0.075 * SPEECH_RATE_HZ))
    canceller = EchoCanceller()
    what_stays(canceller, echo + random.normal(0.0, 3e-4, len(echo)), np.roll(played, EARLY))
    click = np.zeros(60 * FRAME, np.float32)  # has all tones
    click[0] = 0.1
    nothing = np.zeros(FRAME, np.float32)
    cleaned = [canceller.process(nothing, far, learn=False) for far in np.split(click, 60)]
    heard = np.abs(np.fft.rfft(np.concatenate([frame.echo for (frame,) in cleaned])))
    assert heard[len(heard) // 2 :].mean() < 0.1
