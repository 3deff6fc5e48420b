"""The prosody of a voice: its pace, and the length of its rests between sentences.

The time that an average voice needs is estimated from the text. Another voice differs by a factor,
its pace. The pace and the length of the rests are learned from speech whose words are known.
"""

from __future__ import annotations

import math
import re
import statistics
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.audio.pauses import Silence

_STOP = re.compile(r"[。.!?]")
_WITHIN = re.compile(r"[,;:(、，；：（]")  # noqa: RUF001 (Chinese)
_MARKS = re.compile(r"(?<=\w)\W*[^\w\s]\W*(?=\w)")

_STOP_S = 0.4
"""Seconds of the rest behind a sentence, or at a stop within it ("3.5")."""
_LAST_WORD_S = 0.15
"""Seconds that the last word before a rest takes longer than others."""
_BREATH_S = 6.0
"""Seconds after which every voice rests to breathe, whatever the text."""
_LONGEST_SLACK_S, _LONGEST_PACE = 20.0, 8.0

# How far sentences of espeak-ng and flite (English and Chinese, 120 to 240 words a minute) differ
# from the estimate by their text: by a factor, and by some seconds.
_SPREAD = 0.13
_SPREAD_S = 0.12
_REST_SPREAD = 0.25

_KNOWN_SPREAD = 0.15
_LEAST_SPREAD = 0.05
_ODD = 3.0
"""A greater difference, in units of the spread, is no chance."""


def expected_s(text: str) -> float:
    """Return about how many seconds an average voice needs to say `text`.

    Fits espeak-ng's English to 15 %; another voice differs by one factor, which is then learnt.
    """
    seconds = 0.0
    for letter in text:
        if letter.isdigit():
            seconds += 0.25
        elif _is_syllable(letter):
            seconds += 0.2
        else:
            seconds += 0.048
    seconds += 0.2 * len(_WITHIN.findall(text))
    return seconds + _STOP_S * max(1, len(_STOP.findall(text)))


def longest_s(text: str) -> float:
    """Return the most seconds that any voice may need to say `text`: longer sound is no speech.

    Measured over 50 texts from "Yes." to 270 letters, in multiples of `expected_s`: hibari, flite
    and espeak-ng need 1.1 for plain sentences and up to 5.1 ("wwwwwwwwww"), at half their pace
    twice as much; flite at a quarter, the slowest that providers offer, 18 s for "wwwwwwwwww".
    """
    return _LONGEST_SLACK_S + _LONGEST_PACE * expected_s(text)


def _is_syllable(letter: str) -> bool:
    """Return whether a letter is Chinese, Japanese or Korean."""
    return letter > "\u2e80" and letter.isalpha()


class ExpectedTiming(NamedTuple):
    """The time that an average voice needs for a sentence, estimated from its text.

    Attributes:
        said_s: seconds that the sentence takes, without the rest behind it.
        rests: the number of places within the sentence where the voice may rest.
    """

    said_s: float
    rests: int

    @classmethod
    def of(cls, text: str) -> ExpectedTiming:
        """Return the timing of one sentence."""
        said_s = expected_s(text) - _STOP_S + _LAST_WORD_S
        return cls(said_s, len(_MARKS.findall(text)) + int(said_s / _BREATH_S))

    @classmethod
    def in_one(cls, dues: Sequence[ExpectedTiming]) -> ExpectedTiming:
        """Return the timing of sentences that are spoken without a rest between them."""
        return reduce(lambda a, b: cls(a.said_s + _STOP_S + b.said_s, a.rests + 1 + b.rests), dues)

    @property
    def spread(self) -> float:
        """Return how far `said_s` may be off, as a logarithm."""
        return math.hypot(_SPREAD, _SPREAD_S / self.said_s)


class Estimate(NamedTuple):
    """A number about a voice, as a logarithm, and how far it may be off."""

    mean: float
    spread: float

    def fits(self, seen: float, spread: float) -> bool:
        """Return whether an observation, with its own spread, can be one of this number."""
        return abs(seen - self.mean) < _ODD * math.hypot(self.spread, spread)

    def after(self, seen: float, spread: float) -> Estimate:
        """Return the estimate with one more observation. The newest count most: voices drift."""
        gain = self.spread**2 / (self.spread**2 + spread**2)
        left = self.spread * math.sqrt(1 - gain)
        return Estimate(self.mean + gain * (seen - self.mean), max(left, _LEAST_SPREAD))


_ANY_PACE = Estimate(0.0, 0.3)
_ANY_REST = Estimate(math.log(0.32), 0.3)


class Prosody(NamedTuple):
    """The timing of a voice, as far as it is known.

    Attributes:
        pace: how slow the voice is, as a factor on the time estimated from texts.
        sentence_pause: the voice's pause between sentences, in seconds at an average pace.
        syllabic: the voice was heard with texts in Chinese, Japanese or Korean. A voice may have
            another pace in another script.
    """

    pace: Estimate = _ANY_PACE
    sentence_pause: Estimate = _ANY_REST
    syllabic: bool = False

    @property
    def known(self) -> bool:
        """Return whether more than a word or two of the voice was heard."""
        return self.pace.spread < _KNOWN_SPREAD

    @property
    def unheard(self) -> Prosody:
        """Return the prosody as before the voice was heard."""
        return Prosody(syllabic=self.syllabic)

    def reading(self, text: str) -> Prosody:
        """Return the prosody for reading `text`: the script of the text counts."""
        letters = [_is_syllable(letter) for letter in text if letter.isalpha()]
        syllabic = 2 * sum(letters) > len(letters)
        return self if not letters or syllabic == self.syllabic else Prosody(syllabic=syllabic)

    def after(
        self, dues: Sequence[ExpectedTiming], silences: Sequence[Silence], end_s: float
    ) -> Prosody:
        """Return the prosody with more speech whose words are known.

        If the speech does not fit, the voice is taken for another one.

        Args:
            dues: the expected timing of the speech's sentences.
            silences: the speech's silences, in order.
            end_s: the speech's length.
        """
        if silences and silences[-1].end_s >= end_s:
            end_s = silences[-1].begin_s
            silences = silences[:-1]
        lengths_s = sorted((one.end_s - one.begin_s for one in silences), reverse=True)
        rests_s = lengths_s[: len(dues) - 1]
        due_s = sum(due.said_s for due in dues)
        spread = math.hypot(*(due.spread * due.said_s for due in dues)) / due_s
        pace = math.log(max(end_s - sum(rests_s), 1e-3) / due_s)
        if not _ANY_PACE.fits(pace, spread):
            return self  # the speech is hardly of these words
        before = self if self.pace.fits(pace, spread) else self.unheard
        pause = before.sentence_pause
        if rests_s:
            pause = pause.after(math.log(statistics.median(rests_s)) - pace, _REST_SPREAD)
        return before._replace(pace=before.pace.after(pace, spread), sentence_pause=pause)


UNHEARD = Prosody()
