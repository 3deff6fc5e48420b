"""Timers are paused and resumed; a wish without a time is asked for it."""

from __future__ import annotations

import datetime as dt

import pytest

from voice_assistant.server.heard import Certainty


def later(talk, minutes):
    talk.now += dt.timedelta(minutes=minutes)


async def test_a_paused_timer_keeps_its_time(talk):
    await talk.say("set a pasta timer for ten minutes")
    later(talk, 4)
    assert (
        await talk.say("pause the pasta timer") == "The pasta timer is paused with 6 minutes left."
    )
    assert talk.suggestions[0] == "Resume the pasta timer"
    later(talk, 30)
    assert (
        await talk.say("how much time is left") == "The pasta timer is paused with 6 minutes left."
    )
    said = await talk.say("what timers are set")
    assert said == "You have one timer: the pasta timer, paused with 6 minutes left."
    assert await talk.say("resume the pasta timer") == "The pasta timer goes on: 6 minutes left."
    later(talk, 1)
    assert await talk.say("how much time is left") == "5 minutes left on the pasta timer."


async def test_the_timer_that_was_talked_of_is_it(talk):
    await talk.say("set a tea timer for three minutes")
    assert (await talk.say("pause it")).startswith("The tea timer is paused")
    assert await talk.say("pause it") == "The tea timer is paused already."
    assert (await talk.say("resume")).startswith("The tea timer goes on")
    assert await talk.say("resume") == "No timer is paused."


async def test_of_several_timers_it_asks_which_one_or_takes_all(talk):
    await talk.say("set a tea timer for three minutes")
    await talk.say("set an egg timer for five minutes")
    assert await talk.say("pause the timer") == "Which one: the tea timer or the egg timer?"
    assert await talk.say("pause all timers") == "All timers are paused."
    assert await talk.say("resume the egg timer") == "The egg timer goes on: 5 minutes left."
    assert await talk.say("resume all timers") == "The tea timer goes on: 3 minutes left."
    assert await talk.say("add two minutes to the egg timer") == "Timer changed to 7 minutes: egg."


@pytest.mark.parametrize("question", ["pause it", "resume", "continue", "pause that"])
async def test_without_a_timer_it_is_about_something_else(talk, question):
    await talk.say("what time is it")
    await talk.say(question)
    assert talk.memory.lost


async def test_an_alarm_is_not_paused(talk):
    await talk.say("wake me up at 7 am")
    assert await talk.say("pause the timer") == "There is no such timer."


@pytest.mark.parametrize(
    ("wish", "asked", "answer", "said"),
    [
        ("set a timer", "For how long?", "Ten minutes.", "Timer set for 10 minutes."),
        ("start an egg timer", "For how long?", "for 3 minutes", "Timer set for 3 minutes: egg."),
        (
            "set timer 9",
            "For 9 minutes, or 9 seconds?",
            "9 seconds",
            "Timer set for 9 seconds.",
        ),
        ("set an alarm", "For what time?", "7 am", "Alarm set for 7:00 AM tomorrow, Saturday."),
        ("wake me up", "For what time?", "at half past six", "Alarm set for 6:30 PM today."),
        (
            "remind me to buy milk",
            "When shall I remind you to buy milk?",
            "in half an hour",
            "I will remind you in 30 minutes: buy milk.",
        ),
        (
            "remind me to buy milk",
            "When shall I remind you to buy milk?",
            "tomorrow",
            "I will remind you at 9:00 AM tomorrow, Saturday: buy milk.",
        ),
    ],
)
async def test_a_time_that_is_missing_is_asked_for(talk, wish, asked, answer, said):
    assert await talk.say(wish) == asked
    assert not talk.timers.list()
    assert await talk.say(answer) == said
    assert len(talk.timers.list()) == 1


@pytest.mark.parametrize("answer", ["what time is it", "never mind", "wake me up at 7", "no"])
async def test_another_sentence_is_no_answer_to_that(talk, answer):
    await talk.say("remind me to buy milk")
    await talk.say(answer)
    assert not any("milk" in timer.name for timer in talk.timers.list())
    await talk.say("in ten minutes")
    assert not any("milk" in timer.name for timer in talk.timers.list())


async def test_an_answer_that_is_not_understood_can_be_said_again(talk):
    await talk.say("remind me to buy milk")
    await talk.say("in tin mince")
    assert await talk.say("in ten minutes") == "I will remind you in 10 minutes: buy milk."


async def test_what_was_completed_can_be_corrected(talk):
    await talk.say("set a timer")
    await talk.say("fifty minutes")
    assert await talk.say("no, fifteen") == "Timer set for 15 minutes."
    assert [timer.duration_s for timer in talk.timers.list()] == [900]


async def test_an_answer_that_was_hardly_heard_is_asked_back_as_a_whole(talk):
    await talk.say("set a timer")
    assert (
        await talk.say("ten minutes", Certainty.UNSURE)
        == "Did you say: set a timer for ten minutes?"
    )
    assert await talk.say("yes") == "Timer set for 10 minutes."


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("how long until 5 pm", "1 hour 55 minutes until 5:00 PM."),
        ("how many minutes until 3:30", "25 minutes until 3:30 PM."),
        ("how many hours until midnight", "8 hours 55 minutes until 12:00 AM."),
        ("how many days until friday", "7 days until Friday, November 27, 2026."),
        ("on which weekday does christmas fall", "December 25, 2026 is a Friday."),
        ("how much longer until christmas", "35 days until Friday, December 25, 2026."),
        ("what is the spelling of cat", "Cat is spelled C-A-T."),
        ("5 kilometers expressed in miles", "5 kilometers are about 3.11 miles."),
        ("ten pounds would be how many kilos", "10 pounds are about 4.54 kilograms."),
        ("sorry, I did not get that", "I have not said anything yet."),
        ("get rid of the pizza timer", "There is no timer running."),
        ("is the timer nearly done", "There is no timer running."),
        ("what do people call you", "I am your voice assistant. Ask me what I can do."),
        ("turn it up", "The volume is at 50 percent."),
        ("volume 30", "The volume is at 30 percent."),
        ("louder", "The volume is at 50 percent."),
        ("lower the volume by 5 percent", "The volume is at 35 percent."),
        ("mute", "The sound is off."),
        ("dim the screen", "The brightness is at 85 percent."),
        ("is it charging", "The battery is at 80 percent and charging."),
        ("what was yesterday", "Yesterday was Thursday, November 19, 2026."),
        ("are you a robot", "I am a program on your computer: your voice assistant."),
        ("how are you doing", "I am well, thank you. What can I do for you?"),
        ("shut up", "Okay."),
        ("yes", "Okay. What can I do for you?"),
    ],
)
async def test_everyday_wordings_are_understood(talk, question, said):
    assert await talk.say(question) == said


async def test_reminders_are_counted_as_such(talk):
    await talk.say("remind me at 6 pm to water the plants")
    await talk.say("remind me in ten minutes to call mom")
    assert (await talk.say("what reminders do I have")).startswith("You have 2 reminders: ")


async def test_two_timers_only_ring_while_somebody_listens(talk):
    talk.timers.listening = False
    said = await talk.say("set two timers for 5 and 10 minutes")
    assert said.endswith("They only ring while voice-assistant is running.")


async def test_of_many_timers_those_that_ring_first_are_read_out(talk):
    for minutes in range(10, 18):
        await talk.say(f"set a timer for {minutes} minutes")
    for question in ("what timers are set", "how much time is left"):
        said = await talk.say(question)
        assert "14 minute timer" in said
        assert "15 minute timer" not in said
        assert said.endswith(", and 3 more.")
