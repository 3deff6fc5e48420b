"""Where a recording is cut."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.audio.signals import speech_like

from voice_assistant.engines.recognition.pieces import LONGEST_S, Pieces

RATE_HZ = 16_000


def speech(seconds):
    return speech_like(RATE_HZ, seconds)


def silence(seconds):
    return np.zeros(int(seconds * RATE_HZ), np.int16)


def fed(*parts, block=3200):
    pieces = Pieces()
    pcm = np.concatenate(parts)
    complete = []
    for at in range(0, pcm.size, block):
        complete += pieces.feed(pcm[at : at + block])
    return pieces, complete


def test_a_pause_ends_no_piece_and_is_noticed():
    pieces, complete = fed(speech(2), silence(1))
    assert not complete
    assert pieces.paused
    assert pieces.spoken_s > 0.5
    assert 2.0 < pieces.said.size / RATE_HZ <= 3.0
    pieces.feed(speech(1))
    assert not pieces.paused


def test_a_long_silence_ends_a_piece_and_is_no_part_of_it():
    pieces, complete = fed(speech(2), silence(7), speech(1))
    (first,) = complete
    assert 2.0 < first.size / RATE_HZ < 3.2
    assert 1 < pieces.said.size / RATE_HZ < 4


def test_silence_alone_is_nothing_said_and_takes_no_memory():
    pieces, complete = fed(silence(40))
    assert not pieces.paused
    assert pieces.rest.size <= LONGEST_S * RATE_HZ
    assert not any(piece.any() for piece in complete)


@pytest.mark.parametrize("block", [1600, 16_000 * 60])
def test_long_speech_is_cut_at_its_quietest_moment_and_nothing_is_lost(block):
    said = np.concatenate([speech(11), silence(0.3), speech(11)])
    pieces, complete = fed(said, block=block)
    (first,) = complete
    assert first.size / RATE_HZ == pytest.approx(11.15, abs=0.15)
    assert np.array_equal(np.concatenate([first, pieces.rest]), said)


def test_speech_that_is_too_soft_to_be_noticed_is_kept():
    pieces, _ = fed((speech(2) / 400).astype(np.int16))
    assert pieces.said.size == pieces.rest.size == 2 * RATE_HZ


def test_nothing_is_nothing():
    pieces, complete = fed(silence(0))
    assert not complete
    assert not pieces.said.size
