"""Makes speech in a stream faster or slower, at its own pitch.

Waveform similarity overlap-add (Verhelst and Roelands, ICASSP 1993): every 20 ms of output are
taken from about the place that the speed demands, moved by up to 10 ms to where they best continue
the output, and faded in. Other programs stretch speech in the same way; it is a page of numpy.
The one light, freely licensed library with wheels, python-stretch 0.3.1, keeps no state between
calls: fed block by block, its seams are audible (a steady tone dips by a third at each seam).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from voice_assistant.audio.format import Pcm

STEP_S = 0.02
SEARCH_S = 0.01


class Stretcher:
    """Changes the speed of speech that comes in blocks of any length.

    Up to 0.1 s is held back until more samples come or the stream is finished.

    Args:
        rate_hz: the rate of the samples.
        speed: 2.0 is twice as fast; 1.0 changes nothing.
    """

    def __init__(self, rate_hz: int, speed: float) -> None:
        self._speed = speed
        self._step = round(rate_hz * STEP_S)
        self._search = round(rate_hz * SEARCH_S)
        self._fade = np.linspace(0.0, 1.0, self._step, endpoint=False)
        self._pending: npt.NDArray[np.float64] = np.zeros(0)
        self._first = 0  # which sample of the whole input `_pending` begins with
        self._fed = 0
        self._made = 0
        self._continuation: npt.NDArray[np.float64] | None = None

    def feed(self, pcm: Pcm) -> Pcm:
        """Take the next samples; return the samples that became ready."""
        if self._speed == 1.0:
            return pcm
        self._pending = np.concatenate((self._pending, pcm.astype(np.float64)))
        self._fed += len(pcm)
        return self._take(self._fed)

    def finish(self) -> Pcm:
        """Return the samples held back: the output then has its full length. Call this last."""
        missing = round(self._fed / self._speed) - self._made
        if self._speed == 1.0 or missing <= 0:
            return np.zeros(0, np.int16)
        silence = np.zeros(4 * self._step + 2 * self._search)
        self._pending = np.concatenate((self._pending, silence))
        return self._take(self._fed + len(silence))[:missing]

    def _take(self, end: int) -> Pcm:
        """Return all steps for which the input, `end` samples so far, is long enough."""
        steps = []
        while (at := round(self._made * self._speed)) + self._search + 2 * self._step <= end:
            steps.append(self._next(at - self._first))
            self._made += self._step
            done = round(self._made * self._speed) - self._search - self._first
            done = min(max(0, done), len(self._pending))
            self._pending = self._pending[done:]
            self._first += done
        out = np.concatenate(steps) if steps else np.zeros(0)
        pcm: Pcm = np.rint(out).astype(np.int16)
        return pcm

    def _next(self, wanted: int) -> npt.NDArray[np.float64]:
        """Return one step of output, from about the place `wanted` in the pending input."""
        step, before = self._step, self._continuation
        at = wanted
        if before is not None:
            begin = max(0, wanted - self._search)
            region = self._pending[begin : wanted + self._search + step]
            likeness = np.correlate(region, before, "valid")
            squares = np.concatenate(((0.0,), np.cumsum(region * region)))
            at = begin + int(np.argmax(likeness / np.sqrt(squares[step:] - squares[:-step] + 1.0)))
        now = self._pending[at : at + step]
        self._continuation = self._pending[at + step : at + 2 * step]
        return now if before is None else before + (now - before) * self._fade
