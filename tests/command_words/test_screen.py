"""Which words ask about the screen."""

from __future__ import annotations

import pytest

from voice_assistant.command_words.meaning import Meaning, Situation, meaning_of
from voice_assistant.commands import LookAtScreen


@pytest.mark.parametrize(
    ("words", "part", "question"),
    [
        ("Look at my screen and tell me what is wrong.", "screen", "tell me what is wrong."),
        ("please look at the screen: what is this?", "screen", "what is this?"),
        ("Look at this window, then read it", "window", "read it"),
        ("Could you have a look at my screen?", "screen", ""),
        ("look at my screen", "screen", ""),
        ("look at my screen. Why does it not start?", "screen", "Why does it not start?"),
        ("看一下我的屏幕\uff0c这是什么\uff1f", "screen", "这是什么\uff1f"),
        ("请看我的窗口", "window", ""),
    ],
)
def test_a_question_about_the_screen_is_found(words, part, question):
    wanted = Meaning(LookAtScreen(question=question, part=part))
    for answering in (True, False):
        assert meaning_of(words, Situation(answering=answering)) == wanted


@pytest.mark.parametrize(
    "words",
    [
        "How do I look at my screen time?",
        "look at my screenshot",
        "look at the windows of this house",
        "Clean my screen.",
        "看书",
    ],
)
def test_other_words_are_questions(words):
    assert meaning_of(words, Situation()) is None
