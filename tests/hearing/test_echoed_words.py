"""Words that the assistant has just said itself are not somebody else's."""

from __future__ import annotations

import pytest

from voice_assistant.hearing.echoed_words import echoed


@pytest.mark.parametrize(
    ("words", "spoken"),
    [
        ("Stop.", "Say stop to end it."),
        ("Wait a minute.", "You have to wait a minute, or two."),
        ("Pause", "The pauses are short."),
        ("\u6682\u505c", "\u6682\u505c"),
    ],
)
def test_a_part_of_the_sentence_is_an_echo(words, spoken):
    assert echoed(words, spoken)


@pytest.mark.parametrize(
    ("words", "spoken"),
    [
        ("Stop.", "The capital of France is Paris."),
        ("Go on.", "The going is good."),
        ("Next", "It is the next-to-last one."),
        ("Stop.", ""),
    ],
)
def test_other_words_are_none(words, spoken):
    assert not echoed(words, spoken)
