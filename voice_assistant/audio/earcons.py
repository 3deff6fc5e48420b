"""The short sounds: "ready", "listening", "heard", "done", "failed" and "time is up"."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from voice_assistant.audio.format import to_pcm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.audio.format import Pcm

    Tones = list[tuple[float, float, float]]

_EDGE_S = 0.008  # a tone that begins or ends faster than this clicks
_PEAK = 0.35  # of full scale, at volume 1.0: a signal, not an alarm
SOFTLY = 0.4
"""The volume of a sound that nobody has asked for, as a share of the others'."""
_OVERTONE = 0.2  # the octave above: audible on small loudspeakers too

_E5, _A5, _E6 = 659.26, 880.0, 1318.51
_A3, _D4 = 220.0, 293.66
_REST = 0.0

_START = ((_E5, 0.045), (_A5, 0.045))
_END = ((_A5, 0.045), (_E5, 0.045))


def start_sound(rate_hz: int, volume: float = 1.0) -> Pcm:
    """Listening begins: two notes up, 90 ms.

    Args:
        rate_hz: the rate of the samples.
        volume: 1.0 is the full volume; a larger value counts as 1.0.
    """
    return _melody(rate_hz, volume, *_START)


def soft_start_sound(rate_hz: int, volume: float = 1.0) -> Pcm:
    """The assistant listens by itself: the start sound, soft; see `start_sound`."""
    return start_sound(rate_hz, volume * SOFTLY)


def end_sound(rate_hz: int, volume: float = 1.0) -> Pcm:
    """Listening ends: two notes down, 90 ms; see `start_sound`."""
    return _melody(rate_hz, volume, *_END)


def start_tones() -> Tones:
    """Return the start sound's tones: the begin, the length and the frequency of each."""
    return _tones(_START)


def end_tones() -> Tones:
    """Return the end sound's tones; see `start_tones`."""
    return _tones(_END)


def ready_sound(rate_hz: int, volume: float = 1.0) -> Pcm:
    """The assistant has started and works: three notes up, 120 ms; see `start_sound`."""
    return _melody(rate_hz, volume, (_E5, 0.04), (_A5, 0.04), (_E6, 0.04))


def muted_sound(rate_hz: int, volume: float = 1.0) -> Pcm:
    """The microphone is off: three notes down, 120 ms; see `start_sound`.

    `ready_sound`, the same notes up, tells that it is on again.
    """
    return _melody(rate_hz, volume, (_E6, 0.04), (_A5, 0.04), (_E5, 0.04))


def switched_on_sound(rate_hz: int, volume: float = 1.0) -> Pcm:
    """A way of working begins, such as conversation mode: a note and its octave above, 100 ms."""
    return _melody(rate_hz, volume, (_E5, 0.05), (_E6, 0.05))


def switched_off_sound(rate_hz: int, volume: float = 1.0) -> Pcm:
    """It has ended: `switched_on_sound` the other way round."""
    return _melody(rate_hz, volume, (_E6, 0.05), (_E5, 0.05))


def waiting_sound(rate_hz: int, volume: float = 1.0) -> Pcm:
    """The answer is still waited for: one low note, 80 ms; see `start_sound`."""
    return _melody(rate_hz, volume, (_D4, 0.08))


def failure_sound(rate_hz: int, volume: float = 1.0) -> Pcm:
    """Something went wrong: two low notes down, 120 ms; see `start_sound`."""
    return _melody(rate_hz, volume, (_D4, 0.06), (_A3, 0.06))


def done_sound(rate_hz: int, volume: float = 1.0) -> Pcm:
    """A command was understood: one short note, 60 ms; see `start_sound`."""
    return _melody(rate_hz, volume, (_A5, 0.06))


def paused_sound(rate_hz: int, volume: float = 1.0) -> Pcm:
    """A voice has paused the answer: the same note twice, 120 ms; see `start_sound`."""
    return _melody(rate_hz, volume, (_E5, 0.04), (_REST, 0.04), (_E5, 0.04))


def timer_sound(rate_hz: int, volume: float = 1.0) -> Pcm:
    """Time is up: the same high note twice, 120 ms; see `start_sound`."""
    return _melody(rate_hz, volume, (_E6, 0.045), (_REST, 0.03), (_E6, 0.045))


def _tones(notes: Sequence[tuple[float, float]]) -> Tones:
    begins_s = itertools.accumulate((seconds for _, seconds in notes), initial=0.0)
    return [
        (begin_s, seconds, overtone * frequency_hz)
        for begin_s, (frequency_hz, seconds) in zip(begins_s, notes, strict=False)
        for overtone in (1, 2)
    ]


def _melody(rate_hz: int, volume: float, *notes: tuple[float, float]) -> Pcm:
    """Return notes of (frequency in Hz, seconds) one after the other, each with soft ends."""
    length = round(sum(duration_s for _, duration_s in notes) * rate_hz)
    borders = np.rint(np.cumsum([0.0, *(s for _, s in notes)]) * rate_hz).astype(int)
    wave = np.zeros(length)
    for (frequency_hz, _), (begin, end) in zip(notes, itertools.pairwise(borders), strict=True):
        phase = 2.0 * np.pi * frequency_hz * np.arange(end - begin) / rate_hz
        tone = (np.sin(phase) + _OVERTONE * np.sin(2.0 * phase)) / (1.0 + _OVERTONE)
        wave[begin:end] = tone * _envelope(end - begin, rate_hz)
    return to_pcm(wave * _PEAK * min(max(volume, 0.0), 1.0))


def _envelope(length: int, rate_hz: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return a volume that rises and falls along a cosine of `_EDGE_S`: neither end clicks."""
    edge = min(round(_EDGE_S * rate_hz), length // 2)
    rise = 0.5 - 0.5 * np.cos(np.pi * np.arange(edge) / edge)
    envelope = np.ones(length)
    envelope[:edge] = rise
    envelope[length - edge :] = rise[::-1]
    return envelope
