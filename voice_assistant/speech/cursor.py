"""The place on a tape where reading goes on, and moves of this place by sentences."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voice_assistant.audio.format import Pcm
    from voice_assistant.audio.tape import Tape

SAME_S = 1.0
"""A listener who goes back within this time of a sentence's begin wants the sentence before."""
OVER_S = 0.04
"""A sentence with at most this much left counts as heard: a speaker may hold that much back."""


class Cursor:
    """The place on a tape where reading goes on. The tape may grow, and be cut behind this place.

    Args:
        tape: the tape to read.

    Attributes:
        at_s: the place, in seconds.
    """

    def __init__(self, tape: Tape) -> None:
        self.at_s = 0.0
        self._tape = tape
        self._awaited: int | None = None  # the number of a sentence that is still to come

    @property
    def has_more(self) -> bool:
        """Return whether there is something to read."""
        return self._awaited is None and self.at_s < self._tape.end_s

    @property
    def between_sentences(self) -> bool:
        """Return whether the place is a sentence's begin or the tape's end."""
        if self.at_s < self._tape.end_s:
            return self.at_s in self._tape.sentences
        return self._tape.last_sentence_complete

    def read(self, most_s: float) -> tuple[Pcm, int]:
        """Return up to `most_s` seconds of one sentence, and their rate in Hz. Needs `has_more`."""
        pcm, rate_hz, self.at_s = self._tape.read(self.at_s, most_s)
        return pcm, rate_hz

    def go_to(self, at_s: float) -> None:
        """Read on from `at_s`."""
        self._awaited = None
        self.at_s = at_s

    def skip(self) -> None:
        """Go on with the next sentence, also if that sentence has yet to come."""
        if self._awaited is None:
            self._awaited = bisect_right(self._tape.sentences, self.at_s + 1e-3)
        else:
            self._awaited += 1
        self.at_s = self._tape.end_s
        self.settle()

    def settle(self) -> None:
        """Go to the awaited sentence if it has come. Call this after the tape has grown."""
        if self._awaited is not None and self._awaited < len(self._tape.sentences):
            self.go_to(self._tape.sentences[self._awaited])

    def back(self, speed: float) -> None:
        """Go to where this sentence begins; from its beginning, to the sentence before.

        Args:
            speed: at which the sentence was played.
        """
        begins_s = self._tape.sentences or [0.0]
        sentence = self._sentence_at(self.at_s)
        just_begun = self.at_s - begins_s[sentence] < SAME_S * speed
        earlier = just_begun and not self._at_end(speed)
        self.go_to(begins_s[max(0, sentence - earlier)])

    def rewind_to_sentence(self, speed: float) -> None:
        """Go to where this sentence begins, unless it was played to its end.

        Args:
            speed: at which the sentence was played.
        """
        if self._tape.last_sentence_complete and self._at_end(speed):
            self.go_to(self._tape.end_s)
        else:
            self.go_to(self._tape.sentences[self._sentence_at(self.at_s + OVER_S * speed)])

    @property
    def sentence(self) -> int:
        """Return the number of the sentence that is read, from 0."""
        return self._sentence_at(self.at_s)

    def _at_end(self, speed: float) -> bool:
        return self.at_s >= self._tape.end_s - OVER_S * speed

    def _sentence_at(self, at_s: float) -> int:
        return max(0, bisect_right(self._tape.sentences, at_s + 1e-3) - 1)
