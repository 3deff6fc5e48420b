"""What was misheard or said wrong is said right; alarms are moved."""

from __future__ import annotations

import pytest

from voice_assistant.server.skills.correction import corrected


@pytest.mark.parametrize(
    ("before", "correction", "after"),
    [
        ("set a timer for 50 minutes", "no, fifteen", "Timer set for 15 minutes."),
        ("set a timer for fifty minutes", "I meant fifteen minutes", "Timer set for 15 minutes."),
        ("set a pasta timer for 5 minutes", "no I said nine", "Timer set for 9 minutes: pasta."),
        ("5 km in miles", "no, 15", "15 kilometers are about 9.32 miles."),
        ("what is 12 percent of 50", "sorry, 15 percent", "15 percent of 50 is 7.5."),
        ("what is 9 times thirteen", "no, thirty", "9 times 30 is 270."),
        ("wake me up at 7 am", "no, 8", "Alarm set for 8:00 AM tomorrow, Saturday."),
        ("wake me up at 7 am", "make it 8", "Alarm set for 8:00 AM tomorrow, Saturday."),
        ("roll two dice", "no, three", None),
    ],
)
async def test_the_last_question_is_asked_again_with_the_right_number(
    talk, before, correction, after
):
    await talk.say(before)
    said = await talk.say(correction)
    assert not talk.memory.lost
    if after:
        assert said == after
    assert len(talk.timers.list()) <= 1, "the one that was wrong goes"


async def test_a_correction_may_be_corrected(talk):
    await talk.say("set a timer for 50 minutes")
    await talk.say("no, fifteen")
    assert await talk.say("no, sixteen") == "Timer set for 16 minutes."
    assert [timer.duration_s for timer in talk.timers.list()] == [960]


async def test_which_of_two_numbers_was_wrong_is_asked(talk):
    await talk.say("what is 85 minus 15")
    said = await talk.say("no, 25")
    assert said == "Do you mean: what is 25 minus 15? Or: what is 85 minus 25?"
    assert await talk.say(talk.suggestions[1]) == "85 minus 25 is 60."


@pytest.mark.parametrize("question", ["no, 15", "i meant fifteen", "no, the blue one"])
async def test_without_a_number_before_there_is_nothing_to_correct(talk, question):
    await talk.say("what time is it")
    await talk.say(question)
    assert talk.memory.lost


async def test_a_timer_that_cannot_be_changed_stays_as_it_was(talk):
    await talk.say("set a timer for 50 minutes")
    await talk.say("no, 0")
    assert [timer.duration_s for timer in talk.timers.list()] == [3000]


async def test_a_timer_that_was_set_before_others_is_not_touched(talk):
    await talk.say("set a timer for 50 minutes")
    await talk.say("5 km in miles")
    assert await talk.say("no, fifteen") == "15 kilometers are about 9.32 miles."
    assert len(talk.timers.list()) == 1


def test_the_same_unit_must_follow():
    assert corrected("no, 5 hours", "set a timer for 5 minutes") == []
    assert corrected("no, 7 minutes", "set a timer for 5 minutes") == ["set a timer for 7 minutes"]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("change the alarm to 8 am", "Alarm set for 8:00 AM tomorrow, Saturday."),
        ("move my alarm to 8:30", "Alarm set for 8:30 AM tomorrow, Saturday."),
        ("change the 7 am alarm to 9", "Alarm set for 9:00 AM tomorrow, Saturday."),
        ("move the alarm to 6 pm", "Alarm set for 6:00 PM tomorrow, Saturday."),
    ],
)
async def test_an_alarm_is_moved(talk, said, answer):
    await talk.say("set an alarm for 7 am")
    assert await talk.say(said) == answer
    assert len(talk.timers.list()) == 1


async def test_which_of_two_alarms_is_moved_is_asked(talk):
    await talk.say("set an alarm for 7 am")
    await talk.say("set an alarm for 9 am")
    assert (await talk.say("change the alarm to 8 am")).startswith("Which one:")
    assert (await talk.say("change the 9 am alarm to 8 am")).startswith("Alarm set for 8:00 AM")
    assert len(talk.timers.list()) == 2


async def test_no_alarm_is_moved_where_there_is_none(talk):
    assert await talk.say("change the alarm to 8 am") == "There is no alarm set."
    assert talk.timers.list() == ()


@pytest.mark.parametrize(
    ("question", "when"),
    [
        ("remind me tomorrow to call mum", "9:00 AM tomorrow, Saturday"),
        ("remind me to call mum tomorrow", "9:00 AM tomorrow, Saturday"),
        ("remind me on monday to call mum", "9:00 AM on Monday, November 23"),
        ("remind me tonight to call mum", "8:00 PM today"),
        ("remind me on december 24 at 5 pm to call mum", "5:00 PM on Thursday, December 24"),
        ("remind me on the 24th of december to call mum", "9:00 AM on Thursday, December 24"),
    ],
)
async def test_a_reminder_may_be_for_a_day(talk, question, when):
    assert await talk.say(question) == f"I will remind you at {when}: call mum."


async def test_another_timer_is_set_beside_the_first(talk):
    await talk.say("set a timer for 10 minutes")
    assert await talk.say("and another one for 5 minutes") == "Timer set for 5 minutes."
    assert [timer.duration_s for timer in talk.timers.list()] == [300, 600]


async def test_the_date_is_asked_for_behind_the_time(talk):
    await talk.say("what time is it")
    assert await talk.say("and the date?") == "Today is Friday, November 20, 2026."


async def test_the_time_elsewhere_goes_on(talk):
    await talk.say("what time is it in Tokyo")
    assert await talk.say("and in London?") == "It is 2:05 PM in London."
