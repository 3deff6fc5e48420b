"""Wishes in other words are asked about, and never done unasked."""

from __future__ import annotations

import pytest
from helpers.benchmarks.corpus import OTHERS

from voice_assistant.server.skills import offers


async def test_every_offered_sentence_is_understood(talk):
    sentences = {sentence for _, sentence in offers._examples()}
    assert len(sentences) > 10
    for sentence in sentences:
        assert await talk.understands(sentence), sentence


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("the screen is much too bright", "make the screen darker"),
        ("Do I need to charge my laptop?", "how full is the battery"),
        ("what do i need to buy today", "what is on my shopping list"),
        ("how late is it", "what time is it"),
        ("is my hard drive almost full", "how much disk space is left"),
    ],
)
def test_other_words_are_offered_what_they_may_mean(question, sentence):
    assert offers.offer(question) == sentence


@pytest.mark.parametrize(
    "question",
    [
        *OTHERS,
        "who wrote war and peace",
        "what is the capital of italy",
        "what is the weather like tomorrow",
        "sing me a song",
        "why is that",
        "what should i cook",
        "",
        "?",
        "\u4f60\u597d",
    ],
)
def test_other_talk_is_offered_nothing(question):
    assert offers.offer(question) == ""


async def test_a_yes_does_what_was_offered_and_anything_else_does_not(talk):
    assert await talk.say("the screen is too bright!") == "Do you mean: make the screen darker?"
    assert talk.suggestions == ("Yes", "No")
    assert talk.machine.levels["brightness"] == 95
    assert await talk.say("yes") == "The brightness is at 85 percent."
    await talk.say("the screen is too bright")
    await talk.say("no")
    await talk.say("yes")
    assert talk.machine.levels["brightness"] == 85
