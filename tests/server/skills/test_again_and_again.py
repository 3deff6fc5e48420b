"""Alarms and reminders that come again and again; it is Friday, November 20, 2026, 3:05 PM."""

from __future__ import annotations

import datetime as dt

import pytest

from voice_assistant.server.heard import Certainty
from voice_assistant.server.skills import recurring
from voice_assistant.server.skills.grammar import commands
from voice_assistant.server.skills.words import plain

FRIDAY, SATURDAY, SUNDAY, MONDAY = "2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"
EVERY_DAY, WEEKDAYS = "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
LAST_DAY = "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"

REMINDERS = {
    "every day at 8": (EVERY_DAY, f"{SATURDAY}T08:00"),
    "each day at 8 pm": (EVERY_DAY, f"{FRIDAY}T20:00"),
    "every single day at 8": (EVERY_DAY, f"{SATURDAY}T08:00"),
    "at 8 every day": (EVERY_DAY, f"{SATURDAY}T08:00"),
    "daily at half past six": (EVERY_DAY, f"{FRIDAY}T18:30"),
    "at noon daily": (EVERY_DAY, f"{SATURDAY}T12:00"),
    "every day": (EVERY_DAY, f"{SATURDAY}T09:00"),
    "every day at 2": (EVERY_DAY, f"{SATURDAY}T14:00"),
    "everyday at 8": (EVERY_DAY, f"{SATURDAY}T08:00"),
    "nightly at 9": (EVERY_DAY, f"{FRIDAY}T21:00"),
    "every fortnight": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "2026-11-27T09:00"),
    "every morning": (EVERY_DAY, f"{SATURDAY}T09:00"),
    "every morning at 7": (EVERY_DAY, f"{SATURDAY}T07:00"),
    "every afternoon at 4": (EVERY_DAY, f"{FRIDAY}T16:00"),
    "every evening": (EVERY_DAY, f"{FRIDAY}T18:00"),
    "every evening at 7": (EVERY_DAY, f"{FRIDAY}T19:00"),
    "every night at 11": (EVERY_DAY, f"{FRIDAY}T23:00"),
    "every night at 1": (EVERY_DAY, f"{SATURDAY}T01:00"),
    "every day at 7 in the evening": (EVERY_DAY, f"{FRIDAY}T19:00"),
    "once a day at 10": (EVERY_DAY, f"{SATURDAY}T10:00"),
    "every other day at 8": ("FREQ=DAILY;INTERVAL=2", f"{SATURDAY}T08:00"),
    "every second day at 8": ("FREQ=DAILY;INTERVAL=2", f"{SATURDAY}T08:00"),
    "every three days at 8": ("FREQ=DAILY;INTERVAL=3", f"{SATURDAY}T08:00"),
    "on weekdays at 9": (WEEKDAYS, f"{MONDAY}T09:00"),
    "weekdays at 9": (WEEKDAYS, f"{MONDAY}T09:00"),
    "every weekday at 5 pm": (WEEKDAYS, f"{FRIDAY}T17:00"),
    "Monday to Friday at 9": (WEEKDAYS, f"{MONDAY}T09:00"),
    "every day from Monday through Friday at 9": (WEEKDAYS, f"{MONDAY}T09:00"),
    "on weekends at 10": ("FREQ=WEEKLY;BYDAY=SA,SU", f"{SATURDAY}T10:00"),
    "every other weekend at 10": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU", f"{SATURDAY}T10:00"),
    "every Monday": ("FREQ=WEEKLY;BYDAY=MO", f"{MONDAY}T09:00"),
    "every Friday at 6 pm": ("FREQ=WEEKLY;BYDAY=FR", f"{FRIDAY}T18:00"),
    "every Friday at 2 pm": ("FREQ=WEEKLY;BYDAY=FR", "2026-11-27T14:00"),
    "on Mondays at 6 pm": ("FREQ=WEEKLY;BYDAY=MO", f"{MONDAY}T18:00"),
    "every Monday night at 8": ("FREQ=WEEKLY;BYDAY=MO", f"{MONDAY}T20:00"),
    "every Monday and Thursday at 6": ("FREQ=WEEKLY;BYDAY=MO,TH", f"{MONDAY}T18:00"),
    "every Thursday and every Monday at 6": ("FREQ=WEEKLY;BYDAY=MO,TH", f"{MONDAY}T18:00"),
    "on Mondays, Wednesdays and Fridays at 6 pm": (
        "FREQ=WEEKLY;BYDAY=MO,WE,FR",
        f"{FRIDAY}T18:00",
    ),
    "every other Monday at 9": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", f"{MONDAY}T09:00"),
    "every two weeks on Monday at 9": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", f"{MONDAY}T09:00"),
    "weekly": ("FREQ=WEEKLY;BYDAY=FR", "2026-11-27T09:00"),
    "weekly on Sunday at 5": ("FREQ=WEEKLY;BYDAY=SU", f"{SUNDAY}T17:00"),
    "once a week at 5": ("FREQ=WEEKLY;BYDAY=FR", f"{FRIDAY}T17:00"),
    "monthly": ("FREQ=MONTHLY;BYMONTHDAY=20", "2026-12-20T09:00"),
    "every month on the 5th": ("FREQ=MONTHLY;BYMONTHDAY=5", "2026-12-05T09:00"),
    "every month at 10 on the 5th": ("FREQ=MONTHLY;BYMONTHDAY=5", "2026-12-05T10:00"),
    "on the fifth of every month at 10": ("FREQ=MONTHLY;BYMONTHDAY=5", "2026-12-05T10:00"),
    "every month on the 31st": (LAST_DAY, "2026-11-30T09:00"),
    "every six months on the 1st": ("FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=1", "2026-12-01T09:00"),
    "every year on March 3": ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=3", "2027-03-03T09:00"),
    "on March 3 every year": ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=3", "2027-03-03T09:00"),
    "yearly on Christmas at 8": ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25", "2026-12-25T08:00"),
    "every year on February 29": ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2028-02-29T09:00"),
}
FRAMES = ("remind me {} to eat", "remind me to eat {}, please", "{} remind me to eat")


@pytest.mark.parametrize("often", REMINDERS)
async def test_a_reminder_comes_as_often_as_was_said_in_any_order(talk, often):
    rule, first = REMINDERS[often]
    for frame in FRAMES:
        said = await talk.say(frame.format(often))
        (timer,) = talk.timers.list()
        assert (timer.name, timer.rule, timer.clock_time) == ("eat", rule, f"{first}:00"), said
        assert recurring.said(rule) in said
        talk.timers.cancel(timer.id)


STEPS = {
    "every hour": ("FREQ=HOURLY", 3600),
    "hourly": ("FREQ=HOURLY", 3600),
    "every two hours": ("FREQ=HOURLY;INTERVAL=2", 7200),
    "every thirty minutes": ("FREQ=MINUTELY;INTERVAL=30", 1800),
    "every half hour": ("FREQ=MINUTELY;INTERVAL=30", 1800),
    "every hour and a half": ("FREQ=MINUTELY;INTERVAL=90", 5400),
    "every hour and 15 minutes": ("FREQ=MINUTELY;INTERVAL=75", 4500),
    "every 1 hour and 15 minutes": ("FREQ=MINUTELY;INTERVAL=75", 4500),
    "every minute": ("FREQ=MINUTELY", 60),
    "every 90 seconds": ("FREQ=SECONDLY;INTERVAL=90", 90),
    "every 1.5 hours": ("FREQ=MINUTELY;INTERVAL=90", 5400),
    "every 30 seconds": None,
    "every 0 minutes": None,
    "every 1000 hours": None,
    "every 2 hours at 8": None,
    "every hour in the morning": None,
    "every hour tomorrow": None,
}


@pytest.mark.parametrize("often", STEPS)
async def test_a_reminder_comes_after_a_length_of_time(talk, often):
    for frame in FRAMES:
        said = await talk.say(frame.format(often))
        if STEPS[often] is None:
            assert talk.timers.list() == ()
            assert "Nothing is set" in said
            continue
        (timer,) = talk.timers.list()
        assert (timer.name, timer.clock_time) == ("eat", "")
        assert (timer.rule, timer.duration_s) == STEPS[often]
        talk.timers.cancel(timer.id)


ALARMS = {
    "set an alarm for 7 every day": (EVERY_DAY, f"{SATURDAY}T07:00"),
    "set an alarm for every day at 7 pm": (EVERY_DAY, f"{FRIDAY}T19:00"),
    "every day at 7 set an alarm": (EVERY_DAY, f"{SATURDAY}T07:00"),
    "alarm every day at 7": (EVERY_DAY, f"{SATURDAY}T07:00"),
    "set a daily alarm for 7": (EVERY_DAY, f"{SATURDAY}T07:00"),
    "daily alarm at 7": (EVERY_DAY, f"{SATURDAY}T07:00"),
    "set a recurring alarm for 7 on weekdays": (WEEKDAYS, f"{MONDAY}T07:00"),
    "set a repeating alarm every day for 7": (EVERY_DAY, f"{SATURDAY}T07:00"),
    "set a weekly alarm for 7 on Monday": ("FREQ=WEEKLY;BYDAY=MO", f"{MONDAY}T07:00"),
    "wake me up at 6:30 on weekdays": (WEEKDAYS, f"{MONDAY}T06:30"),
    "wake me up Monday to Friday at 7": (WEEKDAYS, f"{MONDAY}T07:00"),
    "I need to get up at 7 every day": (EVERY_DAY, f"{SATURDAY}T07:00"),
    "every morning at 7 wake me up": (EVERY_DAY, f"{SATURDAY}T07:00"),
    "every Sunday at 10 wake me up": ("FREQ=WEEKLY;BYDAY=SU", f"{SUNDAY}T10:00"),
    "wake me up every two hours": ("FREQ=HOURLY;INTERVAL=2", ""),
    "set an hourly alarm": ("FREQ=HOURLY", ""),
}


@pytest.mark.parametrize("wish", ALARMS)
async def test_an_alarm_comes_as_often_as_was_said(talk, wish):
    rule, first = ALARMS[wish]
    assert (await talk.say(wish)).startswith("Alarm set")
    (timer,) = talk.timers.list()
    assert (timer.rule, timer.clock_time) == (rule, first and f"{first}:00")


@pytest.mark.parametrize(
    "wish",
    [
        "set a daily reminder to eat at 8",
        "set a daily reminder at 8 to eat",
        "set a reminder every day at 8 to eat",
        "add a recurring reminder to eat every day at 8",
        "remind me every day to eat at 8",
        "don't let me forget to eat every day at 8",
    ],
)
async def test_a_daily_reminder_is_asked_for_in_many_ways(talk, wish):
    assert await talk.say(wish) == (
        "I will remind you every day at 8:00 AM: eat. The first time is tomorrow, Saturday."
    )


REFUSED = [
    "remind me every hour between 9 and 5 to eat",
    "remind me to eat hourly from 9 to 5",
    "remind me every two hours starting at 9 to eat",
    "remind me to eat every day at 8 for two weeks",
    "remind me to eat daily at 8 until Friday",
    "remind me every day at 8 until Friday to eat",
    "remind me every day but Sunday at 8 to eat",
    "remind me to eat every day at 8 except on Sundays",
    "remind me at 8 to eat on weekdays for a week",
    "remind me to eat twice a day",
    "remind me to eat every third day at 8",
    "remind me at 8 to eat every now and then",
    "remind me to eat regularly at 8",
    "remind me to eat most days at 8",
    "remind me to eat biweekly at 8",
    "remind me to eat nightly beginning Monday",
    "at 7 pm remind me to eat nightly between 9 and 5",
    "remind me to eat regularly until Friday",
    "remind me to eat for two weeks every Monday",
    "remind me to eat in December every Monday",
    "remind me every hour to eat unless it rains",
    "remind me every day to eat but not today",
    "remind me to eat on Sunday every month",
    "remind me three times a day to eat",
    "remind me at 8 to eat three times a week",
    "remind me every day at 8 and at 20 to eat",
    "remind me every day to eat at 8 and 9",
    "wake me up every day at 8 and 9",
    "remind me to eat daily at eight and nine",
    "remind me every day at 8 tomorrow to eat",
    "remind me every first Monday of the month at 8 to eat",
    "remind me every Monday of the month at 8 to eat",
    "remind me to eat on the 31st of February every year",
    "remind me every year on February 30 to eat",
    "remind me every year on Easter to eat",
    "remind me every month on the 32nd to eat",
    "remind me every March 3 to eat",
    "remind me every 1.5 days at 8 to eat",
    "remind me every 0 days at 8 to eat",
    "remind me every 1000 days at 8 to eat",
    "remind me every other weekday at 8 to eat",
    "remind me every morning at 8 pm to eat",
    "remind me every Monday night at 1 to eat",
    "remind me every Monday to be in the office at 8",
    "remind me every Monday at 8 on Tuesday to eat",
    "remind me daily in 10 minutes to eat",
    "remind me every day",
    "set a daily alarm for 7 on weekdays",
    "set a recurring alarm for 7",
    "set a repeating reminder to eat at 8",
    "wake me at 7 every day except weekends",
    "set a daily timer for 6 minutes",
    "don't remind me every day at 8 to eat",
    "never wake me up every day at 7",
    "how long until every day at 5",
]


@pytest.mark.parametrize("wish", REFUSED)
async def test_what_is_not_understood_as_a_whole_is_not_set_at_all(talk, wish):
    assert await talk.say(wish)
    assert talk.timers.list() == ()


@pytest.mark.parametrize("wish", ["remind me twice a day to eat", "set a recurring alarm for 7"])
async def test_it_is_said_that_it_was_not_understood_how_often(talk, wish):
    said = "Nothing is set: I did not understand how often. Say: wake me up every day at 7."
    assert await talk.say(wish) == said
    for suggestion in talk.suggestions:
        assert await talk.understands(suggestion)


@pytest.mark.parametrize(
    "task",
    [
        "meditate for ten minutes",
        "turn the light on",
        "plan the week",
        "eat before lunch",
        "read the daily news",
        "back up my files for the weekend",
        "take 2 of the 3 pills",
    ],
)
async def test_the_task_that_comes_again_is_kept_word_for_word(talk, task):
    for wish in ("remind me every day at 8 to {}", "remind me to {} every day at 8"):
        await talk.say(wish.format(task))
        (timer,) = talk.timers.list()
        assert (timer.name, timer.rule) == (task, EVERY_DAY)
        talk.timers.cancel(timer.id)


async def test_a_task_does_not_end_where_its_own_time_begins(talk):
    said = "When shall I remind you to wait until Friday?"
    assert await talk.say("remind me to wait until Friday") == said


@pytest.mark.parametrize(
    "wish",
    [
        "remind me to read the daily news at 8",
        "remind me at 8 to plan my every move",
        "remind me about Sunday dinner at 8",
    ],
)
async def test_words_of_the_task_do_not_make_a_reminder_come_again(talk, wish):
    await talk.say(wish)
    assert [(one.rule, one.clock_time) for one in talk.timers.list()] == [
        ("", f"{FRIDAY}T20:00:00")
    ]


@pytest.mark.parametrize(
    ("wish", "then", "said", "changed"),
    [
        ("wake me up every day at 7", "make it 7 PM", "7:00 PM every day", (EVERY_DAY, FRIDAY)),
        ("wake me up every day at 7", "no, at eight", "8:00 AM every day", (EVERY_DAY, SATURDAY)),
        ("wake me up every day at 7", "in the evening", "7:00 PM every day", (EVERY_DAY, FRIDAY)),
        ("wake me up every day at 4 pm", "change the alarm to 3", "3:00 PM", (EVERY_DAY, SATURDAY)),
        ("wake me up every day at 7", "an hour earlier", "6:00 AM every", (EVERY_DAY, SATURDAY)),
        ("wake me up every day at 7", "move the alarm to weekdays at 8", "8:00 AM on weekdays",
         (WEEKDAYS, MONDAY)),
        ("wake me up at 7", "change the alarm to every day", "7:00 AM every day",
         (EVERY_DAY, SATURDAY)),
        ("wake me up every other day at 7", "change the alarm to 5 pm", "5:00 PM every other day",
         ("FREQ=DAILY;INTERVAL=2", SATURDAY)),
        ("wake me up every day at 7", "change the alarm to every other Monday", "7:00 AM every",
         ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", MONDAY)),
    ],
)  # fmt: skip
async def test_what_comes_again_is_changed_and_comes_again(talk, wish, then, said, changed):
    await talk.say(wish)
    assert said in await talk.say(then)
    (timer,) = talk.timers.list()
    assert (timer.rule, timer.clock_time[:10]) == changed


@pytest.mark.parametrize("change", ["change the alarm to tomorrow at 8", "make it 18 hours later"])
async def test_the_days_of_an_alarm_that_comes_again_do_not_change_with_its_time(talk, change):
    await talk.say("wake me up every day at 7")
    before = talk.timers.list()
    assert "Nothing is changed." in await talk.say(change)
    assert talk.timers.list() == before
    for suggestion in talk.suggestions:
        assert await talk.understands(suggestion)


async def test_a_reminder_after_a_length_of_time_gets_another_length(talk):
    await talk.say("remind me every hour to eat")
    assert "every 2 hours: eat" in await talk.say("make it two hours")
    assert "every 2 hours 30 minutes: eat" in await talk.say("add 30 minutes")
    assert [timer.rule for timer in talk.timers.list()] == ["FREQ=MINUTELY;INTERVAL=150"]


async def test_what_comes_again_is_listed_with_its_rule_and_its_next_time(talk):
    await talk.say("remind me every day at 8 to eat")
    await talk.say("wake me up at 7 on weekdays")
    await talk.say("remind me every hour to drink")
    assert await talk.say("what timers are set") == (
        "You have 3 timers: the reminder to drink every hour, next in 1 hour, the reminder to eat"
        " every day at 8:00 AM, next tomorrow, Saturday, the 7:00 AM alarm on weekdays, next on"
        " Monday, November 23."
    )
    assert await talk.say("when is the alarm") == (
        "The recurring 7:00 AM alarm comes next on Monday, November 23."
    )
    for suggestion in talk.suggestions:
        assert await talk.understands(suggestion)


@pytest.mark.parametrize(
    "wish",
    [
        "cancel the daily reminder",
        "cancel the reminder to eat",
        "cancel the daily reminder to eat",
        "cancel the recurring reminder to eat",
        "cancel all reminders",
        "cancel it",
        "stop reminding me to eat",
        "don't remind me to eat anymore",
    ],
)
async def test_a_reminder_that_is_cancelled_does_not_come_again(talk, wish):
    await talk.say("remind me every day at 8 to eat")
    said = "The daily reminder to eat is cancelled. It will not come again."
    assert await talk.say(wish) == said
    assert talk.timers.list() == ()


async def test_of_two_alarms_at_one_time_the_one_that_comes_again_is_told_apart(talk):
    await talk.say("wake me up at 7")
    await talk.say("wake me up every day at 7")
    asked = "Which one: the 7:00 AM alarm or the daily 7:00 AM alarm?"
    assert await talk.say("cancel the 7 am alarm") == asked
    for suggestion in talk.suggestions:
        assert await talk.understands(suggestion)
    assert (await talk.say("the daily one")).startswith("The daily 7:00 AM alarm is cancelled.")
    assert [timer.rule for timer in talk.timers.list()] == [""]


async def test_of_two_alarms_the_one_that_comes_again_is_changed_by_what_it_is_called(talk):
    await talk.say("wake me up at 7")
    await talk.say("wake me up every day at 7")
    assert (await talk.say("change the daily alarm to 8")).startswith("Alarm set for 8:00 AM every")
    assert sorted((one.rule, one.clock_time[11:16]) for one in talk.timers.list()) == [
        ("", "07:00"),
        (EVERY_DAY, "08:00"),
    ]


async def test_the_alarm_of_weekdays_is_called_so_as_well(talk):
    await talk.say("wake me up at 7 on weekdays")
    await talk.say("wake me up at 10 on weekends")
    assert (await talk.say("change the weekday alarm to 6")).endswith("November 23.")
    await talk.say("cancel the weekend alarm")
    assert [timer.clock_time for timer in talk.timers.list()] == [f"{MONDAY}T06:00:00"]


async def test_the_alarm_that_comes_again_is_cancelled_by_what_it_is_called(talk):
    await talk.say("wake me up at 7")
    await talk.say("wake me up every two hours")
    said = "The recurring 2 hour alarm is cancelled. It will not come again."
    assert await talk.say("cancel the recurring 2 hour alarm") == said
    assert [timer.rule for timer in talk.timers.list()] == [""]


@pytest.mark.parametrize(
    "skip",
    [
        "skip the next alarm",
        "skip the next one",
        "skip it",
        "skip tomorrow's alarm",
        "skip the alarm tomorrow",
        "skip the 7 am alarm once",
        "skip the daily 7 am alarm",
    ],
)
async def test_one_time_is_left_out(talk, skip):
    await talk.say("wake me up every day at 7")
    said = "Skipped once. The daily 7:00 AM alarm comes next on Sunday, November 22."
    assert await talk.say(skip) == said
    assert [timer.clock_time for timer in talk.timers.list()] == [f"{SUNDAY}T07:00:00"]


@pytest.mark.parametrize(
    "wish",
    [
        "cancel tomorrow's alarm",
        "cancel the alarm tomorrow",
        "turn off the 7 am alarm for tomorrow",
        "cancel the next alarm",
        "don't wake me up tomorrow",
    ],
)
async def test_who_cancels_one_day_keeps_the_others(talk, wish):
    await talk.say("wake me up every day at 7")
    said = "Skipped once. The daily 7:00 AM alarm comes next on Sunday, November 22."
    assert await talk.say(wish) == said
    await talk.say("cancel all alarms")
    await talk.say("wake me up at 7")
    assert await talk.say(wish) == "The 7:00 AM alarm is cancelled."
    assert await talk.say(wish) == "There is none. Nothing is changed."


async def test_of_two_alarms_on_a_day_none_is_cancelled_unnamed(talk):
    await talk.say("wake me up at 6")
    await talk.say("wake me up every day at 7")
    asked = "Which one: the 6:00 AM alarm or the daily 7:00 AM alarm?"
    assert await talk.say("cancel tomorrow's alarm") == asked
    assert (await talk.say("cancel tomorrow's 7 am alarm")).startswith("Skipped once.")
    assert await talk.say("cancel the next alarm") == "The 6:00 AM alarm is cancelled."


@pytest.mark.parametrize(
    ("wish", "known"),
    [
        ("remind me every day at 8 to eat", "eat comes next at 8:00 AM tomorrow, Saturday."),
        ("remind me every hour to eat", "eat comes next in 1 hour."),
    ],
)
async def test_what_comes_again_already_is_not_set_twice(talk, wish, known):
    await talk.say(wish)
    said = await talk.say(wish)
    assert said.startswith("That is set already.")
    assert said.endswith(known)
    await talk.say(f"{wish} an apple")
    assert [timer.name for timer in talk.timers.list()].count("eat an apple") == 1
    assert len(talk.timers.list()) == 2


@pytest.mark.parametrize("then", ["make it every day", "repeat it every day", "no, daily"])
async def test_what_rings_once_is_repeated_afterwards(talk, then):
    await talk.say("remind me at 8 to eat")
    said = "I will remind you every day at 8:00 PM: eat. The first time is today."
    assert await talk.say(then) == said
    assert len(talk.timers.list()) == 1


async def test_what_comes_again_is_listed_and_cancelled_apart_from_the_rest(talk):
    await talk.say("remind me at 8 to eat")
    await talk.say("remind me every day at 9 to drink")
    await talk.say("remind me every hour to stretch")
    said = "You have one reminder: the reminder to drink every day at 9:00 AM, next tomorrow,"
    assert (await talk.say("what are my daily reminders")).startswith(said)
    assert (await talk.say("which recurring reminders are set")).startswith("You have 2 reminders")
    assert "hourly" not in await talk.say("do I have a daily reminder")
    await talk.say("cancel all my recurring reminders")
    assert [timer.name for timer in talk.timers.list()] == ["eat"]


async def test_what_rings_once_or_on_another_day_is_not_skipped(talk):
    assert await talk.say("skip the next alarm") == "There is none. Nothing is changed."
    await talk.say("wake me up every Monday at 7")
    assert await talk.say("skip tomorrow's alarm") == "There is none. Nothing is changed."
    await talk.say("cancel all alarms")
    await talk.say("wake me up at 7")
    said = "The 7:00 AM alarm rings once only. Nothing is changed."
    assert await talk.say("skip the next alarm") == said
    assert [timer.clock_time for timer in talk.timers.list()] == [f"{SATURDAY}T07:00:00"]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ("wake me up every evening", "Alarm set for 7:00 PM every day. The first time is today."),
        ("wake me up on Monday evening", "Alarm set for 7:00 PM on Monday, November 23."),
        ("set an alarm for tomorrow evening", "Alarm set for 7:00 PM tomorrow, Saturday."),
    ],
)
async def test_the_half_of_the_day_is_kept_while_the_time_is_asked_for(talk, wish, said):
    assert await talk.say(wish) == "For what time?"
    assert await talk.say("at 7") == said


@pytest.mark.parametrize(
    ("wish", "answer"),
    [
        ("wake me up every day", "at 7"),
        ("set an alarm", "at 7 every day"),
        ("set a daily alarm", "7 am"),
        ("wake me up every morning", "7"),
    ],
)
async def test_the_time_of_an_alarm_that_comes_again_is_asked_for(talk, wish, answer):
    assert await talk.say(wish) == "For what time?"
    assert talk.timers.list() == ()
    await talk.say(answer)
    (timer,) = talk.timers.list()
    assert (timer.rule, timer.clock_time) == (EVERY_DAY, f"{SATURDAY}T07:00:00")


async def test_what_was_hardly_heard_is_asked_back_before_it_comes_again(talk):
    wish = "wake me up every day at seven"
    assert await talk.say(wish, Certainty.UNSURE) == f"Did you say: {wish}?"
    assert talk.timers.list() == ()
    await talk.say("yes")
    assert [timer.rule for timer in talk.timers.list()] == [EVERY_DAY]
    skip = "skip the next alarm"
    assert await talk.say(skip, Certainty.UNSURE) == f"Did you say: {skip}?"


async def test_a_month_that_is_too_short_is_told(talk):
    assert await talk.say("remind me every month on the 31st to eat") == (
        "I will remind you every month on the 31st at 9:00 AM: eat."
        " In a shorter month it is the last day. The first time is on Monday, November 30."
    )


RULES = sorted(
    {rule for rule, _ in REMINDERS.values()}
    | {said[0] for said in STEPS.values() if said}
    | {"FREQ=WEEKLY;INTERVAL=3;BYDAY=MO", "FREQ=YEARLY;INTERVAL=2;BYMONTH=3;BYMONTHDAY=3"}
)


@pytest.mark.parametrize("rule", RULES)
async def test_a_rule_is_read_back_in_words_that_are_understood(talk, rule):
    match = talk.skills._matcher.match(plain(f"remind me {recurring.said(rule)} to x"))
    assert recurring.rule_of(match, dt.date(2026, 11, 20)) == rule


async def test_it_is_heard_as_well(talk):
    heard = commands()
    for wish in (
        "wake me up every day at seven",
        "set an alarm for seven on weekdays",
        "set a daily alarm for six thirty",
        "skip the next alarm",
    ):
        assert heard.spoken.accepts(wish)
    for wish in (
        "remind me every hour to anything",
        "remind me every day at eight to anything",
        "every monday at nine remind me to anything",
    ):
        assert heard.open_ended.accepts(wish)
