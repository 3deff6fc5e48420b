"""Numbers in spoken and written English: read as exact fractions, and said again."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from voice_assistant.text.number_words import SMALL, TENS

if TYPE_CHECKING:
    from collections.abc import Sequence

# fmt: off
ORDINALS = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth", "nineteenth", "twentieth",
]
# fmt: on
SCALES = {"dozen": 12, "thousand": 1000, "million": 10**6, "billion": 10**9}
ONES = {word: value for value, word in enumerate(SMALL)}
TENFOLDS = {word: value * 10 for value, word in enumerate(TENS, 2)}
DIGITS = {word: value for value, word in enumerate(SMALL[1:10], 1)}
CENTURIES = range(11, 21)
WRITTEN = re.compile(r"(?=\.?\d)(\d{1,3}(?:,\d{3})+|\d+)?(\.\d+)?(st|nd|rd|th)?")
FIGURES = re.compile(r"(?<![\d.,])[.,]?\d(?:[\d.,]*\d)?")
"""A number in digits with whatever points and commas are in it."""

HEXADECIMAL = re.compile(r"\b0x[\da-f]", re.IGNORECASE)
"""In a sum "x" is a sign: "0x10 + 1" would be 1."""

POINT = re.compile(r"\d*\.\d+|\d+")
THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
COMMA = re.compile(r"(\d*),(\d+)")
PARTS = {
    "and a half": Fraction(1, 2),
    "and a quarter": Fraction(1, 4),
    "and three quarters": Fraction(3, 4),
}
FRACTIONS = {"half": 2, "halve": 2, "third": 3, "quarter": 4, "fifth": 5, "eighth": 8, "tenth": 10}
SIGNS = frozenset(("plus", "minus", "times", "divided", "multiplied", "by"))
LONGEST = 30
"""Digits of a number that is still a number and no mischief."""

SHOWN_DIGITS = 6
"""Significant digits of a result that cannot be said exactly."""

MIN_PLACES = 2
"""Decimals that are shown of a large number all the same."""


def with_points(text: str) -> str | None:
    """Return the text with its numbers as "1250" and "2.5", however they are written in it.

    A comma before three digits groups thousands ("1,250"); any other one is a decimal comma
    ("2,5"). Who writes both in one text means one of them otherwise, but which one nobody knows.

    Returns:
        None where a number can be read in two ways, or in none ("1,2,3", "1,000,00", "0x10").
    """
    found = FIGURES.findall(text)
    grouped = any(THOUSANDS.fullmatch(number) for number in found)
    commas = any(COMMA.fullmatch(one) and not THOUSANDS.fullmatch(one) for one in found)
    readable = all(any(form.fullmatch(one) for form in (POINT, THOUSANDS, COMMA)) for one in found)
    if not readable or (grouped and commas) or HEXADECIMAL.search(text):
        return None
    return FIGURES.sub(_with_point, text)


def _with_point(match: re.Match[str]) -> str:
    number = match[0]
    if THOUSANDS.fullmatch(number):
        return number.replace(",", "")
    return COMMA.sub(lambda parts: f"{parts[1] or 0}.{parts[2]}", number)


def read(words: Sequence[str], at: int) -> tuple[Fraction, int] | None:
    """Return the number that begins at `words[at]`, and the index of the word behind it."""
    if words[at] in ("minus", "negative"):
        found = _positive(words, at + 1)
        return (-found[0], found[1]) if found else None
    return _positive(words, at)


def _positive(words: Sequence[str], at: int) -> tuple[Fraction, int] | None:
    if _word(words, at) == "half" and words[at + 1 : at + 2] in (["a"], ["an"]):
        return Fraction(1, 2), at + 2
    found = _fraction(words, at) or _written(words, at) or _spoken(words, at)
    if found and (part := and_part(words, found[1])):
        return found[0] + part, found[1] + 3
    return found


def _fraction(words: Sequence[str], at: int) -> tuple[Fraction, int] | None:
    """Read "three quarters" or "half" beside a sign; elsewhere it is an ordinal, or of a clock."""
    counts = {"a": 1, "an": 1, **ONES}
    count = counts.get(_word(words, at), 0)
    end = at + 2 if count else at + 1
    size = FRACTIONS.get(_word(words, end - 1).removesuffix("s"), 0)
    if not size or (not count and size > 2) or end > len(words):  # noqa: PLR2004
        return None
    if not SIGNS.intersection((_word(words, end), words[at - 1] if at else "")):
        return None
    return Fraction(count or 1, size), end


def and_part(words: Sequence[str], at: int) -> Fraction:
    """Return what "and a half" at `words[at]` adds to the number before; 0 for other words."""
    return PARTS.get(" ".join(words[at : at + 3]), Fraction(0))


def _written(words: Sequence[str], at: int) -> tuple[Fraction, int] | None:
    match = WRITTEN.fullmatch(_word(words, at))
    if not match or len(words[at]) > LONGEST:
        return None
    value = Fraction((match[1] or "0").replace(",", "") + (match[2] or ""))
    at += 1
    while at < len(words) and words[at] in SCALES:
        value *= SCALES[words[at]]
        at += 1
    return value, at


def _spoken(words: Sequence[str], at: int) -> tuple[Fraction, int] | None:
    """Read "two million three hundred and five point two"; "twenty twenty six" is a year."""
    found = _year(words, at) or _below_thousand(words, at)
    if not found:
        return None
    total = 0
    while found:
        value, at = found
        scale = SCALES.get(_word(words, at), 1)
        total += value * scale
        if scale == 1:
            break
        at += 1
        found = _below_thousand(words, at + (_word(words, at) == "and"))
    return _with_decimals(words, at, Fraction(total))


def _word(words: Sequence[str], at: int) -> str:
    return words[at] if at < len(words) else ""


def _below_hundred(words: Sequence[str], at: int) -> tuple[int, int] | None:
    word = _word(words, at)
    if word not in TENFOLDS:
        return (ONES[word], at + 1) if word in ONES else None
    digit = DIGITS.get(_word(words, at + 1), 0)
    return TENFOLDS[word] + digit, at + (2 if digit else 1)


def _below_thousand(words: Sequence[str], at: int) -> tuple[int, int] | None:
    if _word(words, at) == "a" and _word(words, at + 1) in ("hundred", *SCALES):
        value, at = 1, at + 1
    elif found := _below_hundred(words, at):
        value, at = found
    else:
        return None
    if _word(words, at) == "hundred":
        value, at = value * 100, at + 1
        if rest := _below_hundred(words, at + (_word(words, at) == "and")):
            value, at = value + rest[0], rest[1]
    return value, at


def _year(words: Sequence[str], at: int) -> tuple[int, int] | None:
    century = _below_hundred(words, at)
    years = _below_hundred(words, century[1]) if century else None
    if not (century and years) or century[0] not in CENTURIES or years[0] in DIGITS.values():
        return None
    return century[0] * 100 + years[0], years[1]


def _with_decimals(words: Sequence[str], at: int, value: Fraction) -> tuple[Fraction, int]:
    if _word(words, at) != "point":
        return value, at
    decimals = ""
    while _word(words, at + 1 + len(decimals)) in SMALL[:10]:
        decimals += str(ONES[words[at + 1 + len(decimals)]])
    if not decimals:
        return value, at
    return value + Fraction(f"0.{decimals}"), at + 1 + len(decimals)


def ordinal_words() -> dict[str, int]:
    """Return the days of a month as they are spoken: "first" to "thirty first"."""
    spoken = {word: value for value, word in enumerate(ORDINALS, 1)}
    for value, word in enumerate(ORDINALS[:9], 21):
        spoken[f"twenty {word}"] = value
    return spoken | {"thirtieth": 30, "thirty first": 31}


def shown(value: Fraction) -> tuple[str, bool]:
    """Return a number for an answer ("1,234.5", "minus 3"), and whether it is exact."""
    sign, value = ("minus " if value < 0 else ""), abs(value)
    if value.denominator == 1:
        return f"{sign}{value.numerator:,}", True
    if value >= 1:
        places = max(SHOWN_DIGITS - len(str(int(value))), MIN_PLACES)
    else:
        places = SHOWN_DIGITS + len(str(value.denominator // value.numerator)) - 1
    rounded = round(value, places)
    text = f"{rounded.numerator // rounded.denominator:,}"
    decimals = f"{int(rounded % 1 * 10**places):0{places}}".rstrip("0")
    return f"{sign}{text}.{decimals}" if decimals else f"{sign}{text}", rounded == value


def about(value: Fraction) -> str:
    """Return a number as a part of a sentence, with "about" if it is rounded."""
    text, exact = shown(value)
    return text if exact else f"about {text}"
