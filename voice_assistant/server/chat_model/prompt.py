"""Writes what a chat model reads: instructions for speech, the talk so far, the question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voice_assistant.server.skills.dates import full

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from voice_assistant.api.models import HistoryMessage

WINDOW_TOKENS = 4096
"""How much a model reads at once if nobody says more; the default of Ollama and of llama.cpp."""

BYTES_PER_TOKEN = 3
"""Fewer than English text has (4) and about as many as Chinese text (3): an estimate that rather
sends less of the talk than too much."""

TOKENS_PER_MESSAGE = 8
"""For the signs that a chat template puts around a message."""

PICTURE_TOKENS = 1000

SPEECH = (
    "You are the voice of an assistant on a computer desktop. Your answers are read aloud by a"
    " speech engine. Answer in the language of the question, in one to three short sentences,"
    " longer only if asked to. Write plain sentences as one speaks them: no Markdown, lists,"
    " tables, headings, emoji, or addresses of web pages. Say so if you do not know something."
    " You cannot look anything up on the internet and cannot see the screen."
    " Questions are often spoken, and a word of them may have been misheard as one that sounds"
    " alike: answer what was probably said."
)

MISHEARD = (
    "(The speech recogniser is not sure of these words. Find the question that sounds like them"
    " and makes sense, name it within your answer, and answer it. If you find none, ask me in one"
    " sentence to say it again.)"
)
"""Stands behind a question that may have been misheard."""

FOLLOW_UPS = (
    "Write three short questions that I might ask you next, in the language of our talk, at most"
    " eight words each. Write each in a line of its own, and nothing else."
)

Message = dict[str, Any]
"""A message in the form of the API."""


def system(today: dt.date, instructions: str) -> Message:
    """Return the message that tells the model how to answer.

    The message has the day and not the time of day, so that a server which keeps what it has read
    need not read the whole talk again each minute.
    """
    text = " ".join(filter(None, [SPEECH, f"Today is {full(today)}.", instructions.strip()]))
    return {"role": "system", "content": text}


def question(text: str, pictures: Sequence[str] = ()) -> Message:
    """Return the message for a question.

    Args:
        text: the question.
        pictures: the addresses of pictures; `data:` addresses hold the pictures themselves.
    """
    if not pictures:
        return {"role": "user", "content": text}
    shown = [{"type": "image_url", "image_url": {"url": picture}} for picture in pictures]
    return {"role": "user", "content": [{"type": "text", "text": text}, *shown]}


def talk(before: Sequence[HistoryMessage], tokens: int) -> list[Message]:
    """Return the latest questions and answers of a talk that fit into so many tokens."""
    chosen: list[Message] = []
    for message in reversed(before):
        if not message.answer:
            continue
        pair = [question(message.query), {"role": "assistant", "content": message.answer}]
        tokens -= sum(map(estimated_tokens, pair))
        if tokens < 0:
            break
        chosen[:0] = pair
    return chosen


def estimated_tokens(message: Message) -> int:
    """Return about how many tokens a message is for a model."""
    content = message["content"]
    if isinstance(content, str):
        return TOKENS_PER_MESSAGE + len(content.encode()) // BYTES_PER_TOKEN
    text, *pictures = content
    return estimated_tokens({"content": text["text"]}) + PICTURE_TOKENS * len(pictures)
