"""Whether a question is finished, by its words."""

from __future__ import annotations

import pytest

from voice_assistant.hearing.end_of_question import SHARES, Said, judge


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("What time is it?", Said.FINISHED),
        ("I would like to know more.", Said.FINISHED),
        ("Turn it on.", Said.FINISHED),
        ("Set a timer for...", Said.HESITATING),
        ("Set a timer for.", Said.UNFINISHED),
        ("What is the", Said.UNFINISHED),
        ("What is the capital", Said.UNFINISHED),
        ("I want to know, um.", Said.HESITATING),
        ("I want to\u2026", Said.HESITATING),
        ("", Said.UNKNOWN),
        ("...", Said.UNKNOWN),
    ],
)
def test_the_words_tell_whether_more_is_to_come(words, said):
    assert judge(words, command=False) is said


def test_a_known_command_is_finished_whatever_its_last_word():
    assert judge("What is it for", command=True) is Said.COMMAND
    assert judge("Set a timer, um", command=True) is Said.HESITATING


def test_the_silences_are_those_that_were_measured():
    usual_s = 1.5
    waits = {said: round(usual_s * share, 2) for said, share in SHARES.items()}
    assert waits[Said.COMMAND] == 0.35
    assert waits[Said.FINISHED] == 0.7
    assert waits[Said.UNFINISHED] == 1.6
    assert waits[Said.HESITATING] > 1.6
