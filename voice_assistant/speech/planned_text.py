"""The text of an answer as the speech plan sees it: sentences, each with its place in the text."""

from __future__ import annotations

import re

from voice_assistant.speech.coverage import Batches
from voice_assistant.text.sentences import Sentences

_READ_BY_SIGNS = re.compile(
    r"^(?=[^\n]*\|)[ \t>|:-]*--[ \t|:-]*$|^[ \t>]*(?:```|~~~)", re.MULTILINE
)
"""The row below a table's head, or the begin of code: servers read their signs aloud."""


class PlannedText:
    """The text of an answer while it comes, and its complete sentences.

    Attributes:
        batches: the text, as the server cut it.
        sentences: begin and end of each complete sentence, in `batches.text`.
        read_by_signs: a table or code has come, of which the stream's audio reads every sign.
    """

    def __init__(self) -> None:
        self.batches = Batches()
        self.sentences: list[tuple[int, int]] = []
        self.read_by_signs = False
        self._splitter = Sentences()

    def feed(self, delta: str) -> None:
        """Take the next piece of the answer, as the server cut it."""
        self.batches.feed(delta)
        self._add(self._splitter.feed(delta))

    def pause(self) -> None:
        """Take the last sentence as complete: no text has come for a while."""
        self._add(self._splitter.pause())

    def finish(self) -> None:
        """Take the last sentence as complete: no more text will come."""
        self._add(self._splitter.finish())

    def _add(self, sentences: list[str]) -> None:
        for sentence in sentences:
            self.read_by_signs = self.read_by_signs or bool(_READ_BY_SIGNS.search(sentence))
            begin = self.sentences[-1][1] if self.sentences else 0
            self.sentences.append((begin, begin + len(sentence)))
