"""Timers in people's words: set as they were said, or not at all."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.skills.conftest import Talk

SET = {
    "set a timer for 1 hour 15 minutes and 30 seconds": [("", 4530)],
    "start a timer for 12 minutes named pizza": [("pizza", 720)],
    "set a timer called rice for 10 minutes": [("rice", 600)],
    "set my timer named rice for 10 minutes": [("rice", 600)],
    "start a five minute pizza timer": [("pizza", 300)],
    "set a 5 minute timer for the pizza": [("pizza", 300)],
    "pizza timer 5 minutes": [("pizza", 300)],
    "set a timer for 1:45": [("", 105)],
    "set a timer for 0:45": [("", 45)],
    "set a timer for 2:00:10": [("", 7210)],
    "set an 80s timer": [("", 80)],
    "7m timer": [("", 420)],
    "timer 2h": [("", 7200)],
    "set a timer for 1h20m": [("", 4800)],
    "set a timer for 1h 20m 5s": [("", 4805)],
    "timer for an hour and a quarter": [("", 4500)],
    "timer for two hours and three quarters": [("", 9900)],
    "set a timer for an hour and a half": [("", 5400)],
    "set a timer for three quarters of an hour": [("", 2700)],
    "set a timer for a quarter of an hour": [("", 900)],
    "set a timer for ten and a half minutes": [("", 630)],
    "set a timer for two minutes thirty": [("", 150)],
    "set a timer for 1 hour 20": [("", 4800)],
    "set a timer for 1,5 hours": [("", 5400)],
    "set a timer for 2 days": [("", 172_800)],
    "count down from 30 seconds": [("", 30)],
    "set a mac and cheese timer for 8 minutes": [("mac and cheese", 480)],
    "I need a timer for 6 minutes": [("", 360)],
    "give me a timer for 6 minutes": [("", 360)],
    "can I have a timer for 6 minutes": [("", 360)],
    "could we get a tea timer for 6 minutes, please": [("tea", 360)],
    "I'd like a timer for 6 minutes": [("", 360)],
    "I would like to set a timer for 6 minutes": [("", 360)],
    "I want you to set a timer for 6 minutes": [("", 360)],
    "let's do a timer for 6 minutes": [("", 360)],
    "let's set a timer for 6 minutes": [("", 360)],
    "add a timer for 6 minutes": [("", 360)],
    "start timer 6 minutes": [("", 360)],
    "set timer 6 minutes": [("", 360)],
    "set me a timer for 6 minutes": [("", 360)],
    "would you mind setting a timer for 6 minutes": [("", 360)],
    "could you maybe set a timer for 6 minutes": [("", 360)],
    "set a second timer for 6 minutes": [("", 360)],
    "set a 2nd tea timer for 6 minutes": [("tea", 360)],
    "set another timer for 6 minutes": [("", 360)],
    "start a new timer for 6 minutes": [("", 360)],
    "set an alarm for 6 minutes": [("", 360)],
    "wake me up in 6 minutes": [("", 360)],
    "set a timer for 6 minutes and another for 9 minutes": [("", 360), ("", 540)],
    "set a timer for 6 minutes and another one for an hour": [("", 360), ("", 3600)],
    "set two timers, one for 6 minutes and one for 9 minutes": [("", 360), ("", 540)],
    "set two timers for 6 and 9 minutes": [("", 360), ("", 540)],
    "set a timer for rice for 9 minutes and for fish for 6 minutes": [("fish", 360), ("rice", 540)],
    "set a rice timer for 9 minutes and a fish timer for 6 minutes": [("fish", 360), ("rice", 540)],
}


@pytest.mark.parametrize("question", SET)
async def test_a_timer_is_set_as_it_was_said(talk, question):
    await talk.say(question)
    assert [(timer.name, timer.duration_s) for timer in talk.timers.list()] == SET[question]


REFUSED = [
    "don't set a timer for 6 minutes",
    "dont set a timer for 6 minutes",
    "please do not start a rice timer for 6 minutes",
    "I don't want a timer for 6 minutes",
    "I do not need a timer for 6 minutes",
    "never set a timer for 6 minutes",
    "no timer for 6 minutes",
    "you shouldn't set a timer for 6 minutes",
    "set a timer for 6 minutes? no, don't",
    "why don't you set a timer for 6 minutes",
    "why is there a timer for 6 minutes",
    "is there a timer for 6 minutes",
    "there is a timer for 6 minutes",
    "do I have a timer for 6 minutes",
    "did you set a timer for 6 minutes",
    "have you set a timer for 6 minutes",
    "what is a timer for 6 minutes",
    "how do I set a timer for 6 minutes",
    "should I set a timer for 6 minutes",
    "he set a timer for 6 minutes",
    "my sister has a timer for 6 minutes",
    "if I set a timer for 6 minutes",
    "who set the timer for 6 minutes",
    "set a timer for 6 to 9 minutes",
    "set a timer for 6-9 minutes",
    "set a timer for 6 or 9 minutes",
    "set a timer for eight hour ten hour",
    "set a timer for 5 minutes 5 minutes",
    "set a timer for 5 seconds 3 hours",
    "set a timer for one thirty",
    "set a timer for twelve fifteen",
    "set a timer for 7",
    "rice timer for 9 minutes set a fish timer for 6 minutes",
    "set three timers for 6 and 9 minutes",
    "set a timer for 1,2,3 minutes",
    "set a timer for 1,000,00 seconds",
    "remind me to check the oven in 9 minutes and the rice in 20 minutes",
    "remind me in 20 minutes to check the rice in 9 minutes",
    "don't remind me in 9 minutes to call home",
    "never remind me to call home in 9 minutes",
    "remind me to call home",
    "don't wake me up at 7",
    "I don't want an alarm at 7",
    "set an alarm",
    "set an alarm for 25:10",
    "set a timer for 6 minutes tomorrow",
    "set a timer for 6 minutes later today",
    "set a 6 minute timer for the evening",
    "set a timer for 6 minutes on sunday",
    "set a timer for 6 minutes twice",
    "set a daily timer for 6 minutes",
    "set a repeating walk timer for 6 minutes",
    "set a timer for 6 minutes longer",
    "set a timer for 6! minutes",
    "set a timer for ~6 minutes",
    "set a timer for <6 minutes",
]


@pytest.mark.parametrize("name", ["evening walk", "monday yoga", "night bread"])
async def test_a_name_may_begin_with_a_time(talk, name):
    assert await talk.say(f"set a timer for 6 minutes for {name}")
    assert [timer.name for timer in talk.timers.list()] == [name]


@pytest.mark.parametrize("question", REFUSED)
async def test_no_timer_is_set_without_a_request(talk, question):
    assert await talk.say(question)
    assert talk.timers.list() == ()


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("set a timer for one thirty", "Do you mean 1 minute 30 seconds, or 1 hour 30 minutes?"),
        ("set a timer for 7", "Do you mean 7 minutes, or 7 hours?"),
        ("set a timer for eight hour ten hour", "I heard more than one length of time"),
        ("don't set a timer for 6 minutes", "Okay, nothing is set"),
        ("is there a timer for 6 minutes", "There is no timer running."),
        ("set an alarm for 25:10", "Nothing is set: I did not find a time that I know. Say"),
        ("remind me to x in 9 minutes and y in 20 minutes", "There is more than one time in that"),
        ("remind me to take out the trash at 8 and call mom at 9", "There is more than one time"),
        ("remind me at 5 pm to eat at noon and sleep", "There is more than one time in that"),
        ("don't cancel the pasta timer", "Okay, nothing is set and nothing is changed."),
        ("do not wake me up at 7", "Okay, nothing is set and nothing is changed."),
    ],
)
async def test_a_timer_that_is_not_set_is_reported_or_asked_about(talk, question, said):
    assert (await talk.say(question)).startswith(said)
    for suggestion in talk.suggestions:
        assert await talk.understands(suggestion), suggestion


async def three():
    """A conversation beside three timers."""
    talk = Talk()
    await talk.say("set a rice timer for 9 minutes")
    await talk.say("set a fish timer for 6 minutes")
    await talk.say("wake me up at 7 am")
    return talk


COMMANDS = sorted(
    {
        *SET,
        "cancel the rice timer",
        "cancel all timers",
        "stop the timer",
        "cancel everything",
        "make it 20 minutes",
        "add 5 minutes to the rice timer",
        "reset the fish timer",
        "cancel the alarm",
        "remind me in 9 minutes to call home",
        "remind me to call home at 5 pm",
        "set an alarm for quarter past six",
    }
)
NEGATIONS = [
    "don't",
    "do not",
    "never",
    "please don't",
    "Don\u2019t",
    "you must not",
    "dont",
    "not",
]


@settings(deadline=None, max_examples=60)
@given(negation=st.sampled_from(NEGATIONS), command=st.sampled_from(COMMANDS))
async def test_no_sentence_with_a_negation_in_front_changes_the_timers(negation, command):
    talk = await three()
    before = talk.timers.list()
    assert await talk.say(f"{negation} {command}")
    assert talk.timers.list() == before, (negation, command)


PIECES = ["do", "not", "is", "there", "why", "set", "a", "timer", "for", "5 minutes", "I", "my"]


@settings(deadline=None, max_examples=60)
@given(words=st.lists(st.sampled_from(PIECES)))
async def test_no_order_of_words_that_holds_a_negation_sets_a_timer(words):
    talk = Talk()
    await talk.say(" ".join(["not", *words]))
    assert talk.timers.list() == ()


@pytest.mark.parametrize(
    ("question", "seconds"),
    [
        ("make the rice timer 20 minutes", 1200),
        ("set the rice timer to 20 minutes", 1200),
        ("set the rice timer for 20 minutes", 1200),
        ("change my rice timer to 20 minutes", 1200),
        ("change the 10 minute timer to 20 minutes", 1200),
        ("reset my rice timer 20 minutes", 1200),
        ("reset my rice timer", 600),
        ("add 5 minutes to the rice timer", 840),
        ("add to the rice timer 5 minutes", 840),
        ("extend the rice timer by 5 minutes", 840),
        ("add 5 minutes", 840),
        ("make it 20 minutes", 1200),
        ("actually make it 20 minutes", 1200),
    ],
)
async def test_a_timer_is_changed_and_no_second_one_set(talk, question, seconds):
    await talk.say("set a rice timer for 10 minutes")
    talk.now += dt.timedelta(seconds=60)
    await talk.say(question)
    (timer,) = talk.timers.list()
    assert timer.name == "rice"
    assert timer.due - talk.now.timestamp() == seconds


@pytest.mark.parametrize("change", ["make the fish timer 20 minutes", "reset my fish timer"])
async def test_a_timer_that_there_is_not_is_not_changed(talk, change):
    await talk.say("set a rice timer for 10 minutes")
    assert await talk.say(change) == "There is no such timer."
    assert [timer.duration_s for timer in talk.timers.list()] == [600]


@pytest.mark.parametrize(
    ("set_", "told"),
    [
        ("set a timer for 3725 seconds", "1 hour 2 minutes 5 seconds"),
        ("set a timer for 90061 seconds", "1 day 1 hour 1 minute 1 second"),
        ("set a timer for 100 minutes and 100 seconds", "1 hour 41 minutes 40 seconds"),
        ("set a timer for 100 hours", "4 days 4 hours"),
        ("set a timer for 1.5 seconds", "1.5 seconds"),
        ("set a second timer for 10 minutes", "10 minutes"),
        ("set a timer for 30 days", "30 days"),
    ],
)
async def test_a_length_is_told_whole_and_its_follow_ups_name_it(set_, told):
    for at in range(3):
        talk = Talk()
        assert await talk.say(set_) == f"Timer set for {told}."
        said = await talk.say(talk.suggestions[at])
        assert not said.startswith(("There is no", "I ")), said


async def test_undo_takes_back_the_timer_that_was_just_set_and_claims_nothing_else(talk):
    await talk.say("set a timer for 10 minutes")
    assert await talk.say("undo that") == "The 10 minute timer is cancelled."
    for question in ("undo", "undo that", "delete that", "scratch that"):
        await talk.say("what is 2 plus 2")
        assert await talk.say(question) == "That I cannot undo. Nothing is changed."


@pytest.mark.parametrize(
    "words",
    ["cancel that", "cancel", "never mind", "Nevermind!", "forget it", "stop", "stop it"],
)
async def test_a_dismissal_cancels_the_timer_that_was_just_set(talk, words):
    await talk.say("set a tea timer for 3 minutes")
    await talk.say("set a rice timer for 10 minutes")
    assert await talk.say(words) == "The rice timer is cancelled."
    assert [timer.name for timer in talk.timers.list()] == ["tea"]
    assert (await talk.say(words)).startswith("Okay")
    assert len(talk.timers.list()) == 1


async def test_two_that_were_just_set_are_both_cancelled(talk):
    await talk.say("set a timer for 5 minutes and another for 9 minutes")
    assert await talk.say("never mind") == "All timers are cancelled."
    assert talk.timers.list() == ()


@pytest.mark.parametrize("between", ["what time is it", "thanks", "5*7"])
async def test_a_dismissal_does_not_cancel_an_older_timer(talk, between):
    await talk.say("set a rice timer for 10 minutes")
    await talk.say(between)
    assert await talk.say("never mind") == "Okay. Timers that are set go on."
    assert len(talk.timers.list()) == 1


async def test_a_wave_that_was_not_understood_may_be_said_again(talk):
    await talk.say("set a rice timer for 10 minutes")
    await talk.say("cancle dat")
    assert await talk.say("cancel that") == "The rice timer is cancelled."


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        ("the rice one", ["", "fish"]),
        ("rice", ["", "fish"]),
        ("The rice timer, please", ["", "fish"]),
        ("cancel the fish one", ["", "rice"]),
        ("the three minute one", ["fish", "rice"]),
        ("the first one", ["fish", "rice"]),
        ("the last one", ["", "fish"]),
        ("all", []),
        ("all of them", []),
        ("none", ["", "fish", "rice"]),
        ("what time is it", ["", "fish", "rice"]),
        ("the soup one", ["", "fish", "rice"]),
    ],
)
async def test_which_one_is_answered_in_few_words(talk, answer, left):
    await talk.say("set a rice timer for 10 minutes")
    await talk.say("set a fish timer for 6 minutes")
    await talk.say("set a timer for 3 minutes")
    assert (await talk.say("cancel the timer")).startswith("Which one: the 3 minute timer or")
    await talk.say(answer)
    assert [timer.name for timer in talk.timers.list()] == left


async def test_both_of_two(talk):
    await talk.say("set a rice timer for 10 minutes")
    await talk.say("set a fish timer for 6 minutes")
    await talk.say("cancel the timer")
    assert await talk.say("both") == "All timers are cancelled."


@pytest.mark.parametrize(
    "question", ["is the rice done", "is the rice timer done", "when will the rice timer ring"]
)
async def test_how_far_a_timer_is(talk, question):
    await talk.say("set a rice timer for 10 minutes")
    assert await talk.say(question) == "10 minutes left on the rice timer."
    assert (await talk.say("is dinner ready")).startswith("I cannot")


async def test_a_row_of_numbers_is_no_sum_of_its_ends(talk):
    for question in ("what is the sum of 1 to 100", "the sum of 5 to 10", "product of 1 to 5"):
        assert not await talk.understands(question), question
    assert await talk.say("add 1 to 100") == "1 plus 100 is 101."
