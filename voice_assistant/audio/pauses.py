"""Finds where speech and its sentences begin, by the sound alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voice_assistant.audio.format import Pcm

PAUSE_S = 0.25
"""Seconds of a sentence's pause: measured voices rest 0.28 to 0.38 s there, 0.14 s at a comma."""
_SHORTEST_S = 0.08
"""Seconds; a shorter silence is part of a word: a "t" is silence before its burst."""
_LONGEST_REST_S = 1.0
_LAST_S = 0.02
_STEP_S = 0.02
_SILENCE = 1 / 40
INAUDIBLE = 32
"""60 dB below full scale: no word begins so softly."""


class Range:
    """The smallest and the largest sample of a sound: an offset that does not move is silence."""

    def __init__(self) -> None:
        self._low, self._high = np.iinfo(np.int16).max, np.iinfo(np.int16).min

    def add(self, pcm: Pcm) -> None:
        """Add the next samples."""
        self._low = min(self._low, int(pcm.min(initial=self._low)))
        self._high = max(self._high, int(pcm.max(initial=self._high)))

    @property
    def audible(self) -> bool:
        """Return whether something that can be heard has come."""
        return self._high - self._low > INAUDIBLE


def from_first_sound(pcm: Pcm) -> Pcm:
    """Return `pcm` without the silence at its begin: nothing, if it is all silence.

    Measured voices put 20 to 100 ms of silence before the first word.
    """
    sounds = (pcm > INAUDIBLE) | (pcm < -INAUDIBLE)
    return pcm[sounds.argmax() :] if sounds.any() else pcm[:0]


class Silence(NamedTuple):
    """A rest of the voice."""

    begin_s: float
    end_s: float


class Pauses:
    """Splits speech that comes in blocks after each pause that is long enough for a sentence's.

    Attributes:
        end_s: how much speech has come.
    """

    def __init__(self) -> None:
        self.end_s = 0.0
        self._peak = 0
        self._range = Range()
        self._silent_s = 0.0
        self._silences: list[Silence] = []

    @property
    def audible(self) -> bool:
        """Something that can be heard has come."""
        return self._peak > INAUDIBLE and self._range.audible

    @property
    def spoken_s(self) -> float:
        """Seconds of sound so far; silence at the end counts only as long as a voice may rest."""
        if not self.audible:
            return self.end_s
        return self.end_s - max(0.0, self._silent_s - _LONGEST_REST_S)

    @property
    def silences(self) -> list[Silence]:
        """Return all rests behind the first sound, also at commas; the last may still go on."""
        if not self._peak or self._silent_s < _LAST_S:
            return self._silences
        return [*self._silences, Silence(self.end_s - self._silent_s, self.end_s)]

    def split(self, pcm: Pcm, rate_hz: int) -> Iterator[tuple[bool, Pcm]]:
        """Yield the parts of a block, each with whether it begins a sentence."""
        self._range.add(pcm)
        step = max(1, int(rate_hz * _STEP_S))
        begin, begins = 0, False
        for at in range(0, len(pcm), step):
            part = pcm[at : at + step]
            level = int(np.abs(part.astype(np.int32)).max(initial=0))
            spoken = level > max(self._peak, level) * _SILENCE
            if spoken and self._peak and self._silent_s >= _SHORTEST_S:
                self._silences.append(Silence(self.end_s - self._silent_s, self.end_s))
            if spoken and self._peak and self._silent_s >= PAUSE_S:
                if at > begin:
                    yield begins, pcm[begin:at]
                begin, begins = at, True
            self._peak = max(self._peak, level)
            self._silent_s = 0.0 if spoken else self._silent_s + len(part) / rate_hz
            self.end_s += len(part) / rate_hz
        yield begins, pcm[begin:]
