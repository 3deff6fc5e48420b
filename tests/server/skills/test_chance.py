"""What is left to chance: one of several things, coins, jokes."""

from __future__ import annotations

import itertools

import pytest

from voice_assistant.server.skills.chance import _jokes

CHOICES = {
    "choose between pizza and pasta": "pizza|pasta",
    "please choose between Rome and Paris": "Rome|Paris",
    "pick one: tea, coffee or juice": "tea|coffee|juice",
    "pick one of red, green, and blue": "red|green|blue",
    "choose from A, B or C": "A|B|C",
    "can you decide between fish and chips or pizza for me": "fish and chips|pizza",
    "help me choose between the red one and the blue one": "the red one|the blue one",
    "pizza or pasta": "pizza|pasta",
    "Tea, coffee or juice?": "Tea|coffee|juice",
    "tea or coffee, you decide": "tea|coffee",
    "red or blue: you choose": "red|blue",
    "pick tea or coffee": "tea|coffee",
    "can you pick one for me: a, b, c": "a|b|c",
    "randomly choose tea or coffee": "tea|coffee",
    "pick someone: Ann, Bob or Cleo": "Ann|Bob|Cleo",
    "pick a name from Ann, Bob and Cleo": "Ann|Bob|Cleo",
    "should I take the bus or the train": "take the bus|the train",
    "should we stay or go?": "stay|go",
    "what should I eat, pizza or pasta": "pizza|pasta",
    "where should we go: the beach or the park?": "the beach|the park",
}


@pytest.mark.parametrize("question", CHOICES)
async def test_one_of_several_things_is_picked_and_again_picks_anew(talk, question):
    options = {f"{one[0].upper()}{one[1:]}." for one in CHOICES[question].split("|")}
    said = {await talk.say(question)} | {await talk.say("again") for _ in range(30)}
    assert said == options
    assert await talk.say("repeat that") in options


@pytest.mark.parametrize(
    "question",
    [
        "should I take my pills or not",
        "should I call a doctor or wait",
        "should I go out or not",
        "five or six minutes",
        "today or tomorrow",
        "set a timer or not",
        "don't choose between pizza and pasta",
        "choose one",
        "choose between pizza",
        "pick a card",
        "timer or alarm",
        "three or four",
        "mute or unmute",
        "volume up or down",
        "choose tea or not",
        "pick up the laundry or the bread",
    ],
)
async def test_what_is_no_choice_or_no_matter_of_chance_is_not_picked(talk, question):
    assert not await talk.understands(question)


async def test_a_wish_behind_a_choice_is_none_of_its_things(talk):
    said = await talk.say("choose between tea and coffee and tell me the time")
    assert said in ("Tea. It is 3:05 PM.", "Coffee. It is 3:05 PM.")


async def test_what_a_chat_model_can_weigh_is_left_to_it(talk):
    talk.means.chat_model.access = "a model"
    assert not await talk.understands("should I take the bus or the train")
    assert not await talk.understands("pizza or pasta")
    assert await talk.say("choose between pizza and pizza") == "Pizza."


@pytest.mark.parametrize(
    "question", ["pick between 1 and 3", "choose between one and three", "pick from 1 to 3"]
)
async def test_between_two_numbers_is_any_of_them(talk, question):
    said = {await talk.say(question)} | {await talk.say("again") for _ in range(30)}
    assert said == {"1.", "2.", "3."}


@pytest.mark.parametrize(
    "question",
    ["heads or tails, you choose", "coin flip", "toss the coin", "a coin toss", "flip coin"],
)
async def test_a_coin_is_flipped_in_many_words(talk, question):
    assert await talk.say(question) in ("Heads.", "Tails.")


@pytest.mark.parametrize(
    "question",
    [
        "tell me a joke",
        "can you tell me a joke please",
        "make me laugh",
        "say something funny",
        "do you know any jokes",
        "tell us another joke",
        "what's your favorite joke",
    ],
)
async def test_a_joke_is_told(talk, question):
    assert await talk.say(question) in _jokes()


async def test_no_joke_comes_again_before_all_were_told_nor_twice_in_a_row(talk):
    wishes = ["tell me a joke", "another joke", "another one", "again", "one more"] * 12
    told = [await talk.say(wish) for wish in wishes]
    count = len(_jokes())
    assert count >= 12
    assert {*told[:count]} == {*_jokes()}
    assert all(one != other for one, other in itertools.pairwise(told))
    assert await talk.say("repeat that") == told[-1]


def test_jokes_are_short():
    assert max(map(len, _jokes())) < 120
