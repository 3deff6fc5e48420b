"""The length of a sentence in speech, and the place to cut a sentence that is too long."""
# ruff: noqa: RUF001 - the punctuation of Chinese and of print is meant

from __future__ import annotations

import re

CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]")
"""A letter of Chinese, Japanese or Korean."""

LONGEST = 240
"""Latin letters, 15 s of speech: a longer sentence is cut, or its speech would begin too late."""

_LETTERS_IN_ONE = 3  # a Chinese character sounds as long as this many letters
_RESTS = (
    re.compile(r"[.!?;:—–؛](?=\s)|[；：]"),
    re.compile(r"[,،](?=\s)|，"),
    re.compile(r"、"),
    re.compile(r"(?<=\S)(?=\s)"),
)


class SpokenLength:
    """Weighs the letters of one sentence, a part at a time.

    Attributes:
        weighed: the place up to which the letters were weighed.
    """

    def __init__(self) -> None:
        self.weighed = 0
        self._weight = 0
        self._tokens: list[tuple[int, int]] = []

    def begin(self, start: int) -> None:
        """Weigh nothing before `start`."""
        self.weighed = max(start, self.weighed)

    def skip(self, begin: int, end: int, weight: int) -> int:
        """Weigh a token as a whole, in which no sentence is cut; return its end."""
        self._tokens.append((begin, end))
        self._weight += weight
        self.weighed = end
        return end

    def passes(self, text: str, until: int) -> int | None:
        """Weigh the letters up to a place; return the place where they become too many, or None."""
        at = self.weighed
        count = until - at
        syllables = 0
        if count <= LONGEST:
            syllables = len(CJK.findall(text, at, until)) * (_LETTERS_IN_ONE - 1)
        if self._weight + count + syllables <= LONGEST:
            self._weight += max(0, count + syllables)
            self.weighed = max(at, until)
            return None
        weight = self._weight
        while at < until:
            weight += _LETTERS_IN_ONE if CJK.match(text, at) else 1
            if weight > LONGEST:
                break
            at += 1
        return at

    def cut(self, text: str, start: int, limit: int) -> int:
        """Return where to cut a sentence that is too long: at a rest, else between words."""
        middle = (start + limit) // 2
        for place in _RESTS:
            ends = [found.end() for found in place.finditer(text, middle, limit)]
            for end in reversed(ends):
                if not any(first < end < last for first, last in self._tokens):
                    return end
        return limit
