"""Remembers what the loudspeaker plays, by the time at which it is heard. Pure."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from voice_assistant.audio.format import SPEECH_RATE_HZ, Pcm, to_pcm
from voice_assistant.audio.resampler import Resampler

if TYPE_CHECKING:
    import numpy.typing as npt

KEPT_S = 2.0
"""Seconds of the past that are remembered."""
GAP_S = 0.02
"""A sound that begins this much later than the last one ended is no continuation of that."""


class PlayedSound:
    """The reference of an echo canceller, 16 kHz. All times are on the monotonic clock."""

    def __init__(self) -> None:
        self._pieces: deque[tuple[float, Pcm]] = deque()  # when each one begins
        self._resampler = Resampler(SPEECH_RATE_HZ, SPEECH_RATE_HZ)
        self._rate_hz = SPEECH_RATE_HZ
        self._input_ends_s = 0.0
        self._ends_s = 0.0

    def note(self, samples: npt.NDArray[np.float32], rate_hz: int, heard_at_s: float) -> None:
        """Add samples (from -1.0 to 1.0) that a device was given.

        Args:
            samples: shape (n,).
            rate_hz: their rate.
            heard_at_s: when the first of them is heard.
        """
        if not len(samples):
            return
        if rate_hz != self._rate_hz or abs(heard_at_s - self._input_ends_s) > GAP_S:
            self._resampler = Resampler(rate_hz, SPEECH_RATE_HZ)
            self._rate_hz, self._ends_s = rate_hz, heard_at_s
            self._input_ends_s = heard_at_s
        self._input_ends_s += len(samples) / rate_hz
        pcm = self._resampler.feed(to_pcm(samples))
        self._pieces.append((self._ends_s, pcm))
        self._ends_s += len(pcm) / SPEECH_RATE_HZ

    def cut(self, at_s: float) -> None:
        """Forget the sound from `at_s` on: the device was silenced before it played that."""
        kept = [(begin_s, self._until(at_s, begin_s, pcm)) for begin_s, pcm in self._pieces]
        self._pieces = deque((begin_s, pcm) for begin_s, pcm in kept if len(pcm))
        self._input_ends_s = self._ends_s = 0.0

    def between(self, begin_s: float, count: int) -> Pcm:
        """Return `count` samples from `begin_s` on; silence where nothing was played."""
        while self._pieces and _end_s(*self._pieces[0]) < begin_s - KEPT_S:
            self._pieces.popleft()
        pcm = np.zeros(count, np.int16)
        for piece_s, piece in tuple(self._pieces):  # another thread may add to it
            at = round((piece_s - begin_s) * SPEECH_RATE_HZ)
            first, last = max(at, 0), min(at + len(piece), count)
            if first < last:
                pcm[first:last] = piece[first - at : last - at]
        return pcm

    @staticmethod
    def _until(at_s: float, begin_s: float, pcm: Pcm) -> Pcm:
        return pcm[: max(0, round((at_s - begin_s) * SPEECH_RATE_HZ))]


def _end_s(begin_s: float, pcm: Pcm) -> float:
    return begin_s + len(pcm) / SPEECH_RATE_HZ
