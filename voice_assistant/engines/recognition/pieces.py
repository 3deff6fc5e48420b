"""Cuts a recording into pieces that a recogniser can take, at pauses. Pure: samples in and out."""

from __future__ import annotations

import numpy as np

from voice_assistant.audio.endpointing import LEAST_SPEECH_S, Endpointing
from voice_assistant.audio.format import SPEECH_RATE_HZ, Pcm

LONGEST_S = 15.0
"""Seconds of the longest piece: memory and time of the recogniser grow with its square."""

APART_S = 5.0
"""Seconds of silence that separate two sentences; within a command people think for less long."""

PAUSE_S = 0.25
"""Seconds of silence after which all may have been said."""

AROUND_S = 1.0
"""Seconds of silence that are left behind speech."""

_STEP_S = 0.5
"""Seconds that are looked at together."""

_WINDOW_S = 0.2
"""Seconds of the quietest moment, where a piece without a pause is cut."""


class Pieces:
    """The pieces of one recording, while it arrives.

    Attributes:
        rest: the piece that still grows.
    """

    def __init__(self) -> None:
        self.rest: Pcm = np.empty(0, np.int16)
        self._endpointing = Endpointing()
        self._apart_s = 0.0  # speech before the last long silence
        self._cut_s = 0.0  # speech between that silence and the rest

    @property
    def spoken_s(self) -> float:
        """Return how much speech has come in all."""
        return self._apart_s + self._endpointing.speech_s

    @property
    def paused(self) -> bool:
        """Return whether something was said in this piece, and then a pause made."""
        return self._begun and self._endpointing.silence_s >= PAUSE_S

    @property
    def _begun(self) -> bool:
        """Return whether there is speech in this piece."""
        return self._endpointing.speech_s - self._cut_s >= LEAST_SPEECH_S

    @property
    def said(self) -> Pcm:
        """Return the piece that still grows, without the silence at its end."""
        if not self._begun:
            return self.rest  # speech so soft that the endpointing takes it for silence
        silence_s = max(0.0, self._endpointing.silence_s - AROUND_S)
        return self.rest[: len(self.rest) - round(silence_s * SPEECH_RATE_HZ)]

    def feed(self, pcm: Pcm) -> list[Pcm]:
        """Take the next samples, 16 kHz; return the pieces that are complete."""
        complete = []
        step = int(_STEP_S * SPEECH_RATE_HZ)
        for begin in range(0, len(pcm), step):
            part = pcm[begin : begin + step]
            self._endpointing.feed(part)
            self.rest = np.concatenate([self.rest, part])
            if self._begun and self._endpointing.silence_s >= APART_S:
                complete.append(self.said)
                self._begin_anew()
            elif len(self.rest) >= LONGEST_S * SPEECH_RATE_HZ:
                at = _quietest(self.rest)
                complete.append(self.rest[:at])
                self.rest = self.rest[at:]
                self._cut_s = self._endpointing.speech_s
        return complete

    def _begin_anew(self) -> None:
        self._apart_s = self.spoken_s
        self._cut_s = 0.0
        self._endpointing = Endpointing()
        self.rest = self.rest[:0]


def _quietest(pcm: Pcm) -> int:
    """Return where the second half of some sound is quietest."""
    window = int(_WINDOW_S * SPEECH_RATE_HZ)
    begin = len(pcm) // 2
    power = np.cumsum(np.square(pcm[begin:].astype(np.float64)))
    return begin + int(np.argmin(power[window:] - power[:-window])) + window // 2
