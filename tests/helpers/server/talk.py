"""Questions and answers of a talk, as the history keeps them."""

from __future__ import annotations

from voice_assistant.api.models import HistoryMessage


def turn(question: str, answer: str) -> HistoryMessage:
    """Return a question with its answer."""
    return HistoryMessage(id=question, conversation_id="c", query=question, answer=answer)
