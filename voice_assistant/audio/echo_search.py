"""Finds when an echo comes: later or earlier than expected. Pure: two sounds in, a time out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from voice_assistant.audio.format import SPEECH_RATE_HZ

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

EARLIEST, LATEST = round(-0.05 * SPEECH_RATE_HZ), round(0.1 * SPEECH_RATE_HZ)
"""Samples by which an echo may come later than where its room was learned; negative: earlier. A
device that begins to play while the machine is busy is late by that, and catches up later."""
_TINY = 1e-9
SURE = 0.5
"""How like the expected echo the sound must be there, from 0 to 1."""
FLAT = 0.1
"""The share of the loudest tone above which all count alike: soft ones tell the place best."""
PEAK = 16
"""Samples around a place that belong to it."""
PLACES = 6
"""So many places are compared: a vowel looks alike one period of its pitch later."""
CLEAR = 0.5
"""At a place that is clear, so much of what stays at the second best place stays at most."""


class Found(NamedTuple):
    """Where an echo was found.

    Attributes:
        late: samples by which it comes later than expected.
        gain: how many times as loud it is as expected.
        sure: how like the expected echo the sound is there, from 0 to 1.
        clear: whether it is much less like it at any other place.
    """

    late: float
    gain: float
    sure: float
    clear: bool

    @property
    def stays(self) -> float:
        """Return the share of the sound that is not this echo."""
        return 1.0 - self.sure**2


def find(near: Floats, echo: Floats) -> Found | None:
    """Return where an echo is found in a sound; None if that is not sure.

    Args:
        near: the sound, shape (n,).
        echo: the expected echo, shape (m,), m > n: the sound is sought everywhere in it. Where the
            sound is like its end, `late` is 0.
    """
    places = len(echo) - len(near) + 1
    size = len(echo) + len(near)
    heard, expected = np.fft.rfft(near, size), np.fft.rfft(echo, size)
    loudness = np.abs(expected)
    flat = expected / (loudness + FLAT * loudness.max() + _TINY)
    like = np.fft.irfft(np.conj(heard) * flat, size)[:places].astype(np.float32)
    left = like.copy()
    found = []
    for _ in range(PLACES):
        at = int(np.argmax(left))
        left[max(0, at - PEAK) : at + PEAK + 1] = -np.inf
        found.append(_at(near, echo[at : at + len(near)], places - 1 - at - _summit(like, at)))
    best, second = sorted(found, key=lambda place: -place.sure)[:2]
    if best.sure < SURE:
        return None
    return best._replace(clear=best.stays < CLEAR * second.stays)


def _at(near: Floats, echo: Floats, late: float) -> Found:
    both, power = float(near @ echo), float(echo @ echo)
    sure = both / (np.sqrt(power * float(near @ near)) + _TINY)
    return Found(late, both / (power + _TINY), float(sure), clear=False)


def _summit(like: Floats, at: int) -> float:
    """Return how far from a sample, -0.5 to 0.5, the highest place around it is."""
    if not 0 < at < len(like) - 1:
        return 0.0
    before, here, after = (float(value) for value in like[at - 1 : at + 2])
    return min(max(0.5 * (before - after) / (before - 2 * here + after - _TINY), -0.5), 0.5)
