"""Remembers which words were recognised lately, so that an answer can read them back."""

from __future__ import annotations

import enum
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voice_assistant.api.models import Transcript

MOST = 64
"""Recordings that are remembered; the question follows its recording within seconds."""


class Certainty(enum.Enum):
    """The certainty that the words of a question are those that the user meant."""

    TYPED = enum.auto()
    HEARD = enum.auto()
    UNSURE = enum.auto()


class Heard:
    """The words of the latest recordings."""

    def __init__(self) -> None:
        self._sure: OrderedDict[str, bool] = OrderedDict()

    def note(self, transcript: Transcript) -> None:
        """Remember the words of a recording."""
        key = _key(transcript.text)
        self._sure[key] = transcript.sure
        self._sure.move_to_end(key)
        if len(self._sure) > MOST:
            self._sure.popitem(last=False)

    def certainty(self, question: str) -> Certainty:
        """Return how surely this question was heard; a question without a recording was typed."""
        sure = self._sure.get(_key(question))
        if sure is None:
            return Certainty.TYPED
        return Certainty.HEARD if sure else Certainty.UNSURE


def _key(text: str) -> str:
    return " ".join(text.casefold().split())
