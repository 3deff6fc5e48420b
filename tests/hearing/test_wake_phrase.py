"""The wake word is no part of the question."""

from __future__ import annotations

import pytest

from voice_assistant.hearing.wake_phrase import without_phrase


@pytest.mark.parametrize(
    ("words", "phrase", "question"),
    [
        ("Computer, what time is it?", "computer", "What time is it?"),
        ("computer what time is it", "computer", "What time is it"),
        ("Computer. Stop.", "computer", "Stop."),
        ("Computers set a timer.", "computer", "Set a timer."),
        ("Computor, stop.", "computer", "Stop."),
        ("Com puter, stop.", "computer", "Stop."),
        ("Hey, computer: stop.", "hey computer", "Stop."),
        ("Jervis, stop.", "jarvis", "Stop."),
        ("Computer.", "computer", ""),
        ("", "computer", ""),
        ("What time is it?", "computer", "What time is it?"),
        ("My computer is slow.", "computer", "My computer is slow."),
        ("Stop.", "computer", "Stop."),
    ],
)
def test_only_a_wake_word_at_the_beginning_is_left_out(words, phrase, question):
    assert without_phrase(words, phrase, woken=True) == question


def test_where_it_did_not_wake_only_the_very_word_is_left_out():
    assert without_phrase("Computer, stop.", "computer", woken=False) == "Stop."
    assert without_phrase("Compute the sum.", "computer", woken=False) == "Compute the sum."
