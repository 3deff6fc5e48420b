"""Reads the loudspeaker's sound at the pace of the microphone's clock. Pure: samples in and out.

Two devices have two clocks, which differ by some millionths: within seconds the echo comes a
sample earlier or later, and a canceller that is exact to a tenth of a sample has to learn anew.
What it has learned turns with the drift: by how much tells the drift.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from voice_assistant.audio.format import SPEECH_RATE_HZ

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Spectra = npt.NDArray[np.complex64]

EARLY_S = 0.12
"""Seconds by which the loudspeaker's sound is given early: the times of both devices are estimates,
and an echo that comes before its sound cannot be removed."""
_HELD = round(EARLY_S / 2 * SPEECH_RATE_HZ)  # samples; the same room to both sides
_PAST = SPEECH_RATE_HZ * 3 // 2  # samples that can be read again
_AROUND = 16  # samples that the interpolation needs on each side
_PLACES = 1024  # between two samples
_HIGHEST = 0.92
"""The highest tone that is read, as a share of the highest there can be."""

MOST = 2e-3
"""The largest drift that is believed."""
QUICK, SLOW = 0.2, 0.05
"""The share of a measured drift that is taken over: until the room is known, and from then on. The
first finds a drift of 0.1 % in some seconds, and would swing for ever."""
_STEADY = 0.8
_FROM_HZ, _TO_HZ = 150.0, 3500.0


def _between() -> Floats:
    """Return what reads each place between two samples: the weights of the samples around it.

    High tones must be as loud at one place as at any other. Where they are not, a canceller learns
    to make up for that, and hears an s twice as loud when the clocks have drifted to another place.
    """
    places = np.arange(_PLACES)[:, None] / _PLACES
    away = np.arange(1 - _AROUND, 1 + _AROUND) - places
    weights = np.sinc(_HIGHEST * away) * np.cos(0.5 * np.pi * away / (_AROUND + 1)) ** 2
    between: Floats = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return between


_BETWEEN = _between()


class TwoClocks:
    """The loudspeaker's sound, delayed by `EARLY_S` / 2.

    Attributes:
        late: by how many samples more: see `move`.
    """

    def __init__(self) -> None:
        self._drift = 0.0  # how much faster the loudspeaker's clock runs
        self._turned: Spectra | None = None
        self.restart()

    def restart(self) -> None:
        """Take other sound from now on; the clocks stay the same."""
        self.late = 0.0
        self._sound = np.zeros(_PAST + _HELD + 2 * _AROUND, np.float32)
        self._at = float(_PAST + _AROUND)

    def read(self, sound: Floats) -> Floats:
        """Take the next samples; return as many, resampled."""
        self._sound = np.concatenate([self._sound, sound])
        count, pace = len(sound), 1.0 + self._drift
        last = len(self._sound) - _AROUND - count * pace
        self._at = min(max(self._at, _AROUND), last)  # where the clocks have run apart too far
        read = self._from(self._at, count)
        self._at += count * pace
        past = max(0, int(self._at) - _PAST - _HELD)
        self._sound, self._at = self._sound[past:], self._at - past
        return read

    def again(self, count: int, late: float = 0.0) -> Floats:
        """Return the last samples that were read, as they are read by now; at most 1.5 s.

        Args:
            count: how many.
            late: how many samples later they are read; negative: earlier.
        """
        return self._from(self._at - (late + count) * (1.0 + self._drift), count)

    def _from(self, begin: float, count: int) -> Floats:
        last = len(self._sound) - _AROUND - count * (1.0 + self._drift)
        at = min(max(begin, _AROUND), last) + np.arange(count) * (1.0 + self._drift)
        whole = at.astype(np.int64)
        around = sliding_window_view(self._sound, 2 * _AROUND)[whole - (_AROUND - 1)]
        weights = _BETWEEN[((at - whole) * _PLACES).astype(np.int64)]
        read: Floats = np.einsum("ij,ij->i", around, weights)
        return read

    def move(self, late: float) -> None:
        """Read the sound so many samples later from now on; negative: earlier."""
        self._at -= late * (1.0 + self._drift)
        self.late += late

    def track(self, before: Spectra, now: Spectra, apart: int, *, known: bool) -> None:
        """Follow the drift.

        Args:
            before: what a canceller had learned, for each part of the room and each frequency.
            now: what it has learned by now.
            apart: samples between the two.
            known: the room is known well.
        """
        turned = (now * np.conj(before)).sum(axis=0)
        self._turned = turned if self._turned is None else _STEADY * self._turned + turned
        bins = np.arange(len(turned))
        hz = bins * SPEECH_RATE_HZ / (2 * (len(turned) - 1))
        heard = (hz > _FROM_HZ) & (hz < _TO_HZ)
        weights = np.abs(self._turned) * heard * bins
        turn = float(weights @ np.angle(self._turned) / (weights @ bins + 1e-12))  # for each bin
        later = -turn * 2 * (len(turned) - 1) / (2.0 * np.pi)  # samples
        share = SLOW if known else QUICK
        self._drift = min(max(self._drift - share * later / apart, -MOST), MOST)
