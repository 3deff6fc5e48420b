"""What is remembered from one question to the next."""

from __future__ import annotations

import datetime as dt
import re

import msgspec
import pytest

from voice_assistant.server.skills import Memory


async def test_sums_go_on_with_the_last_result(talk):
    assert await talk.say("what is five times seven") == "5 times 7 is 35."
    assert await talk.say("times three") == "35 times 3 is 105."
    assert await talk.say("and plus five") == "105 plus 5 is 110."
    assert await talk.say("*2") == "110 times 2 is 220."
    assert await talk.say("minus twenty") == "220 minus 20 is 200."
    assert await talk.say("plus twenty") == "200 plus 20 is 220."
    assert await talk.say("what is that divided by 20") == "220 divided by 20 is 11."
    assert await talk.say("and that squared") == "11 squared is 121."
    assert await talk.say("the square root of that") == "The square root of 121 is 11."
    assert await talk.say("ten percent of that") == "10 percent of 11 is 1.1."


async def test_results_stay_exact(talk):
    await talk.say("1/3")
    assert (await talk.say("times three")).endswith("is 1.")


async def test_conversions_go_on_with_another_unit_or_amount(talk):
    assert await talk.say("5 km in miles") == "5 kilometers are about 3.11 miles."
    assert await talk.say("and in feet?") == "5 kilometers are about 16,404.2 feet."
    assert await talk.say("what about ten") == "10 kilometers are about 32,808.4 feet."
    assert await talk.say("what about 3 miles") == "3 miles are 15,840 feet."
    assert await talk.say("and in meters") == "3 miles are about 4,828.03 meters."


async def test_days_go_on(talk):
    await talk.say("what is the date today")
    assert await talk.say("and tomorrow?") == "Tomorrow is Saturday, November 21, 2026."


@pytest.mark.parametrize(
    "question",
    ["times three", "and in feet", "make it five minutes", "what about ten", "that squared"],
)
@pytest.mark.parametrize("before", ["", "what time is it"])
async def test_there_is_nothing_to_go_on_with(talk, before, question):
    if before:
        await talk.say(before)
    await talk.say(question)
    assert talk.memory.lost == 1


async def test_politeness_between_does_not_make_it_forget(talk):
    await talk.say("5 km in miles")
    for between in ("thank you", "repeat that", "spell receive", "what is love"):
        await talk.say(between)
    assert await talk.say("and in feet") == "5 kilometers are about 16,404.2 feet."


@pytest.mark.parametrize(
    "repeat", ["repeat that", "say that again please", "what did you say", "repeat it", "again"]
)
async def test_the_last_answer_is_repeated_as_often_as_wished(talk, repeat):
    answer = await talk.say("what is five times seven")
    assert [await talk.say(repeat), await talk.say(repeat)] == [answer, answer]


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("flip a coin", r"Heads\.|Tails\."),
        ("roll three dice", r"You rolled \d and \d and \d, together \d+\."),
        ("pick a number between 5 and 6", r"[56]\."),
    ],
)
async def test_again_throws_coin_and_dice_another_time(talk, question, form):
    thrown = {await talk.say(question)} | {await talk.say("again") for _ in range(30)}
    assert len(thrown) > 1
    assert all(re.fullmatch(form, said) for said in thrown)
    said = await talk.say("again")
    assert await talk.say("repeat that") == said
    assert await talk.say("say that again") == said


async def test_again_after_another_answer_repeats_that(talk):
    await talk.say("flip a coin")
    said = await talk.say("spell yacht")
    assert [await talk.say("again") for _ in range(5)] == [said] * 5


async def test_a_share_is_taken_off_the_last_result(talk):
    await talk.say("150 + 50")
    assert await talk.say("less 10 percent") == "200 minus 10 percent is 180."
    assert await talk.say("plus 50%") == "180 plus 50 percent is 270."


async def test_a_rounded_number_stays_rounded(talk):
    assert (await talk.say("10^59")).endswith("000.")
    assert "about" in await talk.say("what is the square root of that")
    assert "about" in await talk.say("times two")
    assert "about" not in await talk.say("25 + 5")


async def test_there_is_nothing_to_repeat_yet(talk):
    assert await talk.say("repeat that") == "I have not said anything yet."


async def test_memory_survives_as_json(talk):
    for question in ("5 km in miles", "set a timer for ten minutes", "1/3", "nonsense here now"):
        await talk.say(question)
        memory = talk.memory
        assert msgspec.json.decode(msgspec.json.encode(memory), type=Memory) == memory


async def test_a_timer_from_its_setting_to_its_end(talk):
    assert await talk.say("Set a timer for ten minutes") == "Timer set for 10 minutes."
    talk.now += dt.timedelta(seconds=90)
    assert (
        await talk.say("how much time is left")
        == "8 minutes 30 seconds left on the 10 minute timer."
    )
    assert await talk.say("make it fifteen minutes") == "Timer changed to 15 minutes."
    assert [timer.duration_s for timer in talk.timers.list()] == [900]
    assert await talk.say("cancel the timer") == "The 15 minute timer is cancelled."
    assert talk.timers.list() == ()
    assert await talk.say("how much time is left") == "There is no timer running."


@pytest.mark.parametrize(
    ("question", "seconds", "name"),
    [
        ("set a timer for ten minutes", 600, ""),
        ("set a ten-minute timer", 600, ""),
        ("start a 90 second timer", 90, ""),
        ("timer 5 min", 300, ""),
        ("5 min timer", 300, ""),
        ("set a timer for an hour", 3600, ""),
        ("set an hour timer", 3600, ""),
        ("set a timer for half an hour", 1800, ""),
        ("set a timer for an hour and a half", 5400, ""),
        ("set a timer for one and a half hours", 5400, ""),
        ("set a timer for a quarter of an hour", 900, ""),
        ("set a timer for one hour and thirty minutes", 5400, ""),
        ("set a timer for 1 hour 2 minutes", 3720, ""),
        ("set a timer for two minutes and 5 seconds", 125, ""),
        ("set a pasta timer for twelve minutes", 720, "pasta"),
        ("set a timer for the green eggs for 4 minutes", 240, "green eggs"),
        ("set a timer for 4 minutes for the eggs", 240, "eggs"),
        ("remind me in twenty minutes", 1200, ""),
        ("remind me in twenty minutes to call mom", 1200, "call mom"),
        ("remind me to buy 2 apples in an hour", 3600, "buy 2 apples"),
    ],
)
async def test_a_timer_is_set_for_what_was_said(talk, question, seconds, name):
    await talk.say(question)
    (timer,) = talk.timers.list()
    assert (timer.duration_s, timer.name) == (seconds, name)


@pytest.mark.parametrize(
    "question",
    ["set a timer for zero seconds", "set a timer for 9999 hours", "set a timer for -5 minutes"],
)
async def test_a_timer_has_its_limits(talk, question):
    assert await talk.say(question) == "A timer can be set for one second up to thirty days."
    assert talk.timers.list() == ()


async def test_of_several_timers_the_one_that_is_meant_is_cancelled(talk):
    for question in (
        "set a timer for ten minutes",
        "set a pasta timer for 12 minutes",
        "set a tea timer for 3 minutes",
    ):
        await talk.say(question)
    assert await talk.say("list my timers") == (
        "You have 3 timers: the tea timer with 3 minutes left, the 10 minute timer with"
        " 10 minutes left, the pasta timer with 12 minutes left."
    )
    asked = await talk.say("cancel the timer")
    assert asked.startswith("Which one")
    assert len(talk.timers.list()) == 3
    assert await talk.say("cancel the pasta timer") == "The pasta timer is cancelled."
    assert await talk.say("stop the ten minute timer") == "The 10 minute timer is cancelled."
    assert await talk.say("cancel the 7 minute timer") == "There is no such timer."
    await talk.say("set another timer for one hour")
    assert await talk.say("cancel all timers") == "All timers are cancelled."
    assert talk.timers.list() == ()


async def test_of_two_equal_timers_the_first_one_is_cancelled(talk):
    await talk.say("set a timer for ten minutes")
    talk.now += dt.timedelta(seconds=5)
    await talk.say("set a timer for ten minutes")
    assert await talk.say("cancel the timer") == "The 10 minute timer is cancelled."
    assert [timer.id for timer in talk.timers.list()] == ["2"]


async def test_a_change_that_cannot_be_changes_nothing(talk):
    await talk.say("remind me in ten minutes to call mom")
    await talk.say("make it zero minutes")
    assert talk.timers.list()[0].duration_s == 600
    await talk.say("make it twenty minutes")
    (timer,) = talk.timers.list()
    assert (timer.duration_s, timer.name) == (1200, "call mom")
    assert timer.text == "You wanted to be reminded: call mom."


async def test_a_timer_that_nobody_would_hear_says_so(talk):
    talk.timers.listening = False
    assert "only rings while" in await talk.say("set a timer for ten minutes")


async def test_a_timer_says_what_it_was_for(talk):
    await talk.say("remind me in ten minutes to call mom")
    assert talk.timers.list()[0].text == "You wanted to be reminded: call mom."


@pytest.mark.parametrize(
    "questions",
    [
        [""],
        ["what time is it", "what is the date", "and tomorrow", "and the day after tomorrow"],
        ["what day is it in ten days"],
        ["what day is july 4", "how many days until july 4", "how many days until may 1 2020"],
        ["what year is it"],
        ["5*7", "times 2", "1/3", "-3 + 1", "5/0", "nine squared", "square root of 2", "0*1"],
        ["15% of 80", "80 plus 10 percent", "half of nine"],
        ["5 km in miles", "and in feet", "0 km in miles", "3 kg in miles", "-5 c in f"],
        ["5 oz in ml", "5 kg in liters"],
        ["5 gallons in liters", "and in imperial pints", "5 oz in pounds", "1 foot in miles"],
        ["wake me up at 7", "what alarms are set", "cancel the timer", "set an alarm"],
        ["remind me in 10 minutes to call 0170 123 4567", "what timers are set"],
        ["remind me at 5 pm to pay $5.50", "list my timers", "cancel the timer"],
        ["set a timer for 3725 seconds", "make it 100 hours", "make it 1.5 seconds", "never mind"],
        ["set a timer for one thirty", "don't set a timer for 5 minutes", "never mind"],
        ["set a timer for 5 minutes and another for 10 minutes", "change the timer", "stop"],
        ["5 feet 11 inches in centimeters", "0.333 feet in inches"],
        ["70 degrees in celsius", "60 mph in knots", "3 cups in liters", "1 year in days"],
        ["set a timer for 90 seconds", "set a pasta timer for an hour and a half"],
        ["set a timer for ten minutes", "set a tea timer for 3 minutes", "cancel the timer"],
        ["set a timer for ten minutes", "make it 12 minutes", "how much time is left"],
        ["set a timer for 5 minutes", "list timers", "cancel the timer", "how much time is left"],
        ["set a timer for 5 minutes", "cancel the pasta timer"],
        ["set a timer for 0 seconds", "remind me in an hour to call mom", "list timers"],
        ["spell necessary", "spell receive", "repeat that"],
        ["how do I connect a model", "use the chat model", "which chat model do you use"],
        ["what can you do", "hello", "thanks", "who are you", "stop"],
        ["flip a coin", "roll two dice", "pick a number"],
        ["who won the world cup", "and why", "really"],
    ],
)
async def test_everything_that_is_suggested_is_understood(talk, questions):
    for question in questions:
        await talk.say(question)
        assert len(talk.suggestions) <= 3
        assert len(set(talk.suggestions)) == len(talk.suggestions)
        for suggestion in talk.suggestions:
            assert await talk.understands(suggestion), (question, suggestion)


async def test_after_most_answers_something_is_suggested(talk):
    for question in (
        "what time is it",
        "5*7",
        "5 km in miles",
        "set a timer for ten minutes",
        "hm",
    ):
        await talk.say(question)
        assert len(talk.suggestions) >= 2


@pytest.mark.parametrize("then", ["that squared", "^2", "to the power of two"])
async def test_a_result_that_is_negative_is_squared_as_a_whole(talk, then):
    await talk.say("3 - 8")
    assert (await talk.say(then)).endswith(" is 25.")
