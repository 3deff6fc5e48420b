"""The input and the output of a skill."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from voice_assistant.server.machine.machine import Machine
from voice_assistant.server.machine.programs import Programs

if TYPE_CHECKING:
    import random
    from datetime import datetime

    from voice_assistant.server.chat_model.choice import ModelChoice
    from voice_assistant.server.store.lists import Lists
    from voice_assistant.server.store.stopwatch import Stopwatch
    from voice_assistant.server.store.timers import Timers


WISH = "wish"
"""The detail of `Memory` with the sentence that "yes" stands for; the next answer drops it."""

GAP = "gap"
"""The detail of `Memory` with a wish whose time was asked for; the next answer drops it."""

MOVE = "move"
"""The detail of `Memory` with the wish that sets what was talked of to another time."""

MORE = "more"
"""The detail of `Memory` with the wish that does the same with other words."""

PROGRAMS = "programs"
"""The detail of `Memory` with the names of the programs of which one is to be opened."""

FRESH = "fresh"
"""The detail of `Memory` that says what the very last answer was about; the next one drops it."""


class Memory(msgspec.Struct, frozen=True):
    """The memory of a conversation; plain data, so that it can be kept as JSON.

    Attributes:
        topic: what it is about: the name of the last intent that can be continued.
        details: what a continuation needs of it, by name.
        answer: the last answer, to be repeated.
        lost: how many questions in a row were not understood.
        question: the last question that was understood, to be corrected.
    """

    topic: str = ""
    details: dict[str, str] = {}
    answer: str = ""
    lost: int = 0
    question: str = ""

    def after(self, answer: str, *, lost: int = 0) -> Memory:
        """Return the memory after another answer, which has no topic of its own."""
        passing = (WISH,) if lost else (FRESH, GAP, WISH)  # what was not understood is said again
        details = {name: value for name, value in self.details.items() if name not in passing}
        return Memory(self.topic, details, answer, lost, self.question if lost else "")


class Reply(NamedTuple):
    """An answer.

    Attributes:
        text: to be read and to be heard.
        suggestions: up to three questions that could follow; all of them are understood.
        memory: for the next question of the same conversation.
    """

    text: str
    suggestions: tuple[str, ...]
    memory: Memory


class Unanswered(NamedTuple):
    """A question that no skill answers.

    Attributes:
        question: what was asked; after a "yes" that which was meant.
    """

    question: str


OWN = ("task", "word", "item", "page")
"""Slots for words of the user's own, which are kept as they are."""


@dataclasses.dataclass(frozen=True)
class Match:
    """An intent, and the values of its slots in the order of the words.

    Attributes:
        intent: its name in the templates.
        slots: name and value; a slot may occur more than once.
    """

    intent: str
    slots: tuple[tuple[str, Fraction | str], ...] = ()

    def values(self, slot: str) -> tuple[Fraction, ...]:
        """Return all numbers of a slot."""
        return tuple(v for name, v in self.slots if name == slot and isinstance(v, Fraction))

    def value(self, slot: str) -> Fraction:
        """Return the number of a slot that the template demands."""
        return self.values(slot)[0]

    def texts(self, slot: str) -> tuple[str, ...]:
        """Return all texts of a slot."""
        return tuple(v for name, v in self.slots if name == slot and isinstance(v, str))

    def text(self, slot: str) -> str:
        """Return the text of a slot; "" without the slot."""
        return next(iter(self.texts(slot)), "")

    def keeps(self, place: str, words: str) -> bool:
        """Return whether this match has a slot for words of the user only if there are any.

        Args:
            place: what stands for the words in a slot.
            words: the user's; "" if there are none.
        """
        own = [value for name, value in self.slots if name in OWN]
        return own == ([place] if words else [])

    def with_words(self, place: str, words: str) -> Match:
        """Return this match with the user's own words in their slot."""
        slots = tuple((name, words if value == place else value) for name, value in self.slots)
        return Match(self.intent, slots)

    def in_order(self) -> tuple[Fraction | str, ...]:
        """Return the values of all slots."""
        return tuple(value for _, value in self.slots)


@dataclasses.dataclass(frozen=True)
class Means:
    """The parts of the backend that skills read and change."""

    timers: Timers
    chat_model: ModelChoice
    lists: Lists
    stopwatch: Stopwatch
    machine: Machine = dataclasses.field(default_factory=Machine)
    programs: Programs = dataclasses.field(default_factory=Programs)


@dataclasses.dataclass(frozen=True)
class Asked:
    """A question that was understood, and what it takes to answer it; `words` are the question."""

    match: Match
    memory: Memory
    now: datetime
    random: random.Random
    means: Means
    words: str = ""

    @property
    def timers(self) -> Timers:
        """The timers, alarms and reminders."""
        return self.means.timers


@dataclasses.dataclass(frozen=True)
class Answer:
    """The answer of a skill.

    Attributes:
        text: the answer.
        suggestions: what could be asked next.
        topic: as in `Memory`; "" leaves the memory's topic and details as they were.
        details: as in `Memory`.
        instead: a sentence whose answer is to be given in place of this one.
    """

    text: str
    suggestions: tuple[str, ...] = ()
    topic: str = ""
    details: dict[str, str] = dataclasses.field(default_factory=dict)
    instead: str = ""


class NotUnderstood(Exception):
    """The words fit a template and yet make no sense here, as "times three" without a number."""
