"""Reminders word for word, and alarms at a time of day."""

from __future__ import annotations

import datetime as dt

import pytest

TASKS = [
    "call 0170 123 4567",
    "pay $7.25 to Ann",
    "buy 1/2 pound of butter",
    "take a second pill",
    "go to room 007",
    "write to ann@example.com",
    "say thank you",
    "say please",
    "be at the station at 5:30",
    "meet at 5 p.m.",
    "turn on the TV, then the radio",
    "eat 2,5 apples",
    "not eat",
    "walk for 10 minutes",
    "don't forget the keys",
]


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize(
    "frame",
    [
        "remind me in 10 minutes to {}",
        "Please remind me to {} in ten minutes.",
        "could you remind me to {} in 10 min?",
    ],
)
async def test_a_reminder_is_kept_word_for_word(talk, frame, task):
    assert (await talk.say(frame.format(task))).startswith(
        f"I will remind you in 10 minutes: {task}"
    )
    (timer,) = talk.timers.list()
    assert (timer.duration_s, timer.name) == (600, task)
    assert timer.text == f"You wanted to be reminded: {task}."
    assert talk.suggestions[-1] == f"Cancel the reminder to {task}"
    await talk.say(talk.suggestions[-1])
    assert talk.timers.list() == ()


async def test_a_reminder_may_say_what_not_to_do(talk):
    await talk.say("remind me not to eat in 10 minutes")
    assert [timer.name for timer in talk.timers.list()] == ["not to eat"]


@pytest.mark.parametrize(
    "wish",
    [
        "in ten minutes remind me to {}",
        "In 10 minutes, please remind me to {}.",
        "remind me, please, in ten minutes to {}",
        "remind me after ten minutes to {}",
        "remind me ten minutes from now to {}",
        "remind me to {} ten minutes from now",
        "remind us in ten minutes to {}",
        "set a reminder to {} in ten minutes",
        "set me a reminder in ten minutes to {}",
        "could you make a reminder in ten minutes to {}",
        "reminder in ten minutes to {}",
        "don't let me forget to {} in ten minutes",
        "i need to remember to {} in ten minutes",
        "tell me in ten minutes to {}",
        "alert me in ten minutes to {}",
    ],
)
async def test_a_reminder_is_asked_for_in_many_ways(talk, wish):
    said = await talk.say(wish.format("take the cake out of the oven"))
    assert said == "I will remind you in 10 minutes: take the cake out of the oven."
    assert [timer.duration_s for timer in talk.timers.list()] == [600]


async def test_what_is_not_wanted_is_no_reminder(talk):
    for wish in ("don't set a reminder to eat in ten minutes", "never remind me at 5 to eat"):
        await talk.say(wish)
        assert talk.timers.list() == ()


@pytest.mark.parametrize(
    ("wish", "asked", "answer", "said"),
    [
        (
            "remind me in 5 to eat",
            "Do you mean in 5 minutes, or",
            "in 5 minutes",
            "in 5 minutes: eat.",
        ),
        ("remind me later to eat", "When shall I remind", "at six", "at 6:00 PM today: eat."),
        ("set a reminder", "Of what, and when?", "to eat in an hour", "in 1 hour: eat."),
        (
            "remind me tomorrow",
            "Of what",
            "to eat at nine tomorrow evening",
            "at 9:00 PM tomorrow, Saturday: eat.",
        ),
    ],
)
async def test_what_a_reminder_lacks_is_asked_for(talk, wish, asked, answer, said):
    assert (await talk.say(wish)).startswith(asked)
    assert talk.timers.list() == ()
    assert await talk.say(answer) == f"I will remind you {said}"


FRIDAY, SATURDAY, SUNDAY, MONDAY = "2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"

# It is Friday, 3:05 PM.
ALARMS = {
    "wake me up at 7": f"{SATURDAY}T07:00",
    "Wake me up tomorrow at 7": f"{SATURDAY}T07:00",
    "wake me at seven thirty a.m.": f"{SATURDAY}T07:30",
    "please wake me up at 6:45": f"{SATURDAY}T06:45",
    "wake me up at noon tomorrow": f"{SATURDAY}T12:00",
    "wake me up at 7 tomorrow morning": f"{SATURDAY}T07:00",
    "alarm for quarter past six": f"{FRIDAY}T18:15",
    "set an alarm for ten to five": f"{FRIDAY}T16:50",
    "set an alarm for half past seven": f"{FRIDAY}T19:30",
    "set an alarm for 3 o'clock": f"{SATURDAY}T15:00",
    "set an alarm for 6:30 pm": f"{FRIDAY}T18:30",
    "set an alarm for 2 pm": f"{SATURDAY}T14:00",
    "set an alarm for 19:30": f"{FRIDAY}T19:30",
    "set an alarm for 07:30": f"{SATURDAY}T07:30",
    "set an alarm for eleven fifteen pm": f"{FRIDAY}T23:15",
    "set a 7 am alarm": f"{SATURDAY}T07:00",
    "set an alarm for midnight": f"{SATURDAY}T00:00",
    "set an alarm for 11 at night": f"{FRIDAY}T23:00",
    "set an alarm for 2 at night": f"{SATURDAY}T02:00",
    "set an alarm for Monday at 8": f"{MONDAY}T08:00",
    "set an alarm for 5 in the afternoon on monday": f"{MONDAY}T17:00",
    "remind me at 5 pm to call home": f"{FRIDAY}T17:00",
    "remind me to call home at 5 pm": f"{FRIDAY}T17:00",
    "remind me to call home tomorrow at 9": f"{SATURDAY}T09:00",
    "remind me tonight at 8 to call home": f"{FRIDAY}T20:00",
    "remind me at ten to five to call home": f"{FRIDAY}T16:50",
    "at six remind me to call home": f"{FRIDAY}T18:00",
    "tomorrow at nine, remind me to call home": f"{SATURDAY}T09:00",
    "tomorrow remind me to call home": f"{SATURDAY}T09:00",
    "remind me at 6.30 to call home": f"{FRIDAY}T18:30",
    "remind me to call home sunday at 7": f"{SUNDAY}T07:00",
    "remind me in two days at nine to call home": f"{SUNDAY}T09:00",
    "remind me this evening to call home": f"{FRIDAY}T18:00",
    "remind me in the morning to call home": f"{SATURDAY}T09:00",
    "remind me on monday afternoon to call home": f"{MONDAY}T15:00",
    "set a reminder for 5 pm to call home": f"{FRIDAY}T17:00",
    "create a reminder to call home on monday at noon": f"{MONDAY}T12:00",
    "don't let me forget to call home at five": f"{FRIDAY}T17:00",
    "wake me up at six to call home": f"{SATURDAY}T06:00",
    "tomorrow at seven wake me up": f"{SATURDAY}T07:00",
    "set an alarm for 7 pm in the evening": f"{FRIDAY}T19:00",
    "set a reminder for 5 pm": f"{FRIDAY}T17:00",
}


@pytest.mark.parametrize("question", ALARMS)
async def test_an_alarm_is_set_for_the_next_time_of_that_clock(talk, question):
    said = await talk.say(question)
    (timer,) = talk.timers.list()
    assert timer.clock_time == f"{ALARMS[question]}:00"
    day = {
        FRIDAY: "today",
        SATURDAY: "tomorrow, Saturday",
        SUNDAY: "on Sunday, November 22",
        MONDAY: "on Monday, November 23",
    }
    assert day[timer.clock_time[:10]] in said
    assert timer.name == ("call home" if "home" in question else "")


@pytest.mark.parametrize(
    "question",
    [
        "set an alarm for 7 tomorrow and on monday",
        "set an alarm for 25:10",
        "set an alarm for today at 2 pm",
        "set an alarm for yesterday at 7",
        "set an alarm for 7 am in the evening",
        "wake me up",
        "what is an alarm at 7",
    ],
)
async def test_a_time_that_makes_no_sense_sets_no_alarm(talk, question):
    await talk.say(question)
    assert talk.timers.list() == ()


async def test_alarms_are_told_and_cancelled_by_their_time(talk):
    await talk.say("wake me up at 7")
    await talk.say("set an alarm for 6:30 pm")
    await talk.say("set a timer for ten minutes")
    assert await talk.say("what alarms do I have") == (
        "You have 2 alarms: the 6:30 PM alarm today, the 7:00 AM alarm tomorrow, Saturday."
    )
    assert await talk.say("cancel the 7 am alarm") == "The 7:00 AM alarm is cancelled."
    assert await talk.say("when is my alarm") == "The 6:30 PM alarm is today."
    assert await talk.say("cancel the timer") == "The 10 minute timer is cancelled."
    assert await talk.say("cancel the alarm") == "The 6:30 PM alarm is cancelled."


async def test_an_alarm_is_waved_away(talk):
    await talk.say("wake me up at 7")
    assert await talk.say("never mind") == "The 7:00 AM alarm is cancelled."


async def test_before_seven_it_is_today(talk):
    talk.now = talk.now.replace(hour=5)
    assert await talk.say("wake me up at 7") == "Alarm set for 7:00 AM today."
    talk.now += dt.timedelta(hours=2)
    assert (await talk.say("wake me up at 7")).startswith("Alarm set for 7:00 AM tomorrow")


@pytest.mark.parametrize(
    ("day", "said"),
    [("february 29", "Tuesday, February 29, 2028."), ("february 28", "Sunday, February 28.")],
)
async def test_an_alarm_that_is_years_away_has_its_year(talk, day, said):
    assert (await talk.say(f"set an alarm for {day} at 7 am")).endswith(said)


# It is Friday, 3:05 PM.
LIKELY = {
    "remind me tomorrow at 5 to call home": f"{SATURDAY}T17:00",
    "remind me at half past two to call home": f"{SATURDAY}T14:30",
    "remind me at 12 to call home": f"{SATURDAY}T12:00",
    "remind me about the call at home at 3": f"{SATURDAY}T15:00",
    "remind me monday at 1 to call home": f"{MONDAY}T13:00",
    "remind me tomorrow at 7 to call home": f"{SATURDAY}T07:00",
    "remind me today at 9 to call home": f"{FRIDAY}T21:00",
    "remind me tomorrow morning at 5 to call home": f"{SATURDAY}T05:00",
    "set a reminder for 6 tomorrow": f"{SATURDAY}T18:00",
    "wake me at 6": f"{SATURDAY}T06:00",
    "wake me up at 5 tomorrow": f"{SATURDAY}T05:00",
    "set an alarm for 6 tomorrow": f"{SATURDAY}T06:00",
    "set an alarm for 2": f"{SATURDAY}T14:00",
    "set an alarm for 4": f"{FRIDAY}T16:00",
    "remind me this afternoon to call home": f"{FRIDAY}T16:00",
    "remind me today to call home": f"{FRIDAY}T16:00",
    "remind me tonight to call home": f"{FRIDAY}T20:00",
    "remind me tonight at 1 to call home": f"{SATURDAY}T01:00",
}


@pytest.mark.parametrize("question", LIKELY)
async def test_of_two_halves_of_the_day_the_likely_one_is_meant_and_told(talk, question):
    said = await talk.say(question)
    (timer,) = talk.timers.list()
    assert timer.clock_time == f"{LIKELY[question]}:00"
    hour = timer.clock_time[11:13]
    assert (
        f"{int(hour) % 12 or 12}:{timer.clock_time[14:16]} {'AM' if hour < '12' else 'PM'}" in said
    )


async def test_late_in_the_evening_a_time_in_the_night_may_be_meant(talk):
    talk.now = talk.now.replace(hour=23)
    assert "2:00 AM tomorrow" in await talk.say("remind me at 2 to call home")
    assert "5:00 PM tomorrow" in await talk.say("remind me at 5 to call home")
    assert "1:00 AM tomorrow" in await talk.say("wake me at 1")
    assert "5:00 AM tomorrow" in await talk.say("wake me at 5")
    assert (
        await talk.say("remind me tonight to call home")
    ) == "That time is over. Nothing is set."


@pytest.mark.parametrize(
    ("correction", "hour"),
    [
        ("Make it 5:00 AM", 5),
        ("no, in the morning", 5),
        ("in the morning", 5),
        ("I meant a.m.", 5),
        ("no, six", 18),
        ("make it half past five", 17),
        ("change it to 4", 16),
        ("move it to noon", 12),
    ],
)
async def test_the_time_that_was_guessed_is_corrected(talk, correction, hour):
    await talk.say("set an alarm for 9 am")
    await talk.say("remind me tomorrow at 5 to call home")
    assert talk.suggestions[1] == "Make it 5:00 AM"
    assert (await talk.say(correction)).endswith("tomorrow, Saturday: call home.")
    times = [dt.datetime.fromisoformat(timer.clock_time) for timer in talk.timers.list()]
    assert sorted(time.hour for time in times) == sorted([9, hour])


async def test_a_time_that_was_said_whole_is_not_offered_otherwise(talk):
    await talk.say("remind me tomorrow at 5 pm to call home")
    assert not [one for one in talk.suggestions if one.startswith("Make it")]


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        ("7 am", "change the alarm to 8", "T08:00"),
        ("11 am", "change the alarm to 1", "T13:00"),
        ("11 pm", "move it to 1", "T01:00"),
        ("7 am", "change the alarm to the evening", "T19:00"),
    ],
)
async def test_an_alarm_moves_to_the_nearest_such_time(talk, before, change, after):
    await talk.say(f"set an alarm for {before}")
    await talk.say(change)
    (timer,) = talk.timers.list()
    assert after in timer.clock_time


async def test_what_is_set_tomorrow_is_no_timer_of_minutes(talk):
    await talk.say("set a timer for 5 minutes")
    assert await talk.say("make it 7:30") == "Timer changed to 7 minutes 30 seconds."


# It is Friday, 3:05 PM.
NAMED_DAYS = {
    "remind me on Friday at 5 pm to call home": f"{FRIDAY}T17:00",
    "remind me this Friday at 5 pm to call home": f"{FRIDAY}T17:00",
    "remind me Friday evening to call home": f"{FRIDAY}T18:00",
    "remind me this Friday to call home": f"{FRIDAY}T16:00",
    "remind me this Friday at 9 to call home": f"{FRIDAY}T21:00",
    "remind me Friday night at 1 to call home": f"{SATURDAY}T01:00",
    "remind me tonight at midnight to call home": f"{SATURDAY}T00:00",
    "remind me tomorrow night at 1 to call home": f"{SUNDAY}T01:00",
    "remind me on Friday to call home": "2026-11-27T09:00",
    "remind me on Friday at 2 pm to call home": "2026-11-27T14:00",
    "wake me on Friday at 6": "2026-11-27T06:00",
    "remind me next Friday at 5 pm to call home": "2026-11-27T17:00",
    "remind me this coming Friday to call home": "2026-11-27T09:00",
    "remind me this Monday to call home": f"{MONDAY}T09:00",
}


@pytest.mark.parametrize("question", NAMED_DAYS)
async def test_a_weekday_that_is_todays_is_today_while_its_time_is_to_come(talk, question):
    said = await talk.say(question)
    (timer,) = talk.timers.list()
    assert timer.clock_time == f"{NAMED_DAYS[question]}:00"
    day = {FRIDAY: "today", SATURDAY: "tomorrow", "2026-11-27": "on Friday, November 27"}
    assert day.get(timer.clock_time[:10], "") in said


@pytest.mark.parametrize(
    "question",
    ["remind me this Friday at 2 pm to call", "remind me this morning to call"],
)
async def test_this_day_is_no_other_one_though_the_time_is_over(talk, question):
    assert await talk.say(question) == "That time is over. Nothing is set."


async def test_tonight_is_not_tomorrow_night_though_the_time_is_over(talk):
    talk.now = talk.now.replace(hour=21)
    said = await talk.say("remind me tonight at 8 to call")
    assert said == "That time is over. Nothing is set."


async def test_the_time_tells_which_friday_is_meant(talk):
    await talk.say("wake me up on Friday")
    assert await talk.say("at 6 pm") == "Alarm set for 6:00 PM today."
    assert await talk.say("move it to Friday at 2 pm") == (
        "Alarm set for 2:00 PM on Friday, November 27."
    )
    assert await talk.say("move it to this Friday at 5 pm") == "Alarm set for 5:00 PM today."


async def test_this_friday_is_today_and_the_next_one_is_not(talk):
    assert await talk.say("how many days until this Friday") == "That is today."
    assert await talk.say("when is this Friday") == "November 20, 2026 is a Friday."
    assert await talk.say("when is next Friday") == "November 27, 2026 is a Friday."
