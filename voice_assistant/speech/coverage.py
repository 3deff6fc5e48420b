"""Finds which part of an answer's text the audio in its stream covers.

The stream holds a few audio files in a row that say nothing about their text. So the server's own
rule tells which text goes into which file, and each file's length tells how much of its text came.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from voice_assistant.audio.pauses import Pauses
from voice_assistant.speech.alignment import whole_sentences
from voice_assistant.speech.prosody import UNHEARD, ExpectedTiming, Prosody, expected_s
from voice_assistant.text.speakable import speakable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.audio.codec.decoder import Decoded
    from voice_assistant.audio.format import Pcm

_SERVER_END = re.compile(r"[。.!?]")
_LARGEST_BATCH = 7

_TELLING = 10_000
"""Letters that are read to find the language: to read a long text for each sentence takes 20 ms."""

# The least ratio of a file's length to its text's expected length at which the file is believed.
_WHOLE = 0.5
_WHOLE_WITHIN_A_BATCH = 0.75  # where a provider makes several files of one batch
_WHOLE_UNKNOWN_VOICE = 0.4
_MORE_THAN_ONE_BATCH = 2.5
_PART_OF_A_BATCH = 0.9
_CUT_OFF = 2.4  # where one file holds more than can be aligned

_PLAIN = 0.1

_MOST_ALIGNED = 20
"""Sentences: a text that came in one piece is one batch, and to align a long one takes too long."""

# Where a voice rests: it makes no rest between a heading and the text below.
_RESTS = re.compile(r"[.!?…。！？][^\w\s]*$")  # noqa: RUF001 (Chinese)


class Batches:
    """Applies the server's rule that divides a text into batches: one audio file for each.

    Once a piece of text has brought the number of sentence ends (`。 . ! ?`, wherever they stand:
    "3.5" has one) to 2, all whole sentences are spoken; next at 3, 4 ... 7; the rest at the end.

    Attributes:
        text: all text so far.
        borders: where the batches end within it.
    """

    def __init__(self) -> None:
        self.text = ""
        self.borders: list[int] = []
        self._ends: list[int] = []  # of sentences that no batch holds yet
        self._wanted = 2

    @property
    def beginning(self) -> str:
        """Return the part of the text that is enough to find its language."""
        return self.text[:_TELLING]

    def feed(self, delta: str) -> None:
        """Add a piece of text as the server sent it."""
        self._ends += [len(self.text) + found.end() for found in _SERVER_END.finditer(delta)]
        self.text += delta
        if len(self._ends) >= self._wanted:
            self.borders.append(self._ends[-1])
            self._ends.clear()
            self._wanted = min(self._wanted + 1, _LARGEST_BATCH)

    def finish(self) -> None:
        """Complete the text: its rest is the last batch."""
        begin = self.borders[-1] if self.borders else 0
        if self.text[begin:].strip():
            self.borders.append(len(self.text))


class StreamFiles:
    """The audio files of a stream, as far as they have come.

    Attributes:
        pauses: the pauses of each file, with the file's length.
    """

    def __init__(self) -> None:
        self.pauses: list[Pauses] = []

    def add(self, sound: Decoded) -> list[tuple[bool, Pcm]]:
        """Add the next sound; return its parts, each with whether it seems to begin a sentence."""
        begins_file = sound.file >= len(self.pauses)
        while sound.file >= len(self.pauses):
            self.pauses.append(Pauses())
        (begins, pcm), *others = self.pauses[sound.file].split(sound.pcm, sound.rate_hz)
        return [(begins or begins_file, pcm), *others]


class Coverage(NamedTuple):
    """The part of a text that the audio in its stream covers.

    Attributes:
        ends: how far into the text each of the files reaches.
        prosody: how their voice speaks, as far as it is known now.
    """

    ends: list[int]
    prosody: Prosody

    @property
    def last(self) -> tuple[int, int]:
        """Return where the last file begins in the text, and how far it reaches."""
        *_, begin, end = [0, 0, *self.ends]
        return begin, end


def covered(
    batches: Batches,
    sentences: Sequence[int],
    files: StreamFiles,
    *,
    last_whole: bool | None,
    prosody: Prosody = UNHEARD,
) -> Coverage:
    """Return the part of a text that the audio in its stream covers.

    Each file belongs to one batch. Where this cannot be, lengths and silences decide: the last file
    may have been cut off, a provider may make several files of one batch, and files without any
    mark look like a single file. In doubt the smaller part is returned: to hear a sentence twice is
    better than to lose one.

    Args:
        batches: the text.
        sentences: where sentences end within the text.
        files: the audio.
        last_whole: whether the last file came to its end; None if that is not known.
        prosody: how the voice speaks, as it was known before.
    """
    found: list[int] = []
    prosody = prosody.reading(batches.beginning)
    for number, pauses in enumerate(files.pauses, start=1):
        begin = found[-1] if found else 0
        whole = last_whole if number == len(files.pauses) else True
        part = _Part(batches, sentences, begin, pauses, prosody)
        end = part.reach(whole=whole, alone=len(files.pauses) == 1)
        found.append(end)
        in_step = found == batches.borders[:number]
        if whole and in_step and _is_plain(batches.text[begin:end]):
            prosody = prosody.after(part.dues, pauses.silences, pauses.end_s)
    return Coverage(found, prosody)


class _Part(NamedTuple):
    """One file, and the text that the file may speak."""

    batches: Batches
    sentences: Sequence[int]
    begin: int
    pauses: Pauses
    prosody: Prosody

    def reach(self, *, whole: bool | None, alone: bool) -> int:
        """Return where in the text the file ends."""
        if self.border == self.begin:
            return self.begin
        if alone and self._ratio(self.border) > _MORE_THAN_ONE_BATCH:
            borders = self.batches.borders
            if whole:
                return min(borders, key=lambda end: abs(math.log(self._ratio(end))))
            return self._last_end(borders[-1], _CUT_OFF)
        if not whole:
            return self._last_heard(cut_off=whole is False)
        if self._ratio(self.border) >= self._least_whole:
            return self.border
        return self._last_end(self.border, _PART_OF_A_BATCH)

    @property
    def border(self) -> int:
        """Return where the file's batch ends."""
        return next((end for end in self.batches.borders if end > self.begin), self.begin)

    @property
    def dues(self) -> list[ExpectedTiming]:
        """Return the expected timing of each sentence of the file's batch."""
        ends = [self.begin, *self._ends(self.border)]
        return [ExpectedTiming.of(self.batches.text[begin:end]) for begin, end in pairwise(ends)]

    def _ratio(self, end: int) -> float:
        expected = expected_s(self.batches.text[self.begin : end])
        return self.pauses.spoken_s / (math.exp(self.prosody.pace.mean) * expected)

    @property
    def _least_whole(self) -> float:
        """Return the ratio from which a complete file speaks all that is left of its batch."""
        if self.begin and self.begin not in self.batches.borders:
            return _WHOLE_WITHIN_A_BATCH
        return _WHOLE if self.prosody.known else _WHOLE_UNKNOWN_VOICE

    def _last_end(self, border: int, enough: float) -> int:
        """Return the last sentence end up to `border` that the file is long enough for."""
        ends = [end for end in self._ends(border) if self._ratio(end) >= enough]
        return ends[-1] if ends else self.begin

    def _last_heard(self, *, cut_off: bool) -> int:
        """Return the last sentence end that the file reaches; the file may have been cut off."""
        ends = [self.begin, *self._ends(self.border)]
        if len(ends) > _MOST_ALIGNED:
            return self._last_end(self.border, _CUT_OFF)
        count = whole_sentences(self.dues, self.pauses.silences, self.pauses.end_s, self.prosody)
        return ends[min(count, len(ends) - 1 - cut_off)]

    def _ends(self, border: int) -> list[int]:
        """Return where a voice rests from the file's begin on; the last place is `border`."""
        text, last, ends = self.batches.text, self.begin, []
        first, behind = (bisect_right(self.sentences, at) for at in (last, border))
        for end in self.sentences[first:behind]:
            said = text[last:end]
            if _RESTS.search(said) and _is_said(said):
                ends.append(end)
                last = end
        if ends and not _is_said(text[last:border]):
            ends.pop()
        return [*ends, border]


def _is_said(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


def _is_plain(text: str) -> bool:
    """Return whether a text tells the length of its speech: servers may skip links and code."""
    return abs(expected_s(speakable(text)) / expected_s(text) - 1) < _PLAIN
