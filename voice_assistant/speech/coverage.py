"""Which of an answer's text the audio in its stream covers.

The stream holds a few audio files in a row that say nothing about their text. So the server's own
rule tells which text goes into which file, and the lengths of the files tell how much of it came.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np

from voice_assistant.audio.mp3 import parse_header

if TYPE_CHECKING:
    from voice_assistant.audio.decoder import Decoded
    from voice_assistant.audio.format import Pcm

_SERVER_END = re.compile(r"[。.!?]")
_LARGEST_BATCH = 7

_REGULAR = 2  # so many pieces of the largest size must have come

# From which ratio on a file's length, by the length that its text should have, is believed. With
# these, of 3452 files of espeak-ng and flite (English and Chinese, 120 to 240 words a minute) that
# were cut off while they were heard, 0.4 % lost a sentence and 6.6 % had more than one repeated.
_WHOLE = 0.5
_WHOLE_WITHIN_A_BATCH = 0.75  # where a provider makes several files of one
_WHOLE_UNKNOWN_VOICE = 0.4
_MORE_THAN_ONE_BATCH = 2.5
_ENDED_IN_SILENCE = 0.9
_CUT = 1.35
_CUT_UNKNOWN_VOICE = 2.4

_SILENCE_S = 0.04
_SILENCE_LEVEL = 1 / 40


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
    return seconds + 0.4 * max(1, len(_SERVER_END.findall(text)))


class Files:
    """The audio files of a stream, as far as they have come.

    Attributes:
        seconds: how long each is.
    """

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._peak = 0
        self._tail = np.zeros(0, np.int16)

    def add(self, sound: Decoded) -> None:
        """Note the next sound."""
        if sound.file >= len(self.seconds):
            self.seconds += [0.0] * (sound.file + 1 - len(self.seconds))
            self._peak, self._tail = 0, self._tail[:0]
        self.seconds[sound.file] += len(sound.pcm) / sound.rate_hz
        self._peak = max(self._peak, _level(sound.pcm))
        self._tail = np.concatenate((self._tail, sound.pcm))[-int(_SILENCE_S * sound.rate_hz) :]

    @property
    def end_in_silence(self) -> bool:
        """The last file has come to a rest: it hardly was cut off within a word."""
        return _level(self._tail) <= self._peak * _SILENCE_LEVEL


def _level(pcm: Pcm) -> int:
    return int(np.abs(pcm.astype(np.int32)).max(initial=0))


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


def reaches(batches: Batches, files: Files, *, last_whole: bool | None) -> list[int]:
    """How far into the text each of the files reaches.

    Files and batches go together one by one. Lengths decide where that cannot be: the last file
    may have been cut off, a provider may make several files of one batch, and files without any
    mark look like a single one. In doubt the answer is the lesser: a sentence heard twice is
    better than one lost.

    Args:
        batches: the text.
        files: its audio.
        last_whole: the last file came to its end, or was cut off; None if that is not known.
    """
    found: list[int] = []
    heard_s = due_s = 0.0
    for number, seconds in enumerate(files.seconds, start=1):
        begin = found[-1] if found else 0
        whole = last_whole if number == len(files.seconds) else True
        pace = heard_s / due_s if due_s else None
        end = _reach(batches, files, begin, seconds, pace, whole=whole)
        if whole and end in batches.borders:
            heard_s += seconds
            due_s += expected_s(batches.text[begin:end])
        found.append(end)
    return found


def _reach(
    batches: Batches,
    files: Files,
    begin: int,
    seconds: float,
    pace: float | None,
    *,
    whole: bool | None,
) -> int:
    """How far one file reaches that begins at `begin` and lasts so long."""

    def ratio(end: int) -> float:
        return seconds / ((pace or 1.0) * expected_s(batches.text[begin:end]))

    borders = [border for border in batches.borders if border > begin]
    if not borders:
        return begin
    border, enough = borders[0], _CUT if pace else _CUT_UNKNOWN_VOICE
    if len(files.seconds) == 1 and ratio(border) > _MORE_THAN_ONE_BATCH:
        if whole:
            return min(borders, key=lambda end: abs(math.log(ratio(end))))
        border = borders[-1]
    elif whole and ratio(border) >= _least_whole(batches, begin, pace):
        return border
    elif whole or (whole is None and files.end_in_silence):
        enough = _ENDED_IN_SILENCE
    ends = [found.end() for found in _SERVER_END.finditer(batches.text, begin, border)]
    if whole is False:
        ends = [end for end in ends if end < border]
    else:
        ends.append(border)
    return max((end for end in ends if ratio(end) >= enough), default=begin)


def _least_whole(batches: Batches, begin: int, pace: float | None) -> float:
    """From which ratio on a whole file is all that is left of its batch."""
    if begin and begin not in batches.borders:
        return _WHOLE_WITHIN_A_BATCH
    return _WHOLE if pace else _WHOLE_UNKNOWN_VOICE
