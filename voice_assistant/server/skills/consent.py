"""Asks before something is destroyed or opened: "yes" does it, any other words do not."""

from __future__ import annotations

import textwrap

from voice_assistant.server.skills.reply import WISH, Answer, Asked, Memory, NotUnderstood

YES, NO = "Yes", "No"

DID_YOU_SAY, DO_YOU_MEAN = "Did you say", "Do you mean"

READ_BACK_LETTERS = 80


def asking(question: str, wish: str) -> Answer:
    """Return the question whether to do something.

    Args:
        question: is said.
        wish: the sentence that does it, for the skills; "yes" is as good as saying it.
    """
    return Answer(question, (YES, NO), "consent", {WISH: wish})


def did_you_say(question: str, memory: Memory) -> Answer:
    """Return the question whether words were heard rightly; "yes" is as good as saying them."""
    return _whether(f"{DID_YOU_SAY}: {read_back(question)}?", question, memory)


def do_you_mean(sentence: str, memory: Memory) -> Answer:
    """Return the question whether words mean `sentence`; "yes" is as good as saying it."""
    return _whether(f"{DO_YOU_MEAN}: {sentence}?", sentence, memory)


def _whether(text: str, wish: str, memory: Memory) -> Answer:
    """Ask, and stay with what the talk is about: the wish may go on with it."""
    kept = memory.after("")
    return Answer(text, (YES, NO), kept.topic or "consent", {**kept.details, WISH: wish})


def read_back(question: str) -> str:
    """Return a question as a part of a sentence that names it."""
    return textwrap.shorten(question, READ_BACK_LETTERS, placeholder=" …").rstrip(".!? ")


def yes(asked: Asked) -> Answer:
    """For "Yes"."""
    if WISH not in asked.memory.details:
        return _to_nothing(asked)
    return Answer("", instead=asked.memory.details[WISH])


def no(asked: Asked) -> Answer:
    """For "No"."""
    if WISH not in asked.memory.details:
        return _to_nothing(asked)
    if asked.memory.answer.startswith(DID_YOU_SAY):
        return Answer("Okay. Say it once more, please.", ("What can you do?",))
    return Answer("Okay, nothing is done.", ("What can you do?",), "consent")


def _to_nothing(asked: Asked) -> Answer:
    """Return what is said to a yes or no that nobody asked for.

    Raises:
        NotUnderstood: a chat model may have asked for it.
    """
    if asked.means.chat_model.access:
        raise NotUnderstood
    return Answer("Okay. What can I do for you?", ("What can you do?",))
