"""One of several timers: by a name in another number, and by the answer to "Which one: …?"."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("eggs", "how long is left on my egg timer"),
        ("eggs", "how long is left on the egg's timer"),
        ("egg", "how long is left on the eggs timer"),
        ("egg", "how long is left on the timer for the eggs"),
        ("pizza", "check the pizza's timer"),
        ("potatoes", "how much longer for the potato"),
        ("cherry", "how long do the cherries still need"),
        ("loaf", "are the loaves done"),
    ],
)
async def test_a_timer_is_known_by_its_name_in_singular_and_plural(talk, name, said):
    await talk.say(f"set a {name} timer for five minutes")
    assert await talk.say(said) == f"5 minutes left on the {name} timer."


async def test_of_two_names_the_one_that_was_said_counts(talk):
    await talk.say("set an egg timer for five minutes")
    await talk.say("set an eggs timer for six minutes")
    assert await talk.say("cancel the egg timer") == "The egg timer is cancelled."
    assert await talk.say("add a minute to the egg timer") == "Timer changed to 7 minutes: eggs."


async def test_a_timer_is_looked_for_by_its_name(talk):
    await talk.say("set an eggs timer for five minutes")
    await talk.say("set a tea timer for six minutes")
    said = "You have one timer: the eggs timer with 5 minutes left."
    assert await talk.say("is there an egg timer") == said
    assert await talk.say("do I have a pizza timer") == "There is no such timer."


@pytest.mark.parametrize("said", ["how long is left on my tea timer", "how long for the train"])
async def test_another_name_is_no_plural(talk, said):
    await talk.say("set a teas and trains timer for five minutes")
    assert "left" not in await talk.say(said)


ALARMS = (
    "set an alarm for 7 am",
    "set a daily alarm for 8 am",
    "set an alarm at 10 pm every Monday",
)
CHOICES = {
    "the daily one": "8:00",
    "daily": "8:00",
    "change the weekly one": "10:00",
    "the one at 7": "7:00",
    "10 pm": "10:00",
    "the 8 am one please": "8:00",
    "the 7 am alarm": "7:00",
    "the first one": "7:00",
    "second": "8:00",
    "the last one": "10:00",
    "the third": "10:00",
}


@pytest.mark.parametrize("answer", CHOICES)
async def test_the_alarm_that_is_chosen_is_changed(talk, answer):
    for wish in ALARMS:
        await talk.say(wish)
    await talk.say("change the alarm to 6:15 am")
    assert (await talk.say(answer)).startswith("Alarm set for 6:15 AM")
    left = {timer.clock_time[11:16] for timer in talk.timers.list()}
    hour, minute = CHOICES[answer].split(":")
    hour = int(hour) + 12 * (hour == "10")
    assert left == {"07:00", "08:00", "22:00", "06:15"} - {f"{hour:02}:{minute}"}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("both", "One after the other, please. Which one: the "),
        ("neither", "Okay, nothing is changed."),
        ("the fourth one", "I cannot do that yet."),
        ("the one that rings", "I cannot do that yet."),
        ("skip the daily one", "I cannot do that yet."),
        ("what time is it", "It is 3:05 PM."),
    ],
)
async def test_words_that_choose_none_change_nothing(talk, answer, said):
    for wish in ALARMS:
        await talk.say(wish)
    before = talk.timers.list()
    await talk.say("change the alarm to 6:15 am")
    assert (await talk.say(answer)).startswith(said)
    assert talk.timers.list() == before


async def test_a_choice_that_fits_two_is_asked_for_again(talk):
    for wish in ("set a daily alarm for 6 am", *ALARMS):
        await talk.say(wish)
    await talk.say("change the alarm to 9 am")
    asked = "Which one: the daily 6:00 AM alarm or the daily 8:00 AM alarm?"
    assert await talk.say("the daily one") == asked
    assert (await talk.say("the second one")).startswith("Alarm set for 9:00 AM every day.")


async def test_both_alarms_of_a_choice_are_left_out_once(talk):
    for wish in ALARMS[1:]:
        await talk.say(wish)
    await talk.say("skip the next alarm")
    said = await talk.say("both")
    assert "daily 8:00 AM alarm comes next on Sunday, November 22." in said
    assert "weekly 10:00 PM alarm comes next on Monday, November 30." in said


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("the eggs timer", "The eggs timer is paused"),
        ("the one for the egg", "The eggs timer is paused"),
        ("pause the tea one", "The tea timer is paused"),
        ("all of them", "All timers are paused."),
    ],
)
async def test_the_timer_that_is_chosen_is_paused(talk, answer, said):
    await talk.say("set an eggs timer for five minutes")
    await talk.say("set a tea timer for six minutes")
    await talk.say("pause the timer")
    assert (await talk.say(answer)).startswith(said)


@pytest.mark.parametrize(
    ("wishes", "cancel", "said"),
    [
        (("7 am", "8 pm"), "cancel both alarms", "The 8:00 PM alarm and the 7:00 AM alarm are"),
        (("6 am", "7 am", "8 am", "9 pm"), "delete all alarms", "All 4 alarms are"),
    ],
)
async def test_many_cancelled_alarms_are_counted_and_few_are_named(talk, wishes, cancel, said):
    for time in wishes:
        await talk.say(f"set an alarm for {time}")
    assert await talk.say(cancel) == f"{said} cancelled."


async def test_what_is_left_is_not_called_all(talk):
    for hour in (5, 6, 7, 8):
        await talk.say(f"set a daily alarm for {hour} am")
    await talk.say("set an alarm for 9 am")
    assert await talk.say("cancel all daily alarms") == "4 alarms are cancelled."
    await talk.say("remind me at 5 pm to call home")
    await talk.say("set a timer for five minutes")
    await talk.say("set a tea timer for five minutes")
    said = await talk.say("cancel everything")
    assert said == "All timers, alarms and reminders are cancelled."


async def test_which_one_comes_last_of_several_wishes_and_is_answered_then(talk):
    await talk.say("set an alarm for 7 am")
    await talk.say("set an alarm for 8 am")
    said = await talk.say("cancel the alarm and tell me the time")
    assert said == "It is 3:05 PM. Which one: the 7:00 AM alarm or the 8:00 AM alarm?"
    assert await talk.say("the 7 am one") == "The 7:00 AM alarm is cancelled."
