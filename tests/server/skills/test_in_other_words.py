"""What people ask for in words of their own."""

from __future__ import annotations

import pytest

SAID = {
    "what day of the week is it": "Today is Friday, November 20, 2026.",
    "which weekday is tomorrow": "Tomorrow is Saturday, November 21, 2026.",
    "when is easter this year": "April 5, 2026 was a Sunday.",
    "when is easter": "March 28, 2027 is a Sunday.",
    "which week number is this": "It is week 47 of 2026.",
    "what's a 15 percent tip on 40 dollars": "The tip is 6, together 46.",
    "what is 15 percent of 80 dollars": "15 percent of 80 is 12.",
    "20 percent off 50 euros": "50 minus 20 percent is 40.",
    "what's my battery at": "The battery is at 80 percent and charging.",
    "am i running low on battery": "The battery is at 80 percent and charging.",
    "note to self: buy a charger": "Noted: buy a charger.",
    "jot down that the meeting is at three": "Noted: the meeting is at three.",
    "write down call the plumber": "Noted: call the plumber.",
    "count down from ten": "For 10 minutes, or 10 seconds?",
    "thank you, that's all": "You are welcome.",
    "turn off my alarm": "There is no alarm set.",
    "cancel the reminder": "There is no reminder set.",
}


@pytest.mark.parametrize("question", SAID)
async def test_it_is_understood(talk, question):
    assert await talk.say(question) == SAID[question]


@pytest.mark.parametrize(
    "question",
    ["are you listening to me all the time?", "where does my voice go"],
)
async def test_whoever_asks_is_told_when_it_listens(talk, question):
    said = await talk.say(question)
    assert said.startswith("I listen when you use the key")
    assert said.endswith("Speech is recognised on this computer.")


async def test_a_die_may_have_other_sides_also_when_it_is_rolled_again(talk):
    rolled = [await talk.say(question) for question in ("roll a d20", *["again"] * 40)]
    assert {int(said.removeprefix("You rolled ").rstrip(".")) for said in rolled} & {*range(7, 21)}
    assert await talk.say("roll a d0") != "You rolled 0."


POLITE = {
    "in the morning at 7, please wake me up": "Alarm set for 7:00 AM tomorrow, Saturday.",
    "tomorrow at 7 could you please wake me": "Alarm set for 7:00 AM tomorrow, Saturday.",
    "wake me please at 7": "Alarm set for 7:00 AM tomorrow, Saturday.",
    "set an alarm, please, for 7 am": "Alarm set for 7:00 AM tomorrow, Saturday.",
    "set please a timer for five minutes": "Timer set for 5 minutes.",
    "set a timer please for five minutes": "Timer set for 5 minutes.",
    "at 8 pm please remind me to eat": "I will remind you at 8:00 PM today: eat.",
    "what is, please, the time": "It is 3:05 PM.",
    "turn please the volume up": "The volume is at 50 percent.",
    "add milk please to the shopping list": "Milk is on the shopping list.",
    "put please eggs on my list": "Eggs are on the shopping list.",
    "take a note please: buy milk": "Noted: buy milk.",
    "spell please banana": "Banana is spelled B-A-N-A-N-A.",
    # here it is no courtesy
    "add please to the shopping list": "Please is on the shopping list.",
    "add please and thank you cards to my list": (
        "Please and thank you cards are on the shopping list."
    ),
    "write down: please, no dogs": "Noted: please, no dogs.",
    "spell please": "Please is spelled P-L-E-A-S-E.",
    "remind me to say please at 5 pm": "I will remind you at 5:00 PM today: say please.",
    "remind me to ask Ann to please call at 5 pm": (
        "I will remind you at 5:00 PM today: ask Ann to please call."
    ),
}


@pytest.mark.parametrize("question", POLITE)
async def test_please_may_stand_in_the_middle(talk, question):
    assert await talk.say(question) == POLITE[question]


async def test_a_polite_refusal_does_nothing(talk):
    await talk.say("please, could you please not wake me at 7")
    assert not talk.timers.list()
