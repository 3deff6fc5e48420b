"""Compares the known text of an answer with what the server has of it, to find what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.api.stream.events import WorkflowFinished

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voice_assistant.api.models import Json
    from voice_assistant.api.stream.events import AnyStreamEvent

SURE_CHARACTERS = 12
"""A shorter text may begin a later piece by chance."""


def rest(known: str, whole: str) -> str | None:
    """Return what follows `known` in the complete text; None if that began differently.

    Servers may keep the text without the blanks at its ends.
    """
    for begin in (known, known.lstrip()):
        if whole.startswith(begin):
            return whole[len(begin) :]
    return "" if known.strip().startswith(whole.strip()) else None


def sent_again(known: str, came: str) -> str:
    """Return what follows `known` in a text that a server sends from its beginning.

    Args:
        known: the text so far.
        came: what came since the run is followed again.

    Returns:
        The new text; "" if there is none yet, or if `came` may begin elsewhere in the answer.
    """
    sure = len(known) >= SURE_CHARACTERS and came.startswith(known)
    return came[len(known) :] if sure else ""


def text_of_run(events: Iterable[AnyStreamEvent]) -> str:
    """Return the answer that a finished run reports; "" if it reports none."""
    told: Json = ""
    for event in events:
        if isinstance(event, WorkflowFinished):
            told = event.data.outputs.get("answer", "")
    return told if isinstance(told, str) else ""
