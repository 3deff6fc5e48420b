"""The caption that the overlay shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from voice_assistant.events import Phase


class Caption(NamedTuple):
    """The content of the overlay at one moment.

    Attributes:
        phase: what the assistant does; its shape and its word.
        level_dbfs: the microphone's level while it listens, else None.
        question: the question as it was understood, "" while it is not known.
        words: the sentence being spoken; without speech, the end of the answer so far.
    """

    phase: Phase
    level_dbfs: float | None = None
    question: str = ""
    words: str = ""
