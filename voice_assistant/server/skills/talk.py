"""Answers about the talk itself: help, repeating, spelling, politeness, chance."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from voice_assistant.server.skills.numbers import shown
from voice_assistant.server.skills.reply import Answer, NotUnderstood
from voice_assistant.text.letters import capitalised

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.server.skills.reply import Asked

CAN_DO = (
    "tell the time here and elsewhere, do sums, convert units, spell words, keep timers, reminders,"
    " lists and notes, and steer music and volume"
)
HELP = "What can you do?"
"""The question that `help_` answers."""

EXAMPLES = ("What time is it?", "What is 15 percent of 80?", "Set a timer for ten minutes")
SIGNS = {"'": "apostrophe", "\u2019": "apostrophe", "-": "hyphen"}
MOST_WORDS = 3
MOST_DICE = 6
MOST_SIDES = 100
LARGEST_CHANCE = 10**9


def help_(asked: Asked) -> Answer:
    """For "What can you do", and for "Can you hear me"."""
    if asked.match.text("here"):
        return Answer("Yes, I am here. What can I do for you?", (HELP, *EXAMPLES[:2]))
    if asked.means.chat_model.access:
        return Answer(f"I can {CAN_DO}. All else is answered by a chat model.", EXAMPLES)
    text = f"I can {CAN_DO}. A chat model can answer the rest: ask me how to connect one."
    return Answer(text, ("How do I connect a model?", *EXAMPLES[:2]))


def repeat(asked: Asked) -> Answer:
    """For "Say that again"; after a coin or dice, "again" throws once more."""
    memory = asked.memory
    again = THROWS.get(memory.topic)
    if again and asked.match.text("anew") and memory.details.get("said") == memory.answer:
        return again(asked)
    return Answer(asked.memory.answer or "I have not said anything yet.", EXAMPLES[:1])


def spell(asked: Asked) -> Answer:
    """For "Spell necessary"."""
    words = asked.match.text("word").split()
    parts = [part for word in words for part in re.split(r"['\u2019-]", word)]
    if len(words) > MOST_WORDS or not words or not all(part.isalpha() for part in parts):
        raise NotUnderstood
    spelled = ", space, ".join(map(_letters, words))
    text = " ".join(words)
    return Answer(
        f"{capitalised(text)} is spelled {spelled}.",
        ("Repeat that", "Spell necessary" if words != ["necessary"] else "Spell receive"),
    )


def _letters(word: str) -> str:
    """Return a word as "D-O-N, apostrophe, T"."""
    return ", ".join(
        SIGNS.get(part) or "-".join(part.upper()) for part in re.split(r"(['\u2019-])", word)
    )


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


THROWS: dict[str, Callable[[Asked], Answer]] = {"coin": coin, "dice": dice, "chance": chance}
"""The question that "again" repeats, by the topic."""


def hello(asked: Asked) -> Answer:
    """For "Good morning"."""
    greeting = next(said for until, said in GREETINGS if asked.now.hour < until)
    return Answer(f"{greeting}! What can I do for you?", (HELP, *EXAMPLES[:2]))


def courtesy(asked: Asked) -> Answer:
    """For "Thank you", "goodbye" and the like."""
    return Answer(COURTESIES[asked.match.text("said")], EXAMPLES[:2])


GREETINGS = (
    (5, "Hello"),
    (12, "Good morning"),
    (18, "Good afternoon"),
    (22, "Good evening"),
    (24, "Hello"),
)
"""Up to which hour each is said."""

COURTESIES = {
    "well": "I am well, thank you. What can I do for you?",
    "thanks": "You are welcome.",
    "bye": "Goodbye.",
    "stop": "Okay.",
    "machine": "I am a program on your computer: your voice assistant.",
    "name": "I am your voice assistant. Ask me what I can do.",
    "language": "I understand and speak English.",
    "wrong": "Sorry. Say it once more, please, perhaps in other words.",
    "private": "I listen when you use the key, and else only where you have switched on the wake"
    " word, conversation mode or interrupting by voice. Speech is recognised on this computer.",
}
