"""Whether a sound can be the speech of a text: loud enough to be heard, and long enough.

Servers answer requests for speech with 200 and one sample, silence, or the first second of it.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np

from voice_assistant.audio.pauses import INAUDIBLE
from voice_assistant.speech.prosody import UNHEARD

if TYPE_CHECKING:
    from voice_assistant.audio.codec.decoder import Decoded
    from voice_assistant.speech.prosody import Prosody

_WORD = re.compile(r"[^\W_]+")
_PART = re.compile(r"[a-z]+|\d+|[^a-z\d]")
_VOWELS = re.compile(r"[aeiouy]+")
_REPEATED = re.compile(r"(.)\1+")

# What a fast reader needs, in seconds. Numbers are read in fewer words than they have digits.
_LETTER_S = 0.06
_LATIN_SYLLABLE_S = 0.18
_SYLLABLE_S = 0.08  # of Chinese, Japanese and Korean: half of what any voice takes for one

_SLACK_S = 0.35
"""Of a short text no more is expected than a sound at all: "A." takes a quick voice 0.04 s."""

_ENOUGH = 0.6
"""Of `shortest_s`, less the slack. Measured over some 100 sentences, with numbers, abbreviations
and spelled letters. English takes, of `shortest_s`: real servers' files 1.27 and more, flite 1.35
and more at its usual pace and 0.62 at double, espeak-ng 0.99 at 175 words a minute and 0.59 at 320
(a short sentence: with the slack 0.8). Chinese takes 1.6 and more at 450 words a minute. A third of
the speech of a usual voice has 0.35 to 0.6."""

_MOST_ENOUGH = 0.65
"""The same of a voice that is known to be slow: another voice may have taken its name."""


class AudibleSpan:
    """Measures the sound of one text while it comes.

    Attributes:
        peak: the largest sample, up to 32768.
    """

    def __init__(self) -> None:
        self.peak = 0
        self._end_s = 0.0
        self._first_s: float | None = None
        self._last_s = 0.0

    def add(self, sound: Decoded) -> None:
        """Add the next samples."""
        level = np.abs(sound.pcm.astype(np.int32))
        self.peak = max(self.peak, int(level.max(initial=0)))
        audible = level > INAUDIBLE
        if audible.any():
            first, behind = int(audible.argmax()), len(level) - int(audible[::-1].argmax())
            if self._first_s is None:
                self._first_s = self._end_s + first / sound.rate_hz
            self._last_s = self._end_s + behind / sound.rate_hz
        self._end_s += len(level) / sound.rate_hz

    @property
    def silence_s(self) -> float:
        """How long nothing audible has come."""
        return self._end_s - self._last_s

    @property
    def seconds(self) -> float:
        """From the first audible sample to the last."""
        return 0.0 if self._first_s is None else self._last_s - self._first_s


def has_words(text: str) -> bool:
    """Whether there is anything in a text that is heard when it is read aloud."""
    return _WORD.search(text) is not None


def is_heard(text: str, seconds: float, peak: int, prosody: Prosody = UNHEARD) -> bool:
    """Whether a sound can be the whole speech of a text; in doubt it is.

    A text without words needs no sound.

    Args:
        text: as it is read aloud.
        seconds: of the sound, without silence around it.
        peak: its largest sample, up to 32768.
        prosody: what is known of the voice.
    """
    if not has_words(text):
        return True
    if peak <= INAUDIBLE:
        return False
    pace = math.exp(prosody.reading(text).pace.mean) if prosody.reading(text).known else 1.0
    enough = min(_MOST_ENOUGH, _ENOUGH * pace)
    least_s = shortest_s(text)
    return seconds >= max(enough * (least_s - _SLACK_S), _LETTER_S / 4)


def shortest_s(text: str) -> float:
    """About how long a fast reader needs for a text, in seconds, without any rest.

    Unlike `prosody.expected_s` this counts on nothing that a voice may leave out: rests, signs,
    letters that are doubled, and consonants, which most languages write more of than they say.
    """
    letters = unicodedata.normalize("NFC", text.lower())
    return sum(
        _part_s(part)
        for word in _WORD.findall("".join(map(_without_accent, letters)))
        for part in _PART.findall(_REPEATED.sub(r"\1", word))
    )


def _part_s(part: str) -> float:
    if part.isascii():
        seconds = _LETTER_S * len(part)
        if part.isdigit():
            return seconds
        return min(seconds, _LATIN_SYLLABLE_S * max(1, len(_VOWELS.findall(part))))
    return _SYLLABLE_S if part > "\u2e80" else _LETTER_S


def _without_accent(letter: str) -> str:
    """Return the Latin letter under an accent; other letters are returned as they are."""
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base.isascii() else letter
