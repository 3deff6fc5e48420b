"""Corrections: "no, fifteen" or "I meant 85" asks the last question again with another number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from voice_assistant.server.skills import numbers
from voice_assistant.server.skills.reply import Answer
from voice_assistant.text import number_words

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORDS = "|".join(
    [*number_words.SMALL, *number_words.TENS, "hundred", "thousand", "million", "point", "half"]
)
NUMBER = re.compile(
    rf"\b(?:\d+(?:[.,:]\d+)*|(?:a (?=hundred|thousand))?(?:{_WORDS})"
    rf"(?:[ -](?:and (?={_WORDS}))?(?:{_WORDS}))*)\b",
    re.IGNORECASE,
)
"""A number, in digits or in words."""

CORRECTION = re.compile(
    r"\W*(?:no|nope|sorry|oops|wait|actually|i (?:meant|mean|said)|not that"
    r"|(?:make|change|move|set|push) (?:it|that)(?: to)?)\W+"
    r"(?:(?:no|wait|sorry|actually|i (?:meant|mean|said)|it is|make (?:it|that))\W+)*"
    r"(?P<value>.+?)\W*",
    re.IGNORECASE,
)


def corrected(question: str, before: str) -> list[str]:
    """Return the sentences that a correction may mean: the question before with another number.

    The first one is meant if there is only one, or if the two numbers sound alike: "fifty" may
    have been heard for "fifteen".

    Args:
        question: what was said now.
        before: the question that was answered before; "" without one.
    """
    match = CORRECTION.fullmatch(question.strip())
    value = match["value"] if match else ""
    number = NUMBER.match(value)
    if number is None:
        return []
    unit = value[number.end() :].strip()
    places = [
        place
        for place in NUMBER.finditer(before)
        if not unit or before[place.end() :].strip(" .?!").casefold().startswith(unit.casefold())
    ]
    alike = [place for place in places if _sound_alike(place[0], number[0])]
    return [
        f"{before[: place.start()]}{number[0]}{before[place.end() :]}" for place in alike or places
    ]


def which_number(sentences: Iterable[str]) -> Answer:
    """Ask which of several numbers is wrong."""
    first, second, *_ = sentences
    return Answer(f"Do you mean: {first}? Or: {second}?", (first, second))


def _sound_alike(one: str, other: str) -> bool:
    """Return whether one number ends in "-teen" and the other is the same in "-ty": 15 and 50."""
    values = [_value(text) for text in (one, other)]
    if None in values:
        return False
    small, large = sorted(value for value in values if value is not None)
    return 13 <= small <= 19 and large == (small - 10) * 10  # noqa: PLR2004


def _value(text: str) -> float | None:
    words = text.lower().replace("-", " ").replace(",", "").split()
    found = numbers.read(words, 0)
    return float(found[0]) if found and found[1] == len(words) else None
