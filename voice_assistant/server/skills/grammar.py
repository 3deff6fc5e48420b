"""The same templates as a grammar for the recogniser: every command that may be spoken.

It is the smallest automaton that accepts them. Rules that were copied to every place that names
them would make twenty times as many steps.
"""

from __future__ import annotations

import re
from functools import cache, reduce
from typing import TYPE_CHECKING

from voice_assistant.engines.recognition.command_grammar import END, OPEN, Commands, Grammar
from voice_assistant.server.skills import numbers
from voice_assistant.server.skills.templates import templates
from voice_assistant.server.skills.unit_table import KINDS
from voice_assistant.server.skills.zones import spoken_places
from voice_assistant.text import number_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Build = Callable[[int], int]
    """From the state after an expression to the state before it."""

ENDING = re.compile(r"([\w']+)\[(\w+)\]")
TOKEN = re.compile(r"[\[\]()|]|\{\w+(?::\w+)?\}|<\w+>|[\w']+|\*\*?")

ANY_WORDS = "**"
MOST_WORDS = 10
"""Stands for any words, up to so many."""

FREE = ("task", "item")
"""Lists for which any words may be said: what to be reminded of, what to write down."""

DIGIT = "|".join(number_words.SMALL[1:10])
TEEN = "|".join(number_words.SMALL[10:])
SMALL = f"({DIGIT}|{TEEN}|({'|'.join(numbers.TENFOLDS)}) [{DIGIT}])"
NUMBERS = {
    "number": [f"zero|{SMALL} [hundred [[and] {SMALL}]|thousand|point ({DIGIT})]"],
    "amount": [f"{SMALL} [hundred|thousand|and a half]|a|an|half a|half an"],
    "day": list(numbers.ordinal_words()),
    "clock_hour": number_words.SMALL[1:11],
    "clock_minute": ["ten|fifteen|twenty|thirty|forty|fifty|forty five"],
    "year": [f"twenty (twenty|thirty) [{DIGIT}]"],
}
"""How numbers are said. A grammar that knows fewer confuses fewer."""


def commands(also: Iterable[str] = ()) -> Commands:
    """Every command that may be spoken, and those of them that destroy something.

    Args:
        also: what else may be said, in words of letters.
    """
    source = templates()
    spoken: list[str] = []
    destroying: list[str] = []
    for intent in source["intents"].values():
        for data in intent["data"]:
            about = data.get("metadata", {})
            if about.get("spoken", True):
                spoken += data["sentences"]
                destroying += data["sentences"] if about.get("destroys") else []
    politely = f"[{'|'.join(source['courtesies'])}]"
    lists = said_lists()
    closed = Automaton(said_rules(), lists)
    free = Automaton(said_rules(), {**lists, **{name: [ANY_WORDS] for name in FREE}})
    open_ended = [one for one in spoken if any(f"{{{name}}}" in one for name in FREE)]
    listed = [*(one for one in spoken if "{task}" not in one), *also]
    return Commands(
        *(
            automaton.grammar(f"{politely} ({'|'.join(said)})")
            for said, automaton in ((listed, closed), (destroying, closed), (open_ended, free))
        )
    )


def said_rules() -> dict[str, str]:
    """Return what may be said for each rule, by the rule's name."""
    source = templates()
    return {**source["expansion_rules"], **source["spoken_rules"]}


def said_lists() -> dict[str, list[str]]:
    """Return the words that may be said for each list, by the list's name."""
    source = templates()
    lists = {
        name: [value if isinstance(value, str) else value["in"] for value in content["values"]]
        for name, content in source["lists"].items()
    }
    units = {
        kind: [name for unit in members for name in unit.spoken] for kind, members in KINDS.items()
    }
    places = {"place": list(spoken_places())}
    tasks = {"task": [ANY_WORDS]}
    return {**lists, **places, **source["spoken_lists"], **NUMBERS, **units, **tasks}


class Automaton:
    """States and what follows them. Equal states are one state, so it is the smallest there is.

    It grows from the end to the beginning: an expression, put before a state, gives a state.

    Args:
        rules: the templates that a <name> stands for.
        lists: the templates of which a {name} is one.
    """

    def __init__(self, rules: dict[str, str], lists: dict[str, list[str]]) -> None:
        self._rules = rules
        self._lists = lists
        self._states: list[dict[str, int]] = []  # by word; `END` goes to the end
        self._known: dict[frozenset[tuple[str, int]], int] = {}
        self._either = cache(self._merge)

    def grammar(self, template: str) -> Grammar:
        """The grammar that accepts what the template says."""
        end = self._state({})
        start = self._alternatives(_tokens(template))(self._state({END: end}))
        order = self._reachable(start)
        number = {state: index for index, state in enumerate(order)}
        steps = [
            {word: number[target] for word, target in self._states[state].items()}
            for state in order
        ]
        return Grammar(steps, number[start])

    def _reachable(self, start: int) -> list[int]:
        order = {start: None}
        queue = [start]
        for state in queue:
            new = [target for target in self._states[state].values() if target not in order]
            order |= dict.fromkeys(new)
            queue += dict.fromkeys(new)
        return list(order)

    def _state(self, following: dict[str, int]) -> int:
        key = frozenset(following.items())
        if key not in self._known:
            self._known[key] = len(self._states)
            self._states.append(following)
        return self._known[key]

    def _merge(self, one: int, other: int) -> int:
        """The state that accepts what either of the two accepts."""
        if one == other:
            return one
        both = (self._states[one], self._states[other])
        following = {}
        for word in {**both[0], **both[1]}:
            otherwise = END if word == END else OPEN  # any word may be one that is named, too
            targets = [steps.get(word, steps.get(otherwise)) for steps in both]
            following[word] = reduce(self._either, [at for at in targets if at is not None])
        return self._state(following)

    def _alternatives(self, tokens: list[str]) -> Build:
        """One of several; `tokens` is a stack, and ends up without them."""
        options = [self._sequence(tokens)]
        while tokens and tokens[-1] == "|":
            tokens.pop()
            options.append(self._sequence(tokens))
        return lambda after: reduce(self._either, (option(after) for option in options))

    def _sequence(self, tokens: list[str]) -> Build:
        parts: list[Build] = []
        while tokens and tokens[-1] not in ("|", ")", "]"):
            parts.append(self._item(tokens))
        return lambda after: reduce(lambda state, part: part(state), reversed(parts), after)

    def _item(self, tokens: list[str]) -> Build:
        symbol = tokens.pop()
        if symbol in ("(", "["):
            inner = self._alternatives(tokens)
            tokens.pop()
            return inner if symbol == "(" else lambda after: self._either(inner(after), after)
        if symbol.startswith("<"):
            return self._alternatives(_tokens(self._rules[symbol[1:-1]]))
        if symbol.startswith("{"):
            values = self._lists[symbol[1:-1].split(":")[0]]
            return self._alternatives(_tokens("|".join(values)))
        if symbol == ANY_WORDS:
            return self._any_words
        return lambda after: self._state({symbol: after})

    def _any_words(self, after: int) -> int:
        """The state before any words, up to `MOST_WORDS`."""
        before = after
        for count in range(MOST_WORDS):
            before = self._state({OPEN: self._either(before, after) if count else after})
        return before


def _tokens(template: str) -> list[str]:
    """The last one first; "minute[s]" is one of two words."""
    return TOKEN.findall(ENDING.sub(r"(\1|\1\2)", template))[::-1]
