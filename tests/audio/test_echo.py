"""The start sound, taken out of what the microphone heard of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from helpers.audio.signals import speech_like

import voice_assistant.cli
from voice_assistant.audio.codec.files import read_speech
from voice_assistant.audio.earcons import end_sound, end_tones, start_sound, start_tones
from voice_assistant.audio.echo import BandStop, Echo
from voice_assistant.audio.endpointing import Endpointing

RATE_HZ = 16_000
SPEECH = speech_like(RATE_HZ, 2.0).astype(np.float64)
QUESTION = read_speech(Path(voice_assistant.cli.__file__).with_name("question.wav")).astype(
    np.float64
)
SILENCE = np.zeros(2 * RATE_HZ)


def without_echo(heard, block=320, within_s=0.7):
    echo = Echo([start_tones(), end_tones()], RATE_HZ, within_s)
    pcm = np.clip(heard, -32768, 32767).astype(np.int16)
    blocks = [echo.feed(pcm[at : at + block]) for at in range(0, len(pcm), block)]
    return np.concatenate([*blocks, echo.finish()]).astype(np.float64)


def in_a_room(delay_s, strength, seed=1, sound=start_sound):
    """The sound as it comes back: late, weaker, and again and again."""
    fading = np.exp(-np.arange(1600) / 400)
    room = 0.1 * np.random.default_rng(seed).standard_normal(1600) * fading
    room[0] = 1.0
    echo = np.convolve(sound(RATE_HZ, 0.5).astype(np.float64), room) * strength
    heard = np.zeros(2 * RATE_HZ)
    begin = round(delay_s * RATE_HZ)
    heard[begin : begin + len(echo)] = echo
    return heard


@pytest.mark.parametrize("block", [320, 7])
@pytest.mark.parametrize("delay_s", [0.03, 0.121, 0.4])
def test_nothing_is_held_back_for_long_after_the_sound_was_heard(delay_s, block):
    heard = in_a_room(delay_s, 0.3)
    pcm = (heard + np.random.default_rng(3).normal(0, 8, len(heard))).astype(np.int16)
    echo = Echo([start_tones()], RATE_HZ, 0.9, until_heard=True)
    held_back, cleaned = 0, []
    for at in range(0, len(pcm), block):
        cleaned.append(echo.feed(pcm[at : at + block]))
        held_back = max(held_back, at + block - sum(map(len, cleaned)))
    assert held_back < (delay_s + 0.35) * RATE_HZ
    assert len(np.concatenate(cleaned)) == len(pcm)
    assert energy(np.concatenate(cleaned).astype(float)) < 0.1 * energy(heard)


def test_a_sound_that_is_not_heard_and_a_voice_are_waited_for_to_the_end():
    echo = Echo([start_tones()], RATE_HZ, 0.9, until_heard=True)
    words = QUESTION.astype(np.int16)
    assert not len(echo.feed(words[: round(0.89 * RATE_HZ)]))
    assert np.array_equal(echo.feed(words[round(0.89 * RATE_HZ) : RATE_HZ]), words[:RATE_HZ])


def energy(pcm):
    return float(np.sum(pcm**2))


def likeness(one, other):
    return float(np.sum(one * other) / np.sqrt(energy(one) * energy(other)))


@pytest.mark.parametrize("delay_s", [0.03, 0.121, 0.4])
@pytest.mark.parametrize("strength", [0.05, 0.5, 2.0])
def test_a_tenth_of_the_sound_is_left_at_most(delay_s, strength):
    heard = in_a_room(delay_s, strength)
    assert energy(without_echo(heard)) < 0.1 * energy(heard)


def test_the_end_of_the_question_before_is_taken_out_too():
    heard = in_a_room(0.05, 0.5, sound=end_sound) + in_a_room(0.35, 0.5)
    assert energy(without_echo(heard)) < 0.1 * energy(heard)


@pytest.mark.parametrize("delay_s", [0.03, 0.121, 0.4])
def test_a_voice_beneath_it_stays(delay_s):
    echo = in_a_room(delay_s, 0.5)
    cleaned = without_echo(SPEECH + echo)
    first = slice(0, RATE_HZ // 2)
    assert likeness(cleaned[first], SPEECH[first]) > 0.95
    assert energy((cleaned - SPEECH)[first]) <= energy(echo[first])


def test_a_voice_alone_is_left_alone():
    assert likeness(without_echo(SPEECH), SPEECH) > 0.99


@pytest.mark.parametrize("begin_s", np.arange(0.0, 1.6, 0.1).round(1))
def test_words_alone_are_left_alone(begin_s):
    words = QUESTION[round(begin_s * RATE_HZ) :]
    np.testing.assert_array_equal(without_echo(words), words)


@pytest.mark.parametrize("block", [1, 333, 11_200, 1_000_000])
def test_where_it_is_cut_changes_nothing(block):
    heard = SPEECH + in_a_room(0.121, 0.5)
    np.testing.assert_array_equal(without_echo(heard, block), without_echo(heard))


def test_silence_stays_silence():
    assert not without_echo(SILENCE).any()


@pytest.mark.parametrize("block", [1, 160, 320, 50_000])
def test_not_a_sample_is_lost_however_it_is_cut(block):
    ramp = np.arange(16_000.0)
    cleaned = without_echo(ramp, block)
    assert len(cleaned) == len(ramp)
    np.testing.assert_array_equal(cleaned[RATE_HZ * 8 // 10 :], ramp[RATE_HZ * 8 // 10 :])


@pytest.mark.parametrize("length", [0, 1, 100, 1500])
def test_a_recording_that_ends_early_is_given_back(length):
    assert len(without_echo(SPEECH[:length])) == length


def heard_by_ears(sound, block=320, *, stop=True):
    """Whether somebody is thought to speak."""
    sounds = [start_tones(), end_tones()]
    ears = Endpointing(without=BandStop(sounds, RATE_HZ, 0.7) if stop else None)
    hiss = np.random.default_rng(2).standard_normal(len(sound)) * 20
    pcm = np.clip(sound + hiss, -32768, 32767).astype(np.int16)
    for at in range(0, len(pcm), block):
        ears.feed(pcm[at : at + block])
    return ears.speech_detected


@pytest.mark.parametrize("sound", [start_sound, end_sound])
@pytest.mark.parametrize("strength", [0.05, 0.2, 0.5])
def test_a_sound_in_a_room_is_nobody_who_speaks(sound, strength):
    rooms = [in_a_room(delay_s, strength, sound=sound) for delay_s in (0.03, 0.121, 0.4)]
    assert any(heard_by_ears(room, stop=False) for room in rooms), "or this would prove nothing"
    assert not any(heard_by_ears(room) for room in rooms)


@pytest.mark.parametrize("block", [320, 7, 16_000])
def test_speech_at_the_same_time_is_noticed(block):
    begin = QUESTION[: RATE_HZ // 2]
    assert heard_by_ears(begin * 0.3 + in_a_room(0.05, 0.3)[: len(begin)], block)


@pytest.mark.parametrize("block", [320, 7, 8000])
def test_sound_that_is_only_examined_keeps_its_length_and_its_remainder(block):
    stop = BandStop([start_tones()], RATE_HZ, 0.7)
    said = QUESTION[: 2 * RATE_HZ].astype(np.int16)
    blocks = [said[at : at + block] for at in range(0, len(said), block)]
    left = np.concatenate([stop.feed(one) for one in (said[:0], *blocks)])
    assert len(left) == len(said)
    np.testing.assert_array_equal(left[RATE_HZ:][240:], said[RATE_HZ:-240])
