"""Where speech begins, and where its sentences do."""

from __future__ import annotations

import numpy as np
import pytest

from voice_assistant.audio.pauses import INAUDIBLE, Pauses, from_first_sound

RATE = 1000


def sound(seconds, level=8000):
    return np.where(np.arange(int(seconds * RATE)) % 2, level, -level).astype(np.int16)


def silence(seconds):
    return np.zeros(int(seconds * RATE), np.int16)


def sentences(pcm, block):
    """Where sentences begin, however it is cut."""
    pauses, at, begins_at = Pauses(), 0, []
    for start in range(0, len(pcm), block):
        for begins, part in pauses.split(pcm[start : start + block], RATE):
            begins_at += [at / RATE] * begins
            at += len(part)
    assert at == len(pcm), "no sample is lost"
    return begins_at


@pytest.mark.parametrize("before", [0, 1, 500])
@pytest.mark.parametrize("level", [INAUDIBLE + 1, 8000, -INAUDIBLE - 1, -32768])
def test_speech_begins_with_its_first_sound(before, level):
    pcm = np.concatenate([np.full(before, INAUDIBLE, np.int16), np.array([level, 0, 0], np.int16)])
    assert from_first_sound(pcm).tolist() == [level, 0, 0]


def test_in_silence_nothing_begins():
    assert len(from_first_sound(silence(1))) == 0
    assert len(from_first_sound(silence(0))) == 0


@pytest.mark.parametrize("block", [20, 40, 100, 300, 10_000])
def test_a_sentence_begins_after_a_long_pause_and_none_after_a_comma(block):
    comma, stop = silence(0.14), silence(0.3)
    pcm = np.concatenate([stop, sound(1), comma, sound(1), stop, sound(1), stop])
    assert sentences(pcm, block) == [pytest.approx(2.74, abs=0.021)]


def test_sound_far_softer_than_the_speech_is_a_pause_too():
    pcm = np.concatenate([sound(1), sound(0.3, level=150), sound(1)])
    assert sentences(pcm, 100) == [pytest.approx(1.3, abs=0.021)]


@pytest.mark.parametrize(("pcm", "audible"), [([], False), ([900] * 50, False), ([0, 900], True)])
def test_an_offset_that_does_not_move_is_silence(pcm, audible):
    pauses = Pauses()
    for block in np.array_split(np.array(pcm, np.int16), 3):
        list(pauses.split(block, 8000))
    assert pauses.audible is audible
