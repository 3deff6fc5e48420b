"""Answers about the talk itself: help, repeating, politeness."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.server.skills.chance import THROWS
from voice_assistant.server.skills.reply import Answer, NotUnderstood

if TYPE_CHECKING:
    from voice_assistant.server.skills.reply import Asked

CAN_DO = (
    "tell the time here and elsewhere, do sums, convert units, spell words, keep timers, reminders,"
    " lists and notes, and steer music and volume"
)
HELP = "What can you do?"
"""The question that `help_` answers."""

EXAMPLES = ("What time is it?", "What is 15 percent of 80?", "Set a timer for ten minutes")


def help_(asked: Asked) -> Answer:
    """For "What can you do", and for "Can you hear me"."""
    if asked.match.text("here"):
        return Answer("Yes, I am here. What can I do for you?", (HELP, *EXAMPLES[:2]))
    if asked.means.chat_model.access:
        return Answer(f"I can {CAN_DO}. All else is answered by a chat model.", EXAMPLES)
    text = f"I can {CAN_DO}. A chat model can answer the rest: ask me how to connect one."
    return Answer(text, ("How do I connect a model?", *EXAMPLES[:2]))


def repeat(asked: Asked) -> Answer:
    """For "Say that again"; after a coin, dice or a joke, "again" means another."""
    memory = asked.memory
    if asked.match.values("one") not in ((), (1,)):
        raise NotUnderstood
    again = THROWS.get(memory.topic)
    if again and asked.match.text("anew") and memory.details.get("said") == memory.answer:
        return again(asked)
    return Answer(asked.memory.answer or "I have not said anything yet.", EXAMPLES[:1])


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
    "welcome": "Good. What else can I do for you?",
    "bye": "Goodbye.",
    "stop": "Okay.",
    "machine": "I am a program on your computer: your voice assistant.",
    "name": "I am your voice assistant. Ask me what I can do.",
    "language": "I understand and speak English.",
    "wrong": "Sorry. Say it once more, please, perhaps in other words.",
    "private": "I listen when you use the key, and else only where you have switched on the wake"
    " word, conversation mode or interrupting by voice. Speech is recognised on this computer.",
}
