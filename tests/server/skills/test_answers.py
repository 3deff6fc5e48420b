"""Questions as they are typed and as they are heard, and their answers."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.skills.conftest import Talk
from voice_assistant.server.heard import Certainty
from voice_assistant.server.skills.dates import easter

CASES = {
    "time": [
        ("What time is it?", "It is 3:05 PM."),
        ("what's the time", "It is 3:05 PM."),
        ("please tell me the time now", "It is 3:05 PM."),
        ("Could you please tell me what time it is?", "It is 3:05 PM."),
        ("time", "It is 3:05 PM."),
        ("got the time?", "It is 3:05 PM."),
        ("what time is it in London", "It is 2:05 PM in London."),
        ("what time is it in new york city", "It is 9:05 AM in New York City."),
        ("time in the UK", "It is 2:05 PM in the UK."),
        ("what is the time in Auckland", "It is 3:05 AM in Auckland, on Saturday."),
        ("what time is it in Ulaanbaatar", "It is 10:05 PM in Ulaanbaatar."),
        ("what time is it in narnia", None),
        ("and in london", None),
        ("what time will it be in 20 minutes", "It will be 3:25 PM."),
        ("what time is it in 10 hours", "It will be 1:05 AM tomorrow, Saturday."),
    ],
    "date": [
        ("what is the date today", "Today is Friday, November 20, 2026."),
        ("what day is it", "Today is Friday, November 20, 2026."),
        ("What\u2019s today's date?", "Today is Friday, November 20, 2026."),
        ("what day is it tomorrow", "Tomorrow is Saturday, November 21, 2026."),
        ("what is tomorrow's date", "Tomorrow is Saturday, November 21, 2026."),
        ("what day was yesterday", "Yesterday was Thursday, November 19, 2026."),
        ("the day after tomorrow", "The day after tomorrow is Sunday, November 22, 2026."),
        ("what day is it in ten days", "In 10 days it is Monday, November 30, 2026."),
        ("what day is it in a week", "In 1 week it is Friday, November 27, 2026."),
        ("what day is it in 2 weeks", "In 2 weeks it is Friday, December 4, 2026."),
        ("what day is december twenty fifth", "December 25, 2026 is a Friday."),
        ("What day of the week was July 4th, 1976?", "July 4, 1976 was a Sunday."),
        ("what day is the twenty second of march", "March 22, 2027 is a Monday."),
        ("when is february 29", "February 29, 2028 is a Tuesday."),
        ("what day is january first twenty thirty", "January 1, 2030 is a Tuesday."),
        ("when is monday", "November 23, 2026 is a Monday."),
        ("when is friday", "November 27, 2026 is a Friday."),
        ("when is halloween", "October 31, 2027 is a Sunday."),
        ("how many days until christmas", "35 days until Friday, December 25, 2026."),
        ("how many days until november 21", "One day until Saturday, November 21, 2026."),
        ("how many days until november 20", "That is today."),
        ("how many days until may 1 2020", "Friday, May 1, 2020 was 2,394 days ago."),
        ("what year is it", "It is 2026."),
        ("is it monday?", "No, today is Friday, November 20, 2026."),
        ("is today friday", "Yes, today is Friday, November 20, 2026."),
        ("is tomorrow a saturday", "Yes, tomorrow is Saturday, November 21, 2026."),
        ("when is easter", "March 28, 2027 is a Sunday."),
        ("when is good friday", "March 26, 2027 is a Friday."),
        ("how many weeks until christmas", "5 weeks until Friday, December 25, 2026."),
        (
            "how many weeks until new year",
            "6 weeks until Friday, January 1, 2027.",
        ),
        ("weeks until november 30", "1 week and 3 days until Monday, November 30, 2026."),
        ("what is the date in 3 weeks", "In 3 weeks it is Friday, December 11, 2026."),
        ("what month is it", "It is November 2026."),
        ("what week is it", "It is week 47 of 2026."),
        ("what day is it in -3 days", "3 days ago it was Tuesday, November 17, 2026."),
        ("what day is it in -1 week", "1 week ago it was Friday, November 13, 2026."),
        ("how long until friday", "7 days until Friday, November 27, 2026."),
        ("when is the third of june", "June 3, 2027 is a Thursday."),
        ("what day is february 30", None),
        ("what day is the fortieth of may", None),
        ("what day is it in 99999999999 days", None),
        ("what day is it in half a day", None),
    ],
    "sums": [
        ("12*7", "12 times 7 is 84."),
        ("what percent of 80 is 12", "12 is 15 percent of 80."),
        ("1 is what percentage of 3", "1 is about 33.3333 percent of 3."),
        ("what percent of 0 is 5", "Nothing can be divided by zero."),
        ("increase 80 by 10 percent", "80 plus 10 percent is 88."),
        ("reduce 80 by 10%", "80 minus 10 percent is 72."),
        ("what is a 15 percent tip on 80", "The tip is 12, together 92."),
        ("12 x 7 =", "12 times 7 is 84."),
        ("what is 12 \u00d7 7?", "12 times 7 is 84."),
        ("What is five times seven?", "5 times 7 is 35."),
        ("what's two hundred and five plus one thousand", "205 plus 1,000 is 1,205."),
        ("7 - 10", "7 minus 10 is minus 3."),
        ("seven minus ten", "7 minus 10 is minus 3."),
        ("minus five plus three", "Minus 5 plus 3 is minus 2."),
        ("twelve divided by four", "12 divided by 4 is 3."),
        ("1/3", "1 divided by 3 is about 0.333333."),
        ("0.1 + 0.2", "0.1 plus 0.2 is 0.3."),
        ("2+3*4", "2 plus 3 times 4 is 14."),
        ("(2+3)*4", "(2 plus 3) times 4 is 20."),
        ("two plus three times four", "2 plus 3 times 4 is 14."),
        ("-2^2", "Minus 2 to the power of 2 is minus 4."),
        ("2^3^2", "2 to the power of 3 to the power of 2 is 512."),
        ("2 to the power of 10", "2 to the power of 10 is 1,024."),
        ("4^0.5", "4 to the power of 0.5 is 2."),
        ("2 + three", "2 plus 3 is 5."),
        ("1,250 + 1", "1,250 plus 1 is 1,251."),
        ("1,250.75 + 1", "1,250.75 plus 1 is 1,251.75."),
        ("1,234,567 + 1", "1,234,567 plus 1 is 1,234,568."),
        ("2,5 + 1", "2.5 plus 1 is 3.5."),
        ("1,5*2", "1.5 times 2 is 3."),
        ("what is 3,14 x 2", "3.14 times 2 is 6.28."),
        ("10,00 - 1", "10 minus 1 is 9."),
        ("12,34 + 1", "12.34 plus 1 is 13.34."),
        ("0,5 + 0,5", "0.5 plus 0.5 is 1."),
        ("0,125 * 8", "0.125 times 8 is 1."),
        ("1250,375 + 1", "1,250.38 plus 1 is about 1,251.38."),
        (".5 + ,5", "0.5 plus 0.5 is 1."),
        ("(2,5 + 1,5) * 2", "(2.5 plus 1.5) times 2 is 8."),
        ("2,5 plus 1", "2.5 plus 1 is 3.5."),
        ("12,5 percent of 80", "12.5 percent of 80 is 10."),
        ("12*7.", "12 times 7 is 84."),
        ("1,2,3 + 4", None),
        ("1,000,00 + 1", None),
        ("2,,5 + 1", None),
        ("1.250,50 + 1", None),
        ("2,5 + 1,250", None),  # both are commas, and one of them groups thousands
        ("1,250 plus 2,5", None),
        ("1,2,3 plus 4", None),
        ("7! + 2", None),
        ("what is seven plus 4! minus 2", None),
        ("what is 7 + 2!", "7 plus 2 is 9."),
        ("(7 plus 2) times 3", None),
        ("what is (seven plus two) times three", None),
        ("what is 3 times [7 + 2]", None),
        ("|-7| + 2", None),
        ("~7 + 2", None),
        ("<7 + 2", None),
        ("$7 + 2€", None),
        ("$7 + $2", "7 plus 2 is 9."),
        ("0x7 + 2", None),
        ("0 x 7 + 2", "0 times 7 plus 2 is 2."),
        ("1.2.3 plus 4", None),
        ("3. 4 + 1", None),
        ("100 less 10", "100 minus 10 is 90."),
        ("100 less 10 percent", "100 minus 10 percent is 90."),
        ("add 5 and 7", "5 plus 7 is 12."),
        ("add 5 to 7", "5 plus 7 is 12."),
        ("the sum of five and seven", "5 plus 7 is 12."),
        ("what is the sum of 1, 2 and 3", None),
        ("subtract 5 from 12", "12 minus 5 is 7."),
        ("multiply 3 by 4", "3 times 4 is 12."),
        ("what's the product of 3 and 4", "3 times 4 is 12."),
        ("divide 20 by 8", "20 divided by 8 is 2.5."),
        ("1/3 of 90", "1/3 of 90 is 30."),
        ("a third of 90", "1/3 of 90 is 30."),
        ("what is a quarter of 80", "1/4 of 80 is 20."),
        ("two thirds of 90", "2/3 of 90 is 60."),
        ("1/0 of 90", "Nothing can be divided by zero."),
        ("nine squared", "9 squared is 81."),
        ("what is 3 cubed", "3 cubed is 27."),
        ("what is the square root of eighty one", "The square root of 81 is 9."),
        ("\u221a2", "The square root of 2 is about 1.41421."),
        ("square root of 0.25", "The square root of 0.25 is 0.5."),
        ("cube root of 27", "The cube root of 27 is 3."),
        ("2^0.5", "2 to the power of 0.5 is about 1.41421."),
        (
            "1000000000000000000000^0.5",
            "1,000,000,000,000,000,000,000 to the power of 0.5 is about 31,622,776,601.7.",
        ),
        ("10^29^0.5", "10 to the power of 29 to the power of 0.5 is about 242,753.11."),
        ("8^(1/3) + 1", "8 to the power of (1 divided by 3) plus 1 is 3."),
        ("cube root of -27", "The cube root of minus 27 is minus 3."),
        ("square root of minus four", "A negative number has no real square root."),
        ("what's 15% of 80", "15 percent of 80 is 12."),
        ("what is fifteen percent of eighty", "15 percent of 80 is 12."),
        ("80 plus 10 percent", "80 plus 10 percent is 88."),
        ("20% off 50", "50 minus 20 percent is 40."),
        ("half of nine", "Half of 9 is 4.5."),
        ("twice 21", "Twice 21 is 42."),
        ("double 21", "Twice 21 is 42."),
        ("five divided by zero", "Nothing can be divided by zero."),
        ("0^-1", "Nothing can be divided by zero."),
        ("9^9^9", "That number is too long to be said."),
        ("10^59 * 10", "That number is too long to be said."),
        ("(-8)^0.5", "There is no such real number."),
        ("2 +", None),
        ("(2", None),
        ("2 3", None),
        ("1..2 + 3", None),
        ("12", None),
        ("times three", None),
    ],
    "units": [
        ("5 km in miles", "5 kilometers are about 3.11 miles."),
        ("5km to mi", "5 kilometers are about 3.11 miles."),
        ("how many feet are in a mile", "1 mile is 5,280 feet."),
        ("how many inches in 2.5 feet", "2.5 feet are 30 inches."),
        ("convert ten pounds to kilograms", "10 pounds are about 4.54 kilograms."),
        ("half a mile in meters", "0.5 miles are about 804.67 meters."),
        ("five feet eleven inches in centimeters", "5 feet 11 inches are 180.34 centimeters."),
        ("20 degrees celsius in fahrenheit", "20 degrees Celsius is 68 degrees Fahrenheit."),
        ("20\u00b0C in \u00b0F", "20 degrees Celsius is 68 degrees Fahrenheit."),
        ("-40 f in c", "Minus 40 degrees Fahrenheit is minus 40 degrees Celsius."),
        ("0 kelvin in celsius", "0 kelvin is minus 273.15 degrees Celsius."),
        ("-459.67 f in kelvin", "Minus 459.67 degrees Fahrenheit is 0 kelvin."),
        ("-460 f in kelvin", "Nothing is colder than minus 273.15 degrees Celsius."),
        ("minus 5 feet 11 inches in cm", None),
        ("seventy degrees in celsius", "70 degrees Fahrenheit is about 21.11 degrees Celsius."),
        ("60 mph in km/h", "60 miles per hour are about 96.56 kilometers per hour."),
        ("how many liters are in a gallon", "1 US gallon is about 3.79 liters."),
        ("how many seconds in a day", "1 day is 86,400 seconds."),
        ("an hour and a half in minutes", "1.5 hours are 90 minutes."),
        ("1 mm in miles", "1 millimeter is about 0.00000062 miles."),
        ("5 in in cm", "5 inches are 12.7 centimeters."),
        ("2,5 kg in pounds", "2.5 kilograms are about 5.51 pounds."),
        ("how many litres in a gallon", "1 US gallon is about 3.79 liters."),
        ("half a pint in ml", "0.5 US pints are about 236.59 milliliters."),
        ("a uk pint in ml", "1 imperial pint is about 568.26 milliliters."),
        ("5 imperial gallons in liters", "5 imperial gallons are about 22.73 liters."),
        ("5 tons in kg", "5 US tons are about 4,535.92 kilograms."),
        ("5 tonnes in kg", "5 metric tons are 5,000 kilograms."),
        ("6'2\" in cm", "6 feet 2 inches are 187.96 centimeters."),
        ("6\u20192\u201d to cm", "6 feet 2 inches are 187.96 centimeters."),
        ("6' in cm", "6 feet are 182.88 centimeters."),
        ("6 foot 2 in cm", "6 feet 2 inches are 187.96 centimeters."),
        ("six foot two in in cm", "6 feet 2 inches are 187.96 centimeters."),
        ("5 m in feet", "5 meters are about 16.4 feet."),
        (
            "3 kg in miles",
            "Kilograms measure weight and miles length, so there is nothing to convert.",
        ),
    ],
    "talk": [
        ("spell necessary", "Necessary is spelled N-E-C-E-S-S-A-R-Y."),
        ("How do you spell rhythm?", "Rhythm is spelled R-H-Y-T-H-M."),
        ("how is yacht spelled", "Yacht is spelled Y-A-C-H-T."),
        ("spell ice cream", "Ice cream is spelled I-C-E, space, C-R-E-A-M."),
        ("spell don't", "Don't is spelled D-O-N, apostrophe, T."),
        ("how do you spell it\u2019s?", "It\u2019s is spelled I-T, apostrophe, S."),
        ("spell i'm", "I'm is spelled I, apostrophe, M."),
        ("spell the word please", "Please is spelled P-L-E-A-S-E."),
        ("spell rhythm, please", "Rhythm is spelled R-H-Y-T-H-M."),
        ("spell x-ray", "X-ray is spelled X, hyphen, R-A-Y."),
        ("spell mins", "Mins is spelled M-I-N-S."),
        ('how is "couldn\'t" written?', "Couldn't is spelled C-O-U-L-D-N, apostrophe, T."),
        ("spell x2", None),
        ("spell", None),
        ("spell one two three four five", None),
        ("Hello", "Good afternoon! What can I do for you?"),
        ("thank you very much", "You are welcome."),
        ("thanks!", "You are welcome."),
        ("good night", "Goodbye."),
        ("never mind", "Okay."),
        ("stop", "Okay."),
        ("how are you today", "I am well, thank you. What can I do for you?"),
        ("who are you", "I am your voice assistant. Ask me what I can do."),
    ],
}


@pytest.mark.parametrize(
    ("question", "answer"), [case for cases in CASES.values() for case in cases]
)
async def test_a_question_has_its_answer(talk, question, answer):
    said = await talk.say(question)
    if answer is None:
        assert talk.memory.lost
        assert said
    else:
        assert said == answer


@pytest.mark.parametrize(
    ("year", "day"),
    [(1961, "04-02"), (2000, "04-23"), (2024, "03-31"), (2025, "04-20"), (2038, "04-25")],
)
def test_easter_is_on_the_day_of_the_almanac(year, day):
    assert easter(year) == dt.date.fromisoformat(f"{year}-{day}")


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("00:00", "It is 12:00 AM."),
        ("00:59", "It is 12:59 AM."),
        ("11:07", "It is 11:07 AM."),
        ("12:30", "It is 12:30 PM."),
        ("23:59", "It is 11:59 PM."),
    ],
)
async def test_the_clock_has_twelve_hours(talk, now, said):
    talk.now = dt.datetime.combine(talk.now.date(), dt.time.fromisoformat(now))
    assert await talk.say("what time is it") == said


@pytest.mark.parametrize(
    ("hour", "greeting"),
    [
        (0, "Hello!"),
        (5, "Good morning!"),
        (12, "Good afternoon!"),
        (18, "Good evening!"),
        (23, "Hello!"),
    ],
)
async def test_the_greeting_is_that_of_the_hour(talk, hour, greeting):
    talk.now = talk.now.replace(hour=hour)
    assert (await talk.say("good morning")).startswith(greeting)


async def test_luck_is_within_its_limits(talk):
    assert {await talk.say("flip a coin") for _ in range(50)} == {"Heads.", "Tails."}
    assert {await talk.say("roll a die") for _ in range(200)} == {
        f"You rolled {n}." for n in range(1, 7)
    }
    assert "together" in await talk.say("roll two dice")
    picked = {await talk.say("pick a number between one and three") for _ in range(100)}
    assert picked == {"1.", "2.", "3."}
    assert {await talk.say("pick a number from 7 to 7") for _ in range(3)} == {"7."}
    await talk.say("roll 2.5 dice")
    assert talk.memory.lost
    assert "1.5" not in await talk.say("pick a number between 1.5 and 1.6")


async def test_help_says_what_it_can_do_and_how_to_have_more(talk):
    said = await talk.say("what can you do")
    for part in ("time", "sums", "units", "timers", "lists", "notes", "spell", "chat model"):
        assert part in said


async def test_an_unknown_question_is_answered_with_two_short_sentences_and_then_with_one(talk):
    assert (
        await talk.say("Who won the world cup?")
        == "I cannot look that up yet. Ask me what I can do."
    )
    assert await talk.say("Why is that?") == "I cannot look that up yet."
    assert await talk.say("play some music") == "I cannot do that yet."
    await talk.say("what time is it")
    assert await talk.say("play some music") == "I cannot do that yet. Ask me what I can do."
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


@pytest.mark.parametrize("certainty", Certainty)
@pytest.mark.parametrize("question", ["tell me a joke", "why " * 70, "wake me", "?", ""])
async def test_no_refusal_is_long_or_calls_words_not_understood(talk, question, certainty):
    for _ in range(3):
        said = await talk.say(question, certainty)
        assert len(said) < 180
        assert "underst" not in said


@pytest.mark.parametrize(
    "question", ["", "?", "...", "please", "\u2603", "x" * 5000, "0 " * 100, "(" * 250 + "1"]
)
async def test_nothing_is_too_odd_to_be_answered(talk, question):
    assert await talk.say(question)


VOCABULARY = sorted(
    {word for cases in CASES.values() for question, _ in cases for word in question.split()}
    | {"minus", "negative", "and", "half", "a", "point", "hundred", "-", "(", ")", "^", "%"}
)


@settings(deadline=None)
@given(words=st.lists(st.sampled_from(VOCABULARY), max_size=12))
async def test_no_order_of_words_breaks_it(words):
    talk = Talk()
    for question in (" ".join(words), "".join(words), "again"):
        assert await talk.say(question)
