"""What is about the talk itself: help, repeating, spelling, politeness, chance."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from voice_assistant.server.skills.numbers import shown
from voice_assistant.server.skills.reply import Answer, NotUnderstood

if TYPE_CHECKING:
    from voice_assistant.server.skills.reply import Asked, Memory

CAN_DO = "tell the time and the date, do sums, convert units, keep timers and spell words"
CONNECT = (
    "To have everything answered, connect a Dify app: "
    "voice-assistant config show, in a terminal, says where."
)
EXAMPLES = ("What time is it?", "What is 15 percent of 80?", "Set a timer for ten minutes")
MOST_WORDS = 3
MOST_DICE = 6
LARGEST_CHANCE = 10**9


def help_(asked: Asked) -> Answer:  # noqa: ARG001
    """For "What can you do"."""
    return Answer(f"On this machine alone I can {CAN_DO}. {CONNECT}", EXAMPLES)


def unknown(question: str, memory: Memory) -> Answer:
    """What is said to a question that is not understood: honest, and shorter the second time."""
    if memory.lost:
        return Answer(
            "I did not understand that either. Ask me what I can do.",
            ("What can you do?", *EXAMPLES[:2]),
        )
    if len(question.split()) > 2:  # noqa: PLR2004
        return Answer(f"I cannot answer that on this machine. I can {CAN_DO}. {CONNECT}", EXAMPLES)
    return Answer(f"I did not understand that. I can {CAN_DO}. {CONNECT}", EXAMPLES)


def repeat(asked: Asked) -> Answer:
    """For "Say that again"."""
    return Answer(asked.memory.answer or "I have not said anything yet.", EXAMPLES[:1])


def spell(asked: Asked) -> Answer:
    """For "Spell necessary"."""
    words = asked.match.text("word").split()
    if len(words) > MOST_WORDS or not all(word.isalpha() for word in words):
        raise NotUnderstood
    spelled = ", space, ".join("-".join(word.upper()) for word in words)
    return Answer(
        f"{' '.join(words).capitalize()} is spelled {spelled}.",
        ("Repeat that", "Spell necessary" if words != ["necessary"] else "Spell receive"),
    )


def coin(asked: Asked) -> Answer:
    """For "Flip a coin"."""
    return Answer(f"{asked.random.choice(('Heads', 'Tails'))}.", ("Flip a coin", "Roll a die"))


def dice(asked: Asked) -> Answer:
    """For "Roll two dice"."""
    count = int(next(iter(asked.match.values("dice")), 1))
    if not 1 <= count <= MOST_DICE:
        raise NotUnderstood
    rolls = [asked.random.randint(1, 6) for _ in range(count)]
    total = f", together {sum(rolls)}" if count > 1 else ""
    return Answer(
        f"You rolled {' and '.join(map(str, rolls))}{total}.", ("Roll two dice", "Flip a coin")
    )


def chance(asked: Asked) -> Answer:
    """For "Pick a number between one and ten"."""
    low, high = sorted(asked.match.values("number")) or (Fraction(1), Fraction(100))
    if low.denominator * high.denominator != 1 or high - low > LARGEST_CHANCE:
        raise NotUnderstood
    picked = asked.random.randint(low.numerator, high.numerator)
    return Answer(
        f"{shown(Fraction(picked))[0]}.",
        ("Pick a number between 1 and 10", "Roll a die", "Flip a coin"),
    )


def hello(asked: Asked) -> Answer:
    """For "Good morning"."""
    hour = asked.now.hour
    greeting = "Good morning" if hour < 12 else "Good afternoon" if hour < 18 else "Good evening"  # noqa: PLR2004
    return Answer(f"{greeting}! What can I do for you?", ("What can you do?", *EXAMPLES[:2]))


def courtesy(asked: Asked) -> Answer:
    """What needs no more than a kind word."""
    return Answer(COURTESIES[asked.match.text("said")], EXAMPLES[:2])


COURTESIES = {
    "well": "I am well, thank you. What can I do for you?",
    "thanks": "You are welcome.",
    "bye": "Goodbye.",
    "stop": "Okay.",
    "name": "I am your voice assistant. Ask me what I can do.",
}
