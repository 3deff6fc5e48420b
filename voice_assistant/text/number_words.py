"""Figures spelt as English words: "9" is "nine", "5:30" is "five thirty"."""

from __future__ import annotations

import re

# fmt: off
SMALL = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
# fmt: on

_FIGURES = re.compile(r"(?<![\d.,:])(\d{1,4})(?::(\d\d))?(?!\d|[.,:]\d)")


def spelt(text: str) -> str:
    """Return a text with its whole numbers below 10,000, times and percents as words."""
    words = _FIGURES.sub(
        lambda found: f" {' '.join(_number(int(part)) for part in found.groups() if part)} ", text
    )
    return re.sub(r" (?=[.,?!])", "", " ".join(words.replace("%", " percent ").split()))


def _number(number: int) -> str:
    if number < len(SMALL):
        return SMALL[number]
    for size, name in ((1000, "thousand"), (100, "hundred")):
        if number >= size:
            rest = f" {_number(number % size)}" if number % size else ""
            return f"{_number(number // size)} {name}{rest}"
    ones = f" {SMALL[number % 10]}" if number % 10 else ""
    return f"{TENS[number // 10 - 2]}{ones}"
