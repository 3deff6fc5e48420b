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
    """Some of the words may be others."""
    GUESSED = enum.auto()
    """Most of the words may be others."""

    @classmethod
    def of(cls, transcript: Transcript) -> Certainty:
        """Return the certainty of words that a recogniser found."""
        if transcript.sure:
            return cls.HEARD
        return cls.GUESSED if transcript.guessed else cls.UNSURE


class Heard:
    """The words of the latest recordings."""

    def __init__(self) -> None:
        self._transcripts: OrderedDict[str, Transcript] = OrderedDict()

    def note(self, transcript: Transcript) -> None:
        """Remember the words of a recording."""
        key = _key(transcript.text)
        self._transcripts[key] = transcript
        self._transcripts.move_to_end(key)
        if len(self._transcripts) > MOST:
            self._transcripts.popitem(last=False)

    def certainty(self, question: str) -> Certainty:
        """Return how surely this question was heard; a question without a recording was typed."""
        transcript = self._transcripts.get(_key(question))
        return Certainty.of(transcript) if transcript else Certainty.TYPED

    def perhaps(self, question: str) -> str:
        """Return the command that may have been said instead; "" without one."""
        transcript = self._transcripts.get(_key(question))
        return transcript.perhaps if transcript else ""


def _key(text: str) -> str:
    return " ".join(text.casefold().split())
