"""Questions as they are typed, and their answers."""

from __future__ import annotations

import datetime as dt

import pytest
from helpers.server.answered import ANSWERED
from hypothesis import given, settings
from hypothesis import strategies as st

from server.skills.conftest import Talk
from voice_assistant.server.skills.named_days import easter


@pytest.mark.parametrize(
    ("question", "answer"), [case for cases in ANSWERED.values() for case in cases]
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


@pytest.mark.parametrize(
    "question", ["", "?", "...", "please", "\u2603", "x" * 5000, "0 " * 100, "(" * 250 + "1"]
)
async def test_nothing_is_too_odd_to_be_answered(talk, question):
    assert await talk.say(question)


VOCABULARY = sorted(
    {word for cases in ANSWERED.values() for question, _ in cases for word in question.split()}
    | {"minus", "negative", "and", "half", "a", "point", "hundred", "-", "(", ")", "^", "%"}
)


@settings(deadline=None)
@given(words=st.lists(st.sampled_from(VOCABULARY), max_size=12))
async def test_no_order_of_words_breaks_it(words):
    talk = Talk()
    for question in (" ".join(words), "".join(words), "again"):
        assert await talk.say(question)
