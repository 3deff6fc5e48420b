"""Answers by chance: coins, dice, numbers, one of several things, jokes."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import yaml

from voice_assistant.server.skills import numbers
from voice_assistant.server.skills.names import is_name
from voice_assistant.server.skills.numbers import shown
from voice_assistant.server.skills.reply import Answer, NotUnderstood
from voice_assistant.text.letters import capitalised

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.server.skills.reply import Asked

MOST_DICE = 6
MOST_SIDES = 100
LARGEST_CHANCE = 10**9
MOST_OPTIONS = 10
LONGEST_OPTION = 60
COMMANDS = frozenset(
    (
        *("mute", "unmute", "play", "next", "skip", "open", "close", "on", "off", "up", "down"),
        *("louder", "quieter", "brighter", "darker", "volume", "sound"),
    )
)
"""Words of what could be wanted and is not done by picking it: "volume up or down"."""

OR = re.compile(r"\s*,\s*(?:or\s+)?|\s+(?:or|versus|vs\.?)\s+", re.IGNORECASE)
AND = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+", re.IGNORECASE)
EITHER = re.compile(r"^(?:either|between)\s+", re.IGNORECASE)
RANGE = re.compile(r"\s+(?:and|to)\s+", re.IGNORECASE)
GRAVE = re.compile(
    r"\b(?:not|no|doctor|hospital|ambulance|emergency|police|pills?|medic\w*|drugs?|dose|drink|alcohol"
    r"|kill|die|suicide|hurt|harm|hit|divorce|marry|money|sell|invest|quit|pregnan\w*|abort\w*)\b",
    re.IGNORECASE,
)
"""In what nobody should leave to chance; or in "should I … or not", which has one choice."""


def coin(asked: Asked) -> Answer:
    """For "Flip a coin"."""
    said = f"{asked.random.choice(('Heads', 'Tails'))}."
    return _thrown(said, ("Flip a coin", "Roll a die"), "coin")


def _thrown(said: str, suggestions: tuple[str, ...], topic: str, **details: str) -> Answer:
    return Answer(said, suggestions, topic, {"said": said, **details})


def dice(asked: Asked) -> Answer:
    """For "Roll two dice"."""
    before = asked.memory.details if _goes_on(asked) else {}
    count = next(iter(asked.match.values("dice")), Fraction(before.get("dice", "1")))
    sides = next(iter(asked.match.values("sides")), Fraction(before.get("sides", "6")))
    if count not in range(1, MOST_DICE + 1) or sides not in range(2, MOST_SIDES + 1):
        raise NotUnderstood
    rolls = [asked.random.randint(1, int(sides)) for _ in range(int(count))]
    total = f", together {sum(rolls)}" if count > 1 else ""
    said = f"You rolled {' and '.join(map(str, rolls))}{total}."
    thrown = {"dice": str(count), "sides": str(sides)}
    return _thrown(said, ("Roll two dice", "Flip a coin"), "dice", **thrown)


def chance(asked: Asked) -> Answer:
    """For "Pick a number between one and ten"."""
    details = asked.memory.details if _goes_on(asked) else {}
    known = (Fraction(details.get("low", "1")), Fraction(details.get("high", "100")))
    low, high = sorted(asked.match.values("number")) or known
    if low.denominator * high.denominator != 1 or high - low > LARGEST_CHANCE:
        raise NotUnderstood
    picked = asked.random.randint(low.numerator, high.numerator)
    return _thrown(
        f"{shown(Fraction(picked))[0]}.",
        ("Pick a number between 1 and 10", "Roll a die", "Flip a coin"),
        "chance",
        low=str(low),
        high=str(high),
    )


def _goes_on(asked: Asked) -> bool:
    """Return whether coin or dice are to be thrown again."""
    return asked.match.intent == "repeat"


def pick(asked: Asked) -> Answer:
    """For "Choose between tea and coffee", "should I take the bus or the train", "red or blue".

    Raises:
        NotUnderstood: there is nothing to choose from, or it is no matter of chance.
    """
    if _goes_on(asked):
        options = asked.memory.details["options"].split("\n")
    else:
        words, how = asked.match.text("item"), asked.match.text("how")
        if how and (asked.means.chat_model.access or GRAVE.search(words)):
            raise NotUnderstood
        if not how and (ends := _range(words)):
            return Answer("", instead=f"pick a number between {ends[0]} and {ends[1]}")
        options = _options(words)
        if how == "bare" and not all(map(_is_thing, options)):
            raise NotUnderstood
    picked = asked.random.choice(options)
    return _thrown(
        f"{capitalised(picked)}.", ("Once again", "Flip a coin"), "pick", options="\n".join(options)
    )


def _options(words: str) -> list[str]:
    """Return what there is to choose from: "tea, coffee or juice"."""
    words = words.strip(" .?!")
    several = re.search(r"\b(?:or|versus|vs)\b", words, re.IGNORECASE)
    parts = (OR if several else AND).split(words)
    if not several and len(parts) > 2 and "," not in words:  # noqa: PLR2004
        raise NotUnderstood  # "between tea and coffee and tell me the time"
    options = [EITHER.sub("", part.strip()) for part in parts]
    if not 1 < len(options) <= MOST_OPTIONS or not all(
        0 < len(option) <= LONGEST_OPTION and option.lower() != "not" for option in options
    ):
        raise NotUnderstood
    return options


def _is_thing(option: str) -> bool:
    """Return whether words by themselves can be a thing: no number, time or command."""
    words = option.lower().split()
    return is_name(words) and not _is_number(option.lower()) and not COMMANDS.intersection(words)


def _range(words: str) -> tuple[str, str] | None:
    """Return the ends of a range of numbers: "one and ten"."""
    ends = RANGE.split(words.lower().strip(" .?!"))
    if len(ends) != 2 or not all(map(_is_number, ends)):  # noqa: PLR2004
        return None
    return ends[0], ends[1]


def _is_number(text: str) -> bool:
    words = text.split()
    found = numbers.read(words, 0)
    return found is not None and found[1] == len(words)


def joke(asked: Asked) -> Answer:
    """For "Tell me a joke": each one is told before one comes again."""
    told = asked.memory.details.get("told", "").split() if asked.memory.topic == "joke" else []
    every = range(len(_jokes()))
    fresh = [one for one in every if str(one) not in told]
    if not fresh:
        fresh, told = [one for one in every if str(one) != told[-1]], []
    chosen = asked.random.choice(fresh)
    return _thrown(
        _jokes()[chosen],
        ("Another joke", "What can you do?"),
        "joke",
        told=" ".join((*told, str(chosen))),
    )


@cache
def _jokes() -> tuple[str, ...]:
    text = resources.files(__package__).joinpath("jokes.yaml").read_text("utf-8")
    return tuple(yaml.safe_load(text))


THROWS: dict[str, Callable[[Asked], Answer]] = {
    "coin": coin,
    "dice": dice,
    "chance": chance,
    "pick": pick,
    "joke": joke,
}
"""The question that "again" repeats, by the topic."""
