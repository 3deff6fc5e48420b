"""What people ask every day, in many wordings; it is Friday, November 20, 2026, 3:05 PM."""

from __future__ import annotations

import pytest

ANSWERS = {
    "what is the time difference between London and New York": (
        "London is 5 hours ahead of New York."
    ),
    "how far ahead is Tokyo": "Tokyo is 8 hours ahead of you.",
    "how many hours is New York behind": "New York is 6 hours behind you.",
    "time difference between Paris and Berlin": "Paris and Berlin have the same time.",
    "how many days between March 1 and April 15": (
        "From Monday, March 1, 2027 to Thursday, April 15, 2027: 45 days."
    ),
    "how many weeks from January 1 to March 1": (
        "From Friday, January 1, 2027 to Monday, March 1, 2027: 8 weeks and 3 days."
    ),
    "how many days are there in February": "February 2027 has 28 days.",
    "how many days does February 2028 have": "February 2028 has 29 days.",
    "is 2028 a leap year": "Yes, 2028 is a leap year.",
    "is this a leap year": "No, 2026 is no leap year.",
    "when is Thanksgiving": "November 26, 2026 is a Thursday.",
    "when is Mother's Day": "May 9, 2027 is a Sunday.",
    "what is the date next Friday": "November 27, 2026 is a Friday.",
    "what date was it 3 weeks ago": "3 weeks ago it was Friday, October 30, 2026.",
    "what will the date be in 100 days": "In 100 days it is Sunday, February 28, 2027.",
    "what date is it 90 days from now": "In 90 days it is Thursday, February 18, 2027.",
    "set a timer for five minutes and another for ten": (
        "Two timers set: 5 minutes and 10 minutes."
    ),
    "set two timers, five and ten minutes": "Two timers set: 5 minutes and 10 minutes.",
    "put ten minutes on the clock": "Timer set for 10 minutes.",
    "remind me on the fifth to pay the rent": (
        "I will remind you at 9:00 AM on Saturday, December 5: pay the rent."
    ),
    "remind me on the 31st at 3 to pay": (
        "I will remind you at 3:00 PM on Thursday, December 31: pay."
    ),
    "what is one half plus one quarter": "0.5 plus 0.25 is 0.75.",
    "three quarters minus a half": "0.75 minus 0.5 is 0.25.",
    "two dozen divided by three": "24 divided by 3 is 8.",
    "what is a square root of 16": "The square root of 16 is 4.",
    "what's 25% more than 80": "80 plus 25 percent is 100.",
    "ten percent less than fifty": "50 minus 10 percent is 45.",
    "the average of 3, 5 and 10": "The average of 3, 5 and 10 is 6.",
    "17 modulo 5": "The remainder of 17 divided by 5 is 2.",
    "100 square meters in square feet": "100 square meters are about 1,076.39 square feet.",
    "how many acres are in a square mile": "1 square mile is 640 acres.",
    "how many megabytes in a gigabyte": "1 gigabyte is 1,000 megabytes.",
    "turn the volume down a bit": "The volume is at 30 percent.",
    "volume to half": "The volume is at 50 percent.",
    "set the volume to max": "The volume is at 100 percent.",
    "full brightness": "The brightness is at 100 percent.",
    "is my laptop plugged in": "The battery is at 80 percent and charging.",
    "is my memory full": "6.2 of 16 gigabytes of memory are free.",
    "open Wikipedia": "Open wikipedia.org?",
    "we're out of milk": "Do you mean: add milk to the shopping list?",
    "I have to buy some eggs": "Do you mean: add eggs to the shopping list?",
    "I need help": "I cannot do that yet. Ask me what I can do.",
    "uh could you um set a timer for like five minutes please": "Timer set for 5 minutes.",
    "could you be so kind as to tell me the time": "It is 3:05 PM.",
    "would you mind telling me what time it is": "It is 3:05 PM.",
    "can you please add milk to my shopping list for me": "Milk is on the shopping list.",
    "whats todays date": "Today is Friday, November 20, 2026.",
    "what time is it in Seoul, Korea": "It is 11:05 PM in Seoul Korea.",
    "what time is it in Paris, Texas": "It is 8:05 AM in Paris Texas.",
    "how many days are left in the year": "41 days until Thursday, December 31, 2026.",
    "how long is it till 8 tonight": "4 hours 55 minutes until 8:00 PM.",
    "time me for ten minutes": "Timer set for 10 minutes.",
    "tell me when ten minutes have passed": "Timer set for 10 minutes.",
    "set a timer for about an hour": "Timer set for 1 hour.",
    "set a timer until 6 pm": "Alarm set for 6:00 PM today.",
    "get me up at 7": "Alarm set for 7:00 AM tomorrow, Saturday.",
    "I have to be up by 6:30": "Alarm set for 6:30 AM tomorrow, Saturday.",
    "set the alarm for 0630": "Alarm set for 6:30 AM tomorrow, Saturday.",
    "set a timer for 300": "For 5 hours, or 5 minutes?",
    "split 90 dollars three ways": "90 divided by 3 is 30.",
    "remind me tomorrow to call John at 3": (
        "I will remind you at 3:00 PM tomorrow, Saturday: call John."
    ),
    "remind me tomorrow to be at the station at 5:30": (
        "I will remind you at 9:00 AM tomorrow, Saturday: be at the station at 5:30."
    ),
    "remind me to read the daily news at 8": (
        "I will remind you at 8:00 PM today: read the daily news."
    ),
}


@pytest.mark.parametrize("question", ANSWERS)
async def test_what_people_ask_is_answered(talk, question):
    assert await talk.say(question) == ANSWERS[question]


@pytest.mark.parametrize(
    ("change", "minutes"),
    [
        ("add another minute", 6),
        ("give me five more minutes", 10),
        ("two more minutes", 7),
        ("add five", 10),
        ("take off a minute", 4),
        ("make it a minute shorter", 4),
        ("cancel the timer and set a new one for ten minutes", 10),
    ],
)
async def test_a_timer_is_made_longer_and_shorter(talk, change, minutes):
    await talk.say("set a timer for five minutes")
    await talk.say(change)
    assert [timer.duration_s for timer in talk.timers.list()] == [minutes * 60]


async def test_a_timer_is_not_made_shorter_than_nothing(talk):
    await talk.say("set a timer for five minutes")
    assert (await talk.say("take off ten minutes")).startswith("A timer can be set for one second")
    assert [timer.duration_s for timer in talk.timers.list()] == [300]


async def test_reminders_are_read(talk):
    await talk.say("remind me at five to call home")
    said = await talk.say("what are my reminders")
    assert said == "You have one reminder: the reminder to call home at 5:00 PM today."


async def test_an_entry_is_looked_for_and_crossed_off_whichever_list_has_it(talk):
    await talk.say("add milk and eggs to the shopping list")
    await talk.say("put call Ann on my to-do list")
    assert await talk.say("are eggs on the list") == "Yes, eggs are on the shopping list."
    assert await talk.say("is bread on my list") == "No, bread is not on the shopping list."
    assert await talk.say("cross off milk") == "Milk is off the shopping list."
    assert await talk.say("check off call Ann") == "Call Ann is off the to-do list."


async def test_a_known_page_is_opened_after_a_yes_only(talk):
    await talk.say("open youtube")
    assert talk.programs.started == []
    await talk.say("yes")
    assert talk.programs.started == [("xdg-open", "https://youtube.com")]


async def test_a_stopwatch_is_started_by_its_name(talk):
    assert await talk.say("stopwatch") == "The stopwatch runs."


@pytest.mark.parametrize(
    ("wish", "answer", "said"),
    [
        ("set an alarm for tomorrow", "7", "Alarm set for 7:00 AM tomorrow, Saturday."),
        ("wake me up on Monday", "at half past six", "Alarm set for 6:30 AM on Monday"),
    ],
)
async def test_the_day_of_an_alarm_is_kept_while_its_time_is_asked_for(talk, wish, answer, said):
    assert await talk.say(wish) == "For what time?"
    assert (await talk.say(answer)).startswith(said)


async def test_an_alarm_is_asked_for_and_ended_in_many_ways(talk):
    await talk.say("set an alarm for 7 am")
    for question in ("what time is my alarm set for", "when does my alarm go off"):
        assert await talk.say(question) == "The 7:00 AM alarm is tomorrow, Saturday."
    assert await talk.say("turn my alarm off") == "The 7:00 AM alarm is cancelled."


async def test_a_result_is_squared(talk):
    await talk.say("what is 15 minus 6")
    assert await talk.say("squared") == "9 squared is 81."


@pytest.mark.parametrize(
    "words",
    [
        "don't remind me to call home",
        "never mind the reminder",
        "I don't need the reminder anymore",
        "forget the reminder",
        "kill it",
    ],
)
async def test_what_is_not_wanted_any_more_is_cancelled(talk, words):
    await talk.say("remind me at five to call home")
    assert await talk.say(words) == "The reminder to call home is cancelled."
    assert talk.timers.list() == ()


@pytest.mark.parametrize("words", ["I don't want an alarm", "no more alarms"])
async def test_no_alarm_is_set_or_cancelled_where_none_is_meant(talk, words):
    await talk.say("set an alarm for 7 am")
    assert await talk.say(words) == "Okay, nothing is set and nothing is changed."
    assert len(talk.timers.list()) == 1


@pytest.mark.parametrize(
    ("wish", "list_name", "entry"),
    [
        ("add to my to-do list: wash the car", "to-do list", "wash the car"),
        ("remember that the key is under the mat", "notes", "the key is under the mat"),
        ("remember my parking spot is B12", "notes", "my parking spot is B12"),
        ("new note: buy paint", "notes", "buy paint"),
    ],
)
async def test_something_is_written_down_in_many_ways(talk, wish, list_name, entry):
    await talk.say(wish)
    assert [one.text for one in talk.lists.entries(list_name)] == [entry]


async def test_everything_is_removed_from_a_list_after_a_yes_only(talk):
    await talk.say("add milk and eggs to the shopping list")
    said = await talk.say("remove everything from the shopping list")
    assert said == "Delete all 2 entries of the shopping list?"
    assert len(talk.lists.entries("shopping list")) == 2


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ("howdy", "Good afternoon!"),
        ("hello computer", "Good afternoon!"),
        ("thank you very much for your help", "You are welcome."),
        ("what are you able to do", "I can tell the time"),
        ("stop talking", "Okay."),
        ("roll two six sided dice", "You rolled"),
    ],
)
async def test_small_talk_is_understood(talk, words, begins):
    assert (await talk.say(words)).startswith(begins)


@pytest.mark.parametrize(
    ("words", "entries"),
    [
        ("and eggs", ["milk", "eggs"]),
        ("also bread and jam", ["milk", "bread", "jam"]),
        ("no, eggs", ["eggs"]),
        ("I meant butter", ["butter"]),
        ("undo that", []),
        ("never mind", []),
        ("what time is it", ["milk"]),
    ],
)
async def test_what_was_just_put_on_a_list_is_added_to_corrected_and_taken_back(
    talk, words, entries
):
    await talk.say("add milk to the shopping list")
    await talk.say(words)
    assert [one.text for one in talk.lists.entries("shopping list")] == entries


async def test_what_was_put_on_a_list_before_is_not_taken_back(talk):
    await talk.say("add milk to the shopping list")
    await talk.say("what time is it")
    await talk.say("undo that")
    await talk.say("and eggs")
    assert [one.text for one in talk.lists.entries("shopping list")] == ["milk"]


@pytest.mark.parametrize(
    ("words", "when"),
    [
        ("postpone it by an hour", "2026-11-20T18:00:00"),
        ("push it back ten minutes", "2026-11-20T17:10:00"),
        ("make it half an hour earlier", "2026-11-20T16:30:00"),
        ("remind me tomorrow instead", "2026-11-21T17:00:00"),
        ("move it to Monday", "2026-11-23T17:00:00"),
        ("make it three hours earlier", "2026-11-20T17:00:00"),
    ],
)
async def test_a_reminder_is_moved(talk, words, when):
    await talk.say("remind me at five to call home")
    await talk.say(words)
    assert [timer.clock_time for timer in talk.timers.list()] == [when]


async def test_questions_about_days_and_places_go_on(talk):
    await talk.say("what time is it in Tokyo")
    assert await talk.say("what about New York") == "It is 9:05 AM in New York."
    assert await talk.say("how many days until Christmas") == (
        "35 days until Friday, December 25, 2026."
    )
    assert await talk.say("and until New Year") == "42 days until Friday, January 1, 2027."
    assert await talk.say("and Easter") == "March 28, 2027 is a Sunday."


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ("that's wrong", "Sorry. Say it once more"),
        ("do you speak German", "I understand and speak English."),
        ("are you recording me", "I listen when you use the key"),
        ("can you do math", "I can tell the time"),
        ("is anybody there", "Yes, I am here."),
    ],
)
async def test_questions_about_itself_are_answered(talk, words, begins):
    assert (await talk.say(words)).startswith(begins)


async def test_braces_in_what_is_said_are_kept(talk):
    await talk.say("remind me to call {Bob} {}")
    assert (await talk.say("at 5")).endswith("today: call {Bob} {}.")
    await talk.say("add {milk} to the shopping list")
    await talk.say("no, {eggs}")
    assert [one.text for one in talk.lists.entries("shopping list")] == ["eggs"]
