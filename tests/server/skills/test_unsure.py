"""What is said where a question is unknown, was heard, or was hardly heard."""

from __future__ import annotations

import pytest

from voice_assistant.server.heard import Certainty


async def test_an_unknown_question_is_answered_with_two_short_sentences_and_then_with_one(talk):
    assert (
        await talk.say("Who won the world cup?")
        == "I cannot look that up yet. Ask me what I can do."
    )
    assert await talk.say("Why is that?") == "I cannot look that up yet."
    assert await talk.say("cook some dinner") == "I cannot do that yet."
    await talk.say("what time is it")
    assert await talk.say("cook some dinner") == "I cannot do that yet. Ask me what I can do."
    assert talk.suggestions[:2] == ("Open the setup", "What can you do?")


async def test_a_chinese_question_is_answered_in_chinese_with_what_can_be_done(talk):
    said = await talk.say("今天天气怎么样?")
    assert said.startswith("我只听得懂英文。")
    assert "闹钟" in said
    assert await talk.say("你会做什么") == "我只听得懂英文。"
    assert talk.suggestions[:2] == ("Open the setup", "What can you do?")
    assert (await talk.say("what does 你好 mean")).startswith("I cannot look that up yet.")


async def test_words_that_were_heard_are_read_back_once(talk):
    said = await talk.say("who wrote war and peace", Certainty.HEARD)
    assert said == "I heard: who wrote war and peace. I cannot look that up yet."
    assert await talk.say("turn on the lights", Certainty.HEARD) == "I cannot do that yet."


async def test_words_that_were_hardly_heard_are_asked_back_and_not_refused(talk):
    said = await talk.say("What is still around?", Certainty.UNSURE)
    assert said == "Did you say: What is still around?"
    assert talk.suggestions == ("Yes", "No")
    assert await talk.say("no") == "Okay. Say it once more, please."
    assert await talk.say("like it", Certainty.UNSURE) == "Did you say: like it?"
    assert await talk.say("yes") == "I cannot do that yet. Ask me what I can do."


async def test_a_change_that_was_hardly_heard_is_made_after_a_yes(talk):
    asked = "Did you say: set a timer for fifty minutes?"
    assert await talk.say("set a timer for fifty minutes", Certainty.UNSURE) == asked
    assert not talk.timers.list()
    assert await talk.say("Yes", Certainty.UNSURE) == "Timer set for 50 minutes."
    assert await talk.say("no, fifteen") == "Timer set for 15 minutes."
    assert [timer.duration_s for timer in talk.timers.list()] == [900]


async def test_words_that_are_heard_twice_are_sure(talk):
    await talk.say("Set a timer for ten minutes.", Certainty.UNSURE)
    said = await talk.say("set a timer for ten minutes", Certainty.UNSURE)
    assert said == "Timer set for 10 minutes."


async def test_what_goes_on_with_the_talk_still_does_after_it_was_asked_back(talk):
    await talk.say("set a timer for ten minutes")
    assert (await talk.say("make it twelve minutes", Certainty.UNSURE)).startswith("Did you say")
    assert await talk.say("yes") == "Timer changed to 12 minutes."


async def test_what_changes_nothing_is_answered_even_if_it_was_hardly_heard(talk):
    assert await talk.say("what is five times seven", Certainty.UNSURE) == "5 times 7 is 35."


async def test_other_words_that_were_hardly_heard_are_offered_what_they_may_mean(talk):
    said = await talk.say("the screen is too bright", Certainty.UNSURE)
    assert said == "Do you mean: make the screen darker?"


async def test_a_command_that_may_have_been_said_is_asked_back_and_done_after_a_yes(talk):
    said = await talk.say("Click the fine.", Certainty.UNSURE, "Cancel the stopwatch.")
    assert said == "Did you say: Cancel the stopwatch?"
    assert (await talk.say("no")).startswith("Okay.")
    said = await talk.say("Time of the men", Certainty.GUESSED, "set a timer for ten minutes")
    assert said == "Did you say: set a timer for ten minutes?"
    assert not talk.timers.list()
    assert await talk.say("yes") == "Timer set for 10 minutes."


async def test_words_that_mean_something_are_no_other_command(talk):
    said = await talk.say("what is five times seven", Certainty.UNSURE, "flip a coin")
    assert said == "5 times 7 is 35."


@pytest.mark.parametrize("certainty", Certainty)
@pytest.mark.parametrize("question", ["sing me a song", "why " * 70, "wake me", "?", ""])
async def test_no_refusal_is_long_or_calls_words_not_understood(talk, question, certainty):
    for _ in range(3):
        said = await talk.say(question, certainty)
        assert len(said) < 180
        assert "underst" not in said
