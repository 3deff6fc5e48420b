"""Counts the complete sentences of speech that was cut off: aligns their text with its silences.

Voices rest between sentences, and sometimes within one; a sentence takes about as long as its text
suggests. Neither fact alone is enough to find the voice's place in the text. So the module weighs
all ways to align the sentences with the silences, at all paces that the voice may have.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from voice_assistant.speech.prosody import ExpectedTiming

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from voice_assistant.audio.pauses import Silence
    from voice_assistant.speech.prosody import Prosody

    Numbers = NDArray[np.float64]
    Weights = NDArray[np.float64]  # as logarithms

_SURE = 0.97
"""The probability from which a sentence counts as complete: to hear one twice is better than
to lose one."""
_SURE_OF_A_STRANGER = 0.998
"""The same for a voice of which little is known."""
_STRANGER = 0.02
"""The probability that the voice is not the known one."""

# Now and then a sentence takes much more, or less, time than its text suggests.
_ODD = 0.02
_ODD_SPREAD = 3.0

# Rests between sentences are longer than others: by this factor and spread, as logarithms.
_LONGER = 0.6
_REST_SPREAD = 0.25
_REST_LEAST, _REST_MOST = -3.0, 2.0
_LAST_REST_LEAST = -1.0  # the last rest is cut off
_ODD_REST = -2.0  # a long rest within a sentence, where the text has no mark for it

_RUN_ON = 3  # sentences in a row, at most, without a rest in between
_NO_REST = -5.0
_NO_REST_BEHIND_A_WORD = -2.0  # "No. It was"
_WORD_S = 0.5

_WHOLE = 2.0  # speech that ends in silence at its text's end was hardly cut off there

_PACES = np.linspace(-2.5, 2.5, 11)  # in units of the spread of the voice's pace
_MOST_SILENCES = 40
_NEVER = -1e9


def whole_sentences(
    dues: Sequence[ExpectedTiming], silences: Sequence[Silence], end_s: float, prosody: Prosody
) -> int:
    """Return how many sentences are complete; in doubt, the lower number.

    Args:
        dues: the expected timing of each sentence.
        silences: the silences of the speech, in order.
        end_s: where the speech breaks off.
        prosody: how the voice speaks.
    """
    longest = sorted(silences, key=lambda one: one.begin_s - one.end_s)[:_MOST_SILENCES]
    silences = sorted(longest)
    weights = _weigh(dues, _Speech(silences, end_s, prosody.unheard))
    if prosody.known:
        familiar = _weigh(dues, _Speech(silences, end_s, prosody))
        weights = np.logaddexp(familiar, weights + math.log(_STRANGER))
    at_least = np.cumsum(np.exp(weights - weights.max())[::-1])[::-1]
    sure = _SURE if prosody.known else _SURE_OF_A_STRANGER
    return int(np.flatnonzero(at_least >= sure * at_least[0])[-1])


def _weigh(dues: Sequence[ExpectedTiming], speech: _Speech) -> Weights:
    """Return the weight of each number of complete sentences, 0 to all."""
    # By the number of sentences: the weight that the last one ends at each silence (0: the begin).
    aligned = [speech.begins()]
    for count in range(1, len(dues) + 1):
        ways = np.full_like(aligned[0], _NEVER)
        for run in range(1, min(_RUN_ON, count) + 1):
            step = speech.says(dues[count - run : count])
            before = aligned[count - run][:, None, :]
            ways[1:] = np.logaddexp(ways[1:], np.logaddexp.reduce(before + step, axis=0))
        aligned.append(ways)

    weights = np.full(len(dues) + 1, _NEVER)
    for count, ways in enumerate(aligned):
        for more, broken in enumerate(speech.breaks_off(dues[count:])):
            weight = np.logaddexp.reduce(ways + broken, axis=None)
            weights[count + more] = np.logaddexp(weights[count + more], weight)
    return weights


class _Speech:
    """Speech that breaks off, weighed at all paces that its voice may have.

    The first index of the weights is where sentences begin: at the speech's beginning or behind a
    silence. The second index is the silence at which they end. The last index is the pace.
    """

    def __init__(self, silences: Sequence[Silence], end_s: float, prosody: Prosody) -> None:
        self._paces = np.exp(prosody.pace.mean + _PACES * prosody.pace.spread)
        begins_s = np.array([0.0, *(silence.end_s for silence in silences)])
        ends_s = np.array([silence.begin_s for silence in silences])
        self._said_s = np.maximum(ends_s[None, :] - begins_s[:, None], 0.0)[:, :, None]
        self._left_s = (end_s - begins_s)[:, None]

        lengths_s = np.array([silence.end_s - silence.begin_s for silence in silences])[:, None]
        middle = prosody.sentence_pause.mean - _LONGER / 2
        likely = (np.log(np.maximum(lengths_s, 0.01) / self._paces) - middle) * _LONGER
        spread = math.hypot(prosody.sentence_pause.spread, _REST_SPREAD)
        self._rests = (likely / spread**2).clip(_REST_LEAST, _REST_MOST)
        if silences and silences[-1].end_s >= end_s:
            self._rests[-1] = np.maximum(self._rests[-1], _LAST_REST_LEAST)

        long = np.zeros((len(begins_s), len(_PACES)))
        long[1:] = np.cumsum(self._rests > 0.0, axis=0)
        self._long_within = long[None, :-1] - long[:, None]
        self._long_left = long[-1] - long

    def begins(self) -> Weights:
        """Return the weights before the first sentence: those of the paces, at the beginning."""
        weights: Weights = np.full_like(self._long_left, _NEVER)
        weights[0] = -0.5 * _PACES**2
        return weights

    def says(self, dues: Sequence[ExpectedTiming]) -> Weights:
        """Return the weights of sentences without rests between them, from any to any place."""
        due = ExpectedTiming.in_one(dues)
        weights: Weights = (
            _lasts(self._said_s, due, self._paces)
            + self._rests
            - math.log(1 + due.rests)  # any of the rests may be the end
            + _too_many(self._long_within, due)
            + _runs_on(dues)
        )
        return weights

    def breaks_off(self, dues: Sequence[ExpectedTiming]) -> list[Weights]:
        """Return the weights of the speech's end behind each number of sentences, 0 to all."""
        if not dues:
            return [np.where(self._left_s <= 0.0, math.log(_WHOLE), _NEVER)]
        rows = [dues[:count] for count in range(1, len(dues) + 1)]
        joined = [ExpectedTiming.in_one(row) for row in rows]
        over = [np.ones(1), *(_is_over(self._left_s, due, self._paces) for due in joined)]
        chances = [more - less for more, less in pairwise(over)]
        chances.append(over[-1])
        return [
            np.log(np.maximum(chance, 1e-300)) + _too_many(self._long_left, due) + _runs_on(row)
            for chance, due, row in zip(chances, [*joined, joined[-1]], [*rows, dues], strict=True)
        ]


def _too_many(long: Numbers, due: ExpectedTiming) -> Weights:
    """Return the weight of this number of long rests within a sentence."""
    return _ODD_REST * np.maximum(long - due.rests, 0.0)


def _runs_on(dues: Sequence[ExpectedTiming]) -> float:
    """Return the weight of speech without a rest behind any sentence but the last."""
    return sum(_NO_REST_BEHIND_A_WORD if due.said_s < _WORD_S else _NO_REST for due in dues[:-1])


def _lasts(said_s: Numbers, due: ExpectedTiming, paces: Numbers) -> Weights:
    """Return the weight of a sentence that takes `said_s`, by its expected timing."""
    off = np.log(np.maximum(said_s, 1e-3) / (due.said_s * paces)) / due.spread
    weights = np.logaddexp(
        -0.5 * off**2, math.log(_ODD / _ODD_SPREAD) - 0.5 * (off / _ODD_SPREAD) ** 2
    ) - math.log(due.spread)
    found: Weights = np.where(said_s > 0.0, weights, _NEVER)
    return found


def _is_over(left_s: Numbers, due: ExpectedTiming, paces: Numbers) -> Numbers:
    """Return the probability that a sentence takes no longer than `left_s`."""
    off = np.log(np.maximum(left_s, 1e-3) / (due.said_s * paces)) / due.spread
    return (1 - _ODD) * _normal(off) + _ODD * _normal(off / _ODD_SPREAD)


def _normal(off: Numbers) -> Numbers:
    """Return the normal distribution, exact to a hundredth."""
    found: Numbers = 1 / (1 + np.exp(-1.702 * off))
    return found
