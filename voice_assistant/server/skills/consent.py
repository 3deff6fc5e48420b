"""What destroys or opens something is asked for first: "yes" does it, anything else does not."""

from __future__ import annotations

from voice_assistant.server.skills.reply import WISH, Answer, Asked, NotUnderstood

YES, NO = "Yes", "No"


def asking(question: str, wish: str) -> Answer:
    """Return the question whether to do something.

    Args:
        question: is said.
        wish: the sentence that does it, for the skills; "yes" is as good as saying it.
    """
    return Answer(question, (YES, NO), "consent", {WISH: wish})


def yes(asked: Asked) -> Answer:
    """For "Yes"."""
    if WISH not in asked.memory.details:
        raise NotUnderstood
    return Answer("", instead=asked.memory.details[WISH])


def no(asked: Asked) -> Answer:
    """For "No"."""
    if WISH not in asked.memory.details:
        raise NotUnderstood
    return Answer("Okay, nothing is done.", ("What can you do?",), "consent")
