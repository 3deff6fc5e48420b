"""Decides whether a sound can be the speech of a text: loud enough, and long enough.

Some servers answer a request for speech with status 200 and one sample, with silence, or with the
first second of the speech.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np

from voice_assistant.audio.pauses import INAUDIBLE, Range
from voice_assistant.speech.prosody import UNHEARD, expected_s

if TYPE_CHECKING:
    from voice_assistant.audio.codec.decoder import Decoded
    from voice_assistant.speech.prosody import Prosody

_WORD = re.compile(r"[^\W_]+")
_PART = re.compile(r"[a-z]+|\d+|[^a-z\d]")
_VOWELS = re.compile(r"[aeiouy]+")
_REPEATED = re.compile(r"(.)\1+")

# The seconds that a fast reader needs. A number is read in fewer words than it has digits.
_LETTER_S = 0.06
_LATIN_SYLLABLE_S = 0.18
_SYLLABLE_S = 0.08  # of Chinese, Japanese and Korean: half of what any voice takes for one

_SLACK_S = 0.35
"""Taken off each text's least length: a quick voice says "A." in 0.04 s."""

_ENOUGH = 0.6
"""The least length of speech, as a share of `shortest_s` less the slack.

Measured over some 100 sentences with numbers, abbreviations and spelled letters, as shares of
`shortest_s`. English: files of real servers at least 1.27; flite at least 1.35, at double speed
0.62; espeak-ng 0.99 at 175 words a minute, 0.59 at 320 (a short sentence; 0.8 with the slack).
Chinese at 450 words a minute: at least 1.6. A third of the speech of a usual voice: 0.35 to 0.6."""

_MOST_ENOUGH = 0.65
"""The same for a voice known to be slow: another voice may have its name now."""


_KNOWN_SHARE = 0.8
"""The least length of speech that ends loud, as a share of what its known voice is expected to
need: of a sentence that is cut to two thirds, a third is missing."""

_TAIL_S = 0.01
_LOUD_TAIL = 0.1
"""Speech ends in a breath of silence: the last 10 ms of whole files of five voices, and of real
servers, have at most 0.01 of the level of the whole; cut anywhere, 85 of 90 files had 0.05 to 3."""


class AudibleSpan:
    """Measures the sound of one text while the sound comes.

    Attributes:
        peak: the largest sample, up to 32768.
    """

    def __init__(self) -> None:
        self.peak = 0
        self._range = Range()
        self._squares = 0.0
        self._samples = 0
        self._tail = np.empty(0, np.int16)
        self._end_s = 0.0
        self._first_s: float | None = None
        self._last_s = 0.0

    def add(self, sound: Decoded) -> None:
        """Add the next samples."""
        level = np.abs(sound.pcm.astype(np.int32))
        self.peak = max(self.peak, int(level.max(initial=0)))
        self._range.add(sound.pcm)
        audible = level > INAUDIBLE
        if audible.any():
            first, behind = int(audible.argmax()), len(level) - int(audible[::-1].argmax())
            if self._first_s is None:
                self._first_s = self._end_s + first / sound.rate_hz
            self._last_s = self._end_s + behind / sound.rate_hz
        self._squares += float(np.square(level, dtype=np.float64).sum())
        self._samples += len(level)
        tail = np.concatenate([self._tail, sound.pcm])
        self._tail = tail[-round(_TAIL_S * sound.rate_hz) :]
        self._end_s += len(level) / sound.rate_hz

    @property
    def silence_s(self) -> float:
        """Return the seconds of inaudible sound at the end."""
        return self._end_s - (self._last_s if self._range.audible else 0.0)

    @property
    def breaks_off(self) -> bool:
        """Return whether the sound ends as loud as no speech does that came to its end."""
        if not self._samples or not self._tail.size:
            return False
        tail = float(np.square(self._tail, dtype=np.float64).mean())
        return tail > _LOUD_TAIL**2 * self._squares / self._samples

    @property
    def seconds(self) -> float:
        """Return the seconds from the first audible sample to the last one."""
        if self._first_s is None or not self._range.audible:
            return 0.0
        return self._last_s - self._first_s


def has_words(text: str) -> bool:
    """Return whether a voice says anything when it reads this text."""
    return _WORD.search(text) is not None


def is_heard(
    text: str,
    seconds: float,
    peak: int,
    prosody: Prosody = UNHEARD,
    *,
    breaks_off: bool = False,
) -> bool:
    """Return whether a sound can be the whole speech of a text; True in doubt.

    A text without words needs no sound.

    Args:
        text: the text that is read aloud.
        seconds: the length of the sound, without the silence around it.
        peak: the largest sample of the sound, up to 32768.
        prosody: the known timing of the voice.
        breaks_off: whether the sound ends loud, see `AudibleSpan`: then its length is no accident.
    """
    if not has_words(text):
        return True
    if peak <= INAUDIBLE:
        return False
    voice = prosody.reading(text)
    pace = math.exp(voice.pace.mean) if voice.known else 1.0
    least_s = shortest_s(text)
    if breaks_off:
        return seconds >= (_KNOWN_SHARE * pace * expected_s(text) if voice.known else least_s)
    enough = min(_MOST_ENOUGH, _ENOUGH * pace)
    return seconds >= max(enough * (least_s - _SLACK_S), _LETTER_S / 4)


def shortest_s(text: str) -> float:
    """Return about how many seconds a fast reader needs for a text, without pauses.

    Unlike `prosody.expected_s`, this leaves out all that some voice leaves out: pauses, signs,
    doubled letters, and consonants, of which most languages write more than they say.
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
