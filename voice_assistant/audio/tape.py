"""Keeps the sound of an answer: each part can be played again without a new request."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voice_assistant.audio.spool import Spool

if TYPE_CHECKING:
    from voice_assistant.audio.format import Pcm

IN_MEMORY_BYTES = 16_000_000
"""Five minutes of speech. A longer answer is kept in a temporary file without a name."""
_SAMPLE_BYTES = 2


@dataclass
class _Passage:
    """Samples of one rate and of one sentence, in a row in the file."""

    begin_s: float
    rate_hz: int
    first_byte: int
    samples: int = 0

    @property
    def end_s(self) -> float:
        return self.begin_s + self.samples / self.rate_hz


class Tape:
    """Sentences of sound, one after the other. Places on a tape are seconds from its beginning.

    Attributes:
        sentences: where each sentence begins.
    """

    def __init__(self) -> None:
        self.sentences: list[float] = []
        self._spool = Spool(IN_MEMORY_BYTES)
        self._bytes = 0
        self._passages: list[_Passage] = []
        self._begins = True

    @property
    def end_s(self) -> float:
        """Return the tape's length so far, in seconds."""
        return self._passages[-1].end_s if self._passages else 0.0

    @property
    def last_sentence_complete(self) -> bool:
        """Return whether the last sentence is complete."""
        return self._begins

    def begin_sentence(self) -> None:
        """Complete the last sentence: the next samples begin another one."""
        self._begins = True

    def add(self, pcm: Pcm, rate_hz: int) -> None:
        """Append samples."""
        if not len(pcm):
            return
        if self._begins or self._passages[-1].rate_hz != rate_hz:
            self._passages.append(_Passage(self.end_s, rate_hz, self._bytes))
        if self._begins:
            self.sentences.append(self.end_s)
            self._begins = False
        self._spool.write(self._bytes, pcm.tobytes())
        self._bytes += pcm.nbytes
        self._passages[-1].samples += len(pcm)

    def read(self, at_s: float, most_s: float) -> tuple[Pcm, int, float]:
        """Return up to `most_s` seconds of one sentence and rate, from `at_s` (not the end) on.

        Returns:
            The samples, their rate in Hz, and where the next ones begin.
        """
        found = bisect_right(self._passages, at_s + 1e-6, key=lambda passage: passage.begin_s)
        passage = self._passages[found - 1]
        skipped = round((at_s - passage.begin_s) * passage.rate_hz)
        count = min(passage.samples - skipped, max(1, round(most_s * passage.rate_hz)))
        first_byte = passage.first_byte + skipped * _SAMPLE_BYTES
        pcm = np.frombuffer(self._spool.read(first_byte, count * _SAMPLE_BYTES), np.int16)
        return pcm, passage.rate_hz, passage.begin_s + (skipped + count) / passage.rate_hz

    def cut(self, at_s: float) -> None:
        """Forget the sound after `at_s`; the next samples begin a sentence."""
        while self._passages and self._passages[-1].begin_s >= at_s - 1e-6:
            self._bytes = self._passages.pop().first_byte
        if self._passages:
            last = self._passages[-1]
            last.samples = min(last.samples, round((at_s - last.begin_s) * last.rate_hz))
            self._bytes = last.first_byte + last.samples * _SAMPLE_BYTES
        self.sentences = [begin_s for begin_s in self.sentences if begin_s < at_s - 1e-6]
        self._begins = True
