"""Forward and back through the sentences of a tape."""

from __future__ import annotations

import numpy as np
import pytest

from voice_assistant.audio.tape import Tape
from voice_assistant.speech.cursor import Cursor

RATE_HZ = 1000


def tape_of(*lengths_s, whole=True):
    tape = Tape()
    for length_s in lengths_s:
        tape.begin_sentence()
        tape.add(np.ones(round(length_s * RATE_HZ), np.int16), RATE_HZ)
    if whole:
        tape.begin_sentence()
    return tape


def cursor_at(at_s, *lengths_s, whole=True):
    cursor = Cursor(tape_of(*lengths_s, whole=whole))
    cursor.go_to(at_s)
    return cursor


@pytest.mark.parametrize(
    ("at_s", "speed", "back_s"),
    [
        (0.0, 1.0, 0.0),
        (1.9, 1.0, 0.0),
        (2.0, 1.0, 0.0),  # at the beginning of the second: the first
        (2.9, 1.0, 0.0),
        (3.1, 1.0, 2.0),
        (3.9, 2.0, 0.0),  # at twice the speed the same second is two
        (5.2, 1.0, 2.0),  # just into the third
        (5.47, 1.0, 5.0),  # it is short, and over
        (5.5, 1.0, 5.0),
    ],
)
def test_back_is_where_this_sentence_begins_or_the_one_before(at_s, speed, back_s):
    cursor = cursor_at(at_s, 2.0, 3.0, 0.5)
    cursor.back(speed)
    assert cursor.at_s == back_s


@pytest.mark.parametrize(
    ("at_s", "speed", "whole", "again_s"),
    [
        (0.5, 1.0, True, 0.0),
        (1.97, 1.0, True, 2.0),  # of the first nothing is left to be heard
        (1.9, 3.0, True, 2.0),
        (2.0, 1.0, True, 2.0),
        (4.9, 1.0, True, 2.0),
        (4.97, 1.0, True, 5.0),
        (4.97, 1.0, False, 2.0),  # more of it may come
    ],
)
def test_a_sentence_that_was_cut_in_two_is_read_again(at_s, speed, whole, again_s):
    cursor = cursor_at(at_s, 2.0, 3.0, whole=whole)
    cursor.rewind_to_sentence(speed)
    assert cursor.at_s == again_s


def test_a_sentence_that_is_skipped_to_is_waited_for():
    tape = tape_of(2.0)
    cursor = Cursor(tape)
    cursor.skip()
    cursor.skip()
    for _ in range(2):
        assert not cursor.has_more
        tape.add(np.ones(RATE_HZ, np.int16), RATE_HZ)
        cursor.settle()
        tape.begin_sentence()
    assert cursor.has_more
    assert cursor.at_s == 3.0


def test_nothing_on_the_tape_is_nowhere_to_go_back_to():
    cursor = Cursor(Tape())
    cursor.back(1.0)
    assert (cursor.at_s, cursor.has_more, cursor.between_sentences) == (0.0, False, True)
