"""Which moments of endless sound are worth a look for a wake word."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from helpers.audio.signals import blocks

import voice_assistant.cli
from voice_assistant.audio.codec.files import read_speech
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.audio.utterance_starts import END_S, LEADS_S, LOOKS_S, UtteranceStarts

QUESTION = read_speech(Path(voice_assistant.cli.__file__).parent / "question.wav")
SPOKEN = QUESTION[np.flatnonzero(np.abs(QUESTION) > 1000)[0] :]
"""Speech from its first sound on."""
RNG = np.random.default_rng(3)


def hiss(seconds: float, level: float = 8.0) -> np.ndarray:
    return RNG.normal(0, level, round(seconds * SPEECH_RATE_HZ)).astype(np.int16)


def looks(sound, size: int = 800) -> list[tuple[float, float]]:
    """When something was worth a look, and the seconds of sound to look at."""
    starts, found = UtteranceStarts(), []
    for n, block in enumerate(blocks(sound, size), start=1):
        if looked_at := starts.feed(block):
            found.append((n * size / SPEECH_RATE_HZ, len(looked_at[0]) / SPEECH_RATE_HZ))
    return found


@pytest.mark.parametrize("level", [0.0, 8.0, 300.0])
def test_a_quiet_room_is_worth_no_look(level):
    assert looks(hiss(20.0, level)) == []


@pytest.mark.parametrize("size", [320, 800, 777, 5000])
def test_the_beginning_of_an_utterance_is_looked_at_a_few_times(size):
    word = SPOKEN[: round(1.4 * SPEECH_RATE_HZ)]
    found = looks(np.concatenate([hiss(2.0), word, hiss(2.0)]), size)
    assert 3 <= len(found) <= len(LOOKS_S) + 1
    first_s, seconds = found[0]
    assert first_s < 2.0 + LOOKS_S[0] + 0.2 + size / SPEECH_RATE_HZ
    assert seconds >= LOOKS_S[0]
    assert max(seconds for _, seconds in found) < LOOKS_S[-1] + END_S + size / SPEECH_RATE_HZ


def first_look(sound) -> list[np.ndarray]:
    starts = UtteranceStarts()
    return next(filter(None, (starts.feed(block) for block in blocks(sound, 320))))


def test_the_sound_of_a_start_begins_just_before_the_voice():
    short, long = first_look(np.concatenate([np.zeros(2 * SPEECH_RATE_HZ, np.int16), SPOKEN]))
    silent_s = np.flatnonzero(np.abs(short) > 500)[0] / SPEECH_RATE_HZ
    assert 0.1 < silent_s < LEADS_S[0]
    assert len(long) - len(short) == round((LEADS_S[1] - LEADS_S[0]) * SPEECH_RATE_HZ)
    assert (long[-len(short) :] == short).all()


def test_a_beginning_that_the_gate_takes_for_noise_is_in_the_long_lead():
    noise = hiss(2.0, 300.0)
    first = noise[-round(0.5 * SPEECH_RATE_HZ) :].copy()  # a syllable as soft as the room
    first[0] = 12345
    short, long = first_look(np.concatenate([noise, first, SPOKEN]))
    assert 12345 not in short
    assert 12345 in long


def test_what_is_looked_at_is_all_that_was_heard_last_also_soon_after_other_speech():
    sound = np.concatenate([hiss(2.0), SPOKEN, hiss(0.4), SPOKEN])
    starts, looked_at = UtteranceStarts(), 0
    for end in range(320, len(sound), 320):
        for pcm in starts.feed(sound[end - 320 : end]):
            assert (sound[end - len(pcm) : end] == pcm).all()
            looked_at += 1
    assert looked_at == 2 * len(LEADS_S) * len(LOOKS_S)


def test_after_a_pause_another_utterance_begins():
    sound = np.concatenate([hiss(2.0), SPOKEN[:12000], hiss(1.0), SPOKEN[:12000], hiss(1.0)])
    times_s = [at_s for at_s, _ in looks(sound)]
    assert any(at_s < 3.6 for at_s in times_s)
    assert any(at_s > 3.9 for at_s in times_s)


def test_long_talk_costs_no_more_than_its_beginning():
    talk = np.concatenate([SPOKEN[:16000]] * 20)  # without a pause
    assert len(looks(np.concatenate([hiss(2.0), talk]))) <= 2 * len(LOOKS_S)


@pytest.mark.parametrize("size", [320, 800, 777, 5000])
def test_the_last_look_at_a_short_utterance_has_all_of_it_and_knows_that_it_is_over(size):
    starts, last = UtteranceStarts(), None
    word = SPOKEN[: round(0.7 * SPEECH_RATE_HZ)]
    for block in blocks(np.concatenate([hiss(2.0), word, hiss(1.0)]), size):
        if sounds := starts.feed(block):
            last = len(sounds[0]) / SPEECH_RATE_HZ, starts.word_complete
    seconds, complete = last
    assert seconds > 0.7 + END_S
    assert complete
