"""What is said of an answer that has no words."""

from __future__ import annotations

import time

import pytest

from voice_assistant.turns.answer.files import AnswerFiles

MANY = 50_000


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("![](" * MANY, f"The answer is {MANY} pictures."),
        ("😀 " * MANY, "The answer has no words."),
        ("![](" * MANY + " Yes.", ""),
    ],
)
def test_a_very_long_answer_without_words_does_not_stop_the_assistant(text, told):
    began_s = time.process_time()
    assert AnswerFiles().instead_of_words(text) == told
    assert time.process_time() - began_s < 1  # 8 s where all of it is read as a person would
