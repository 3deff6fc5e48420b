"""Which of an answer's text the audio in its stream covers.

The stream holds a few audio files in a row that say nothing about their text. So the server's own
rule tells which text goes into which file, and the lengths of the files tell how much of it came.
"""

from __future__ import annotations

import math
import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from voice_assistant.audio.mp3 import parse_header
from voice_assistant.audio.pauses import Pauses
from voice_assistant.speech.alignment import Pace, whole_sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.audio.decoder import Decoded
    from voice_assistant.audio.format import Pcm
    from voice_assistant.audio.pauses import Silence

_SERVER_END = re.compile(r"[。.!?]")
_WITHIN = re.compile(r"[,;:(、，；：（]")  # noqa: RUF001 (Chinese)
_LARGEST_BATCH = 7

_REGULAR = 2  # so many pieces of the largest size must have come

# From which ratio on a file's length, by the length that its text should have, is believed.
_WHOLE = 0.5
_WHOLE_WITHIN_A_BATCH = 0.75  # where a provider makes several files of one
_WHOLE_UNKNOWN_VOICE = 0.4
_MORE_THAN_ONE_BATCH = 2.5
_PART_OF_A_BATCH = 0.9
_CUT_OFF = 2.4  # where one file holds more than can be aligned

_MOST_ALIGNED = 20
"""Sentences: a text that came in one piece is one batch, and to weigh them all takes too long."""
_SURE = 0.99
"""How sure it has to be that a sentence is whole: one heard twice is better than one lost."""
_SURE_OF_A_CUT = 0.998
"""The same for the first file that is heard of a voice, if it was cut off: there is little in it to
repeat, and little is known."""
_SPREAD = 0.09
"""Of a voice's pace, from one batch to the next."""

# Where a voice rests: a heading goes over into what follows.
_RESTS = re.compile(r"[.!?…。！？][^\w\s]*$")  # noqa: RUF001 (Chinese)


class Batches:
    """The server's rule: which portions of a text it speaks as one audio file each.

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

    def feed(self, delta: str) -> None:
        """Add a piece as the server sent it."""
        self._ends += [len(self.text) + found.end() for found in _SERVER_END.finditer(delta)]
        self.text += delta
        if len(self._ends) >= self._wanted:
            self.borders.append(self._ends[-1])
            self._ends.clear()
            self._wanted = min(self._wanted + 1, _LARGEST_BATCH)

    def finish(self) -> None:
        """The text is whole: its rest is the last batch."""
        begin = self.borders[-1] if self.borders else 0
        if self.text[begin:].strip():
            self.borders.append(len(self.text))


def expected_s(text: str) -> float:
    """About how long it takes to say `text`, in seconds, by an average voice.

    Fits espeak-ng's English to 15 %; another voice differs by one factor, which is then learnt.
    """
    seconds = 0.0
    for letter in text:
        if letter.isdigit():
            seconds += 0.25
        elif letter > "\u2e80" and letter.isalpha():
            seconds += 0.2  # a syllable in Chinese, Japanese and Korean
        else:
            seconds += 0.048
    seconds += 0.2 * len(_WITHIN.findall(text))
    return seconds + 0.4 * max(1, len(_SERVER_END.findall(text)))


class Files:
    """The audio files of a stream, as far as they have come.

    Attributes:
        seconds: how long each is.
    """

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._pauses = Pauses()

    def add(self, sound: Decoded) -> list[tuple[bool, Pcm]]:
        """Note the next sound: its parts, each with whether a sentence seems to begin with it."""
        begins_file = sound.file >= len(self.seconds)
        if begins_file:
            self.seconds += [0.0] * (sound.file + 1 - len(self.seconds))
            self._pauses = Pauses()
        parts = list(self._pauses.split(sound.pcm, sound.rate_hz))
        self.seconds[sound.file] = self._pauses.end_s
        (begins, pcm), *others = parts
        return [(begins or begins_file, pcm), *others]

    @property
    def silences(self) -> list[Silence]:
        """Where the voice of the last file rests."""
        return self._pauses.silences


class Pieces:
    """What the pieces of a stream's audio tell by their sizes.

    A provider hands out a file in pieces of one size, less the last: 4096 bytes on both servers
    that were watched. So a shorter piece ends a file, where the sizes keep to that at all.
    """

    def __init__(self) -> None:
        self._size = 0
        self._full = 0
        self._short = 0
        self._files = 1
        self._last = 0

    def add(self, data: bytes) -> bool:
        """Note the next piece; whether it begins a file that has no mark of its own."""
        begins = 0 < self._last < self._size and _begins_file(data)
        self._files += begins
        self._last = len(data)
        if self._last > self._size:
            self._short += self._full
            self._size, self._full = self._last, 0
        self._full += self._last == self._size
        self._short += self._last < self._size
        return begins

    @property
    def last_whole(self) -> bool | None:
        """Whether the last file came to its end; None if the sizes do not tell."""
        if self._full < _REGULAR or self._short != self._files - (self._last == self._size):
            return None
        return self._last < self._size


def _begins_file(data: bytes) -> bool:
    return data.startswith((b"ID3", b"RIFF")) or parse_header(data) is not None


def reaches(
    batches: Batches, sentences: Sequence[int], files: Files, *, last_whole: bool | None
) -> list[int]:
    """How far into the text each of the files reaches.

    Files and batches go together one by one. Lengths and silences decide where that cannot be: the
    last file may have been cut off, a provider may make several files of one batch, and files
    without any mark look like a single one. In doubt the answer is the lesser: a sentence heard
    twice is better than one lost.

    Args:
        batches: the text.
        sentences: where sentences end within it.
        files: its audio.
        last_whole: the last file came to its end, or was cut off; None if that is not known.
    """
    found: list[int] = []
    heard_s = due_s = 0.0
    for number, seconds in enumerate(files.seconds, start=1):
        begin = found[-1] if found else 0
        whole = last_whole if number == len(files.seconds) else True
        pace = Pace(heard_s / due_s, _SPREAD) if due_s else None
        part = _Part(batches, sentences, begin, seconds, pace)
        end = part.reach(files, whole=whole)
        if whole and end in batches.borders:
            heard_s += seconds
            due_s += expected_s(batches.text[begin:end])
        found.append(end)
    return found


class _Part(NamedTuple):
    """One file, and the text that it may be the speech of."""

    batches: Batches
    sentences: Sequence[int]
    begin: int
    seconds: float
    pace: Pace | None

    def reach(self, files: Files, *, whole: bool | None) -> int:
        """Where in the text the file ends."""
        borders = [border for border in self.batches.borders if border > self.begin]
        if not borders:
            return self.begin
        if len(files.seconds) == 1 and self._ratio(borders[0]) > _MORE_THAN_ONE_BATCH:
            if whole:
                return min(borders, key=lambda end: abs(math.log(self._ratio(end))))
            return self._last_end(borders[-1], _CUT_OFF)
        if not whole:
            return self._last_heard(borders[0], files.silences, cut_off=whole is False)
        if self._ratio(borders[0]) >= self._least_whole:
            return borders[0]
        return self._last_end(borders[0], _PART_OF_A_BATCH)

    def _ratio(self, end: int) -> float:
        pace = self.pace.factor if self.pace else 1.0
        return self.seconds / (pace * expected_s(self.batches.text[self.begin : end]))

    @property
    def _least_whole(self) -> float:
        """From which ratio on a whole file is all that is left of its batch."""
        if self.begin and self.begin not in self.batches.borders:
            return _WHOLE_WITHIN_A_BATCH
        return _WHOLE if self.pace else _WHOLE_UNKNOWN_VOICE

    def _last_end(self, border: int, enough: float) -> int:
        """The last sentence end up to a border for which the file is long enough."""
        ends = [end for end in self._ends(border) if self._ratio(end) >= enough]
        return ends[-1] if ends else self.begin

    def _last_heard(self, border: int, silences: Sequence[Silence], *, cut_off: bool) -> int:
        """The last sentence end that a file reaches which may have been cut off."""
        ends = [self.begin, *self._ends(border)]
        if len(ends) > _MOST_ALIGNED:
            return self._last_end(border, _CUT_OFF)
        due_s = [expected_s(self.batches.text[begin:end]) for begin, end in pairwise(ends)]
        sure = _SURE_OF_A_CUT if cut_off and not self.pace else _SURE
        count = whole_sentences(due_s, silences, self.seconds, self.pace, sure=sure)
        return ends[min(count, len(due_s) - cut_off)]

    def _ends(self, border: int) -> list[int]:
        """Where a voice rests, from the file's begin to a border, which is the last."""
        text, last, ends = self.batches.text, self.begin, []
        for end in self.sentences:
            said = text[last:end]
            if last < end <= border and _RESTS.search(said) and _is_said(said):
                ends.append(end)
                last = end
        if ends and not _is_said(text[last:border]):
            ends.pop()
        return [*ends, border]


def _is_said(text: str) -> bool:
    return any(letter.isalnum() for letter in text)
