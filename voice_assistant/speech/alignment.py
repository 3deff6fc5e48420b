"""How many sentences are whole in speech that was cut off: their text laid along its silences.

Voices rest between sentences, and sometimes within; a sentence takes about as long as its text
tells. Neither alone is enough to say where in its text a voice is. So all ways to lay the sentences
along the silences are weighed together, at all paces the voice may have.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from voice_assistant.audio.pauses import Silence

    Weights = NDArray[np.float64]  # as logarithms

PAUSE_S = 0.4
"""How much of a sentence's time is the rest behind it."""

# How sentences of espeak-ng and flite (English and Chinese, 120 to 240 words a minute) differ from
# what their text tells: by a factor, by some seconds, and now and then by much more.
_SPREAD = 0.15
_SPREAD_S = 0.15
_ODD = 0.02
_ODD_SPREAD = 3.0

# Rests between sentences are mostly longer than this, at an average pace, and others shorter.
_REST_S = 0.24
_REST_WEIGHT = 4.0  # of a rest that is e times as long
_REST_LEAST, _REST_MOST = -3.0, 2.0
_LAST_REST_LEAST = -1.0  # it is cut off
_NO_REST = -5.0  # a sentence that goes over into the next: "No. Ten"
_WHOLE = 4.0  # speech that ends in silence, where its text does, was hardly cut off there
_RUN_ON = 3  # so many in a row at most

_PACES = np.linspace(-2.5, 2.5, 11)  # in units of the spread of the voice's pace
_MOST_SILENCES = 40
_NEVER = -1e9


class Pace(NamedTuple):
    """How slow a voice is, as a factor on what texts tell, and how sure that is (a logarithm)."""

    factor: float
    spread: float


_UNKNOWN_PACE = Pace(1.1, 0.3)


def whole_sentences(
    due_s: Sequence[float],
    silences: Sequence[Silence],
    end_s: float,
    pace: Pace | None,
    *,
    sure: float,
) -> int:
    """How many sentences are whole, in doubt less.

    Args:
        due_s: how long each sentence takes by its text, with the rest behind it.
        silences: of the speech, in order.
        end_s: where the speech breaks off.
        pace: of the voice; None if it is not known.
        sure: how sure it has to be that they are, as a probability.
    """
    weights = np.exp(_weigh(due_s, silences, end_s, pace or _UNKNOWN_PACE))
    at_least = np.cumsum(weights[::-1])[::-1]
    return int(np.flatnonzero(at_least >= sure * at_least[0])[-1])


def _weigh(
    due_s: Sequence[float], silences: Sequence[Silence], end_s: float, pace: Pace
) -> Weights:
    """The weight of each number of whole sentences, 0 to all."""
    longest = sorted(silences, key=lambda one: one.begin_s - one.end_s)[:_MOST_SILENCES]
    silences = sorted(longest)
    paces = pace.factor * np.exp(_PACES * pace.spread)
    begins_s = np.array([0.0, *(silence.end_s for silence in silences)])
    ends_s = np.array([silence.begin_s for silence in silences])
    rests = _weigh_rests(silences, end_s, paces)
    said_s = np.maximum(ends_s[None, :] - begins_s[:, None], 0.0)[:, :, None]
    left_s = (end_s - begins_s)[:, None]

    # Of so many sentences, the last of which ends at each of the silences (0: the beginning).
    aligned = [np.full((len(begins_s), len(paces)), _NEVER)]
    aligned[0][0] = -0.5 * _PACES**2
    for count in range(1, len(due_s) + 1):
        ways = np.full((len(begins_s), len(paces)), _NEVER)
        for run in range(1, min(_RUN_ON, count) + 1):
            due = sum(due_s[count - run : count])
            step = _lasts(said_s, due, paces) + rests[None] + _NO_REST * (run - 1)
            before = aligned[count - run][:, None, :]
            ways[1:] = np.logaddexp(ways[1:], np.logaddexp.reduce(before + step, axis=0))
        aligned.append(ways)

    numbers = np.full(len(due_s) + 1, _NEVER)
    for count, ways in enumerate(aligned):
        left = due_s[count:]
        over = [
            np.ones(1),
            *(_is_over(left_s, sum(left[: n + 1]), paces) for n in range(len(left))),
        ]
        over.append(np.zeros(1))
        if not left:
            over[0] = np.where(left_s <= 0.0, _WHOLE, 0.0)
        for run in range(len(left) + 1):
            chance = np.maximum(over[run] - over[run + 1], 1e-300)
            weight = np.logaddexp.reduce(ways + np.log(chance), axis=None) + _NO_REST * run
            numbers[count + run] = np.logaddexp(numbers[count + run], weight)
    found: Weights = numbers - numbers.max()
    return found


def _weigh_rests(silences: Sequence[Silence], end_s: float, paces: Weights) -> Weights:
    """How much more each silence looks like a rest between sentences than like one within."""
    lengths_s = np.array([silence.end_s - silence.begin_s for silence in silences])[:, None]
    longer = np.log(np.maximum(lengths_s, 0.01) / (_REST_S * paces))
    weights: Weights = (_REST_WEIGHT * longer).clip(_REST_LEAST, _REST_MOST)
    if silences and silences[-1].end_s >= end_s:
        weights[-1] = np.maximum(weights[-1], _LAST_REST_LEAST)
    return weights


def _lasts(said_s: Weights, due_s: float, paces: Weights) -> Weights:
    """The weight of a sentence that takes so long, by how long it should."""
    due_s -= PAUSE_S
    spread = math.hypot(_SPREAD, _SPREAD_S / due_s)
    off = np.log(np.maximum(said_s, 1e-3) / (due_s * paces)) / spread
    weights = np.logaddexp(
        -0.5 * off**2, math.log(_ODD / _ODD_SPREAD) - 0.5 * (off / _ODD_SPREAD) ** 2
    ) - math.log(spread)
    found: Weights = np.where(said_s > 0.0, weights, _NEVER)
    return found


def _is_over(left_s: Weights, due_s: float, paces: Weights) -> Weights:
    """The probability that a sentence takes no longer than what is left."""
    due_s -= PAUSE_S
    spread = math.hypot(_SPREAD, _SPREAD_S / due_s)
    off = np.log(np.maximum(left_s, 1e-3) / (due_s * paces)) / spread
    return (1 - _ODD) * _normal(off) + _ODD * _normal(off / _ODD_SPREAD)


def _normal(off: Weights) -> Weights:
    """The normal distribution, to a hundredth."""
    found: Weights = 1 / (1 + np.exp(-1.702 * off))
    return found
