"""Several wishes in one utterance."""

from __future__ import annotations

import time

import pytest

from voice_assistant.server.heard import Certainty

REMINDED = (
    "I will remind you at 5:00 PM today: call mom. I will remind you at 6:00 PM today: call dad."
)
DATE = "Today is Friday, November 20, 2026."


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("what time is it and what's the date", f"It is 3:05 PM. {DATE}"),
        ("What time is it? And what is the date?", f"It is 3:05 PM. {DATE}"),
        (
            "set a timer for 5 minutes and tell me the time",
            "Timer set for 5 minutes. It is 3:05 PM.",
        ),
        (
            "what time is it in Tokyo and in Paris",
            "It is 11:05 PM in Tokyo. It is 3:05 PM in Paris.",
        ),
        ("what is 5 plus 3 and then times 2", "5 plus 3 is 8. 8 times 2 is 16."),
        ("hello, what time is it", "It is 3:05 PM."),
        ("thanks, and what's the date", DATE),
        (
            "set a timer for 5 minutes, then turn down the volume and tell me the time",
            "Timer set for 5 minutes. The volume is at 30 percent. It is 3:05 PM.",
        ),
        (
            "remind me at 5 to call mom and remind me at 6 to call dad",
            REMINDED,
        ),
    ],
)
async def test_each_wish_is_answered_in_turn(talk, question, answer):
    assert await talk.say(question) == answer


@pytest.mark.parametrize(
    "question",
    [
        "don't set a timer and tell me the time",
        "set a timer for 5 minutes and fly to the moon",
        "what is the capital of France and what time is it",
        "open Firefox and clear my shopping list",
        "set an alarm for 7 tonight and tomorrow",
    ],
)
async def test_nothing_is_done_where_not_all_is_understood_or_wanted(talk, question):
    talk.lists.add("shopping list", "milk")
    await talk.say(question)
    assert talk.timers.list() == ()
    assert talk.programs.started == []


async def test_what_a_reminder_or_an_entry_has_in_it_is_no_other_wish(talk):
    await talk.say("remind me in 5 minutes to flip a coin and roll a die")
    assert [timer.name for timer in talk.timers.list()] == ["flip a coin and roll a die"]
    await talk.say("add salt and pepper to the shopping list")
    assert len(talk.lists.entries("shopping list")) == 2


async def test_what_asks_first_is_asked_last(talk):
    assert await talk.say("open Firefox and tell me the time") == "It is 3:05 PM. Open Firefox?"
    await talk.say("yes")
    assert talk.programs.started == [("firefox",)]


async def test_the_last_wish_is_corrected(talk):
    await talk.say("tell me the time and set a timer for 5 minutes")
    await talk.say("no, fifteen")
    assert [timer.duration_s for timer in talk.timers.list()] == [900]


async def test_a_part_that_makes_no_sense_after_all_is_told(talk):
    said = await talk.say("flip a coin and what time is it in Atlantis")
    assert said.endswith(" I cannot do this: what time is it in Atlantis.")


async def test_unsure_words_are_asked_back_as_a_whole(talk):
    wish = "turn the volume down and set a timer for 5 minutes"
    assert await talk.say(wish, Certainty.UNSURE) == f"Did you say: {wish}?"
    assert talk.machine.levels["volume"] == 40
    await talk.say("yes")
    assert (talk.machine.levels["volume"], len(talk.timers.list())) == (30, 1)


async def test_words_without_end_take_no_time(talk):
    begin = time.process_time()
    for words in ("what time is it and ", "set a timer for five minutes and ", "and then ", ". "):
        await talk.say((words * 300)[:300])
    assert time.process_time() - begin < 5
