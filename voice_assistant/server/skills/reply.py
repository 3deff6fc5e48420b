"""What goes into a skill and what comes out of it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, NamedTuple

import msgspec

if TYPE_CHECKING:
    import random
    from datetime import datetime

    from voice_assistant.server.skills.matcher import Match
    from voice_assistant.server.timers import Timers


class Memory(msgspec.Struct, frozen=True):
    """What is remembered of a conversation; plain data, so that it can be kept as JSON.

    Attributes:
        topic: what it is about: the name of the last intent that can be continued.
        details: what a continuation needs of it, by name.
        answer: the last answer, to be repeated.
        lost: how many questions in a row were not understood.
    """

    topic: str = ""
    details: dict[str, str] = {}
    answer: str = ""
    lost: int = 0


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


@dataclasses.dataclass(frozen=True)
class Asked:
    """A question that was understood, and what it takes to answer it."""

    match: Match
    memory: Memory
    now: datetime
    timers: Timers
    random: random.Random


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a skill says.

    Attributes:
        text: the answer.
        suggestions: what could be asked next.
        topic: as in `Memory`; "" leaves the memory's topic and details as they were.
        details: as in `Memory`.
    """

    text: str
    suggestions: tuple[str, ...] = ()
    topic: str = ""
    details: dict[str, str] = dataclasses.field(default_factory=dict)


class NotUnderstood(Exception):
    """The words fit a template and yet make no sense here, as "times three" without a number."""
