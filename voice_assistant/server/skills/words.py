"""A question, typed or heard, in the plain words that the templates are written in."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from voice_assistant.server.skills import clock, numbers
from voice_assistant.server.skills.named_days import MONTHS
from voice_assistant.server.skills.rewriting import rewritten
from voice_assistant.server.skills.unit_table import NAMES
from voice_assistant.text import number_words

ANOTHER = r"(?:\w+ )?(?:timer|alarm) (?:for|of|called|named|\d)"
"""Behind "a second", which else is a length of time."""

INCHES = rf"[\d.]+|{'|'.join(number_words.SMALL[1:12])}"
BEFORE = re.compile(
    r"(?:(?:hey|hi)(?! there)|ok|okay|so|well|yo|like|please|(?:can|could|would|will) you|tell me"
    r"|mind telling me|(?:be so (?:kind|good) as|be able) to|do you happen to know"
    r"|i was wondering if (?:you|i) could|maybe|perhaps|just|kindly|quickly|go ahead and"
    r"|let us(?! (?:do|have))"
    r"|i (?:want|need|would like) (?:you )?to(?! know)"
    r"|i want to know|do you know|i would like to know|computer|assistant) "
)
AFTER = re.compile(r" (?:please|thanks|thank you|for me|right now|now|then)")
BETWEEN = re.compile(
    r" (?:please|kindly)(?= )"
    r"|(?<= )(?:can|could|will|would) you (?:please |kindly )?(?=(?:wake|remind|set) )"
)
"""Courtesies in the middle: "tomorrow at seven, could you please wake me"."""

NEGATION = re.compile(
    r"\b(?:not|dont|doesnt|didnt|never(?! mind)|nobody|nothing|neither|nor|without|stop setting"
    r"|no (?:timers?|alarms?|reminders?|need|longer|more)|avoid|refrain|instead of|rather than"
    r"|refuse|hate|forbid|unless|ain't|aint)\b"
)


class Plain(NamedTuple):
    """A question in plain words.

    Attributes:
        text: lower case; each number is replaced by its index in `numbers`, so that templates
            deal with one small range however long, broken or negative a number is.
        numbers: the numbers in order.
    """

    text: str
    numbers: tuple[Fraction, ...]


NUMERAL = rf"(?:[-\u2212]?[\d.]|(?:{'|'.join((*number_words.SMALL, *number_words.TENS))})\b)"
MEANINGFUL = re.compile(
    rf"[~#<>|\\(\[{{]\s*{NUMERAL}"  # brackets, "about", "less than", an amount without its sign
    r"|\d\s*[~#<>|\\)\]}]"
    r"|\d!(?=\s*[^\s?!.])"  # a factorial; at the end of all words it is an exclamation
)
"""A sign beside a number, which would be left out with the other signs and means something."""

CURRENCIES = re.compile(r"[$\u00a3\u00a5\u20ac\u20b9]")

UNREADABLE = Plain("?", ())
"""A question with a number, or an amount, of which nobody knows which one it is."""


def plain(question: str) -> Plain:
    """Return the question without symbols, punctuation and courtesies."""
    text = numbers.with_points(question.lower())
    if text is None or MEANINGFUL.search(text) or len({*CURRENCIES.findall(text)}) > 1:
        return UNREADABLE
    words = _without_courtesies(" ".join(rewritten(text).split())).split()
    if clock.ALARMS.intersection(words) or _asks_how_long_until(words):
        words = clock.with_clock_times(words)
    if any(month in words for month in MONTHS):
        words = _with_days(words)
    elif clock.ALARMS.intersection(words):
        words = _with_days(words, before="(?:on|for|by) the ")
    if "between" in words:
        words = _with_two_numbers(words)
    return _with_numbers([word for part in words for word in part.replace(":", " ").split()])


def _asks_how_long_until(words: list[str]) -> bool:
    return words[:1] == ["how"] and not {"until", "till"}.isdisjoint(words)


def negated(plain_text: str) -> bool:
    """Return whether the words say that something is not wanted, or deny something."""
    return bool(NEGATION.search(plain_text))


def _without_courtesies(text: str) -> str:
    """Return the text without courtesies; text of courtesies alone ("thank you") stays."""
    rest = BETWEEN.sub("", text)
    while before := BEFORE.match(rest):
        rest = rest[before.end() :]
    while (after := list(AFTER.finditer(rest))) and after[-1].end() == len(rest):
        rest = rest[: after[-1].start()]
    return rest or text


def _with_days(words: list[str], before: str = "") -> list[str]:
    """Turn ordinals into days: beside a month "twenty second" is the 22nd, not 20 and a second.

    Args:
        words: all of them.
        before: a pattern of what has to stand before an ordinal.
    """
    text = " ".join(words)
    for spoken, day in sorted(numbers.ordinal_words().items(), key=lambda item: -len(item[0])):
        text = re.sub(rf"\b(?P<before>{before}){spoken}\b", rf"\g<before>{day}", text)
    return text.split()


def _with_two_numbers(words: list[str]) -> list[str]:
    """Replace one "and" behind "between" by "to": it is no part of a number.

    "Between one thousand and two" holds two numbers, "between one hundred and two and nine" too.
    """
    begin = words.index("between")
    places = [
        at
        for at in range(begin + 1, len(words))
        if words[at] == "and" and words[at + 1 : at + 3] != ["a", "half"]
    ]
    if not places or "to" in words[begin:]:
        return words
    scales = ("hundred", *numbers.SCALES)
    apart = next((at for at in places if words[at - 1] not in scales), places[0])
    return [*words[:apart], "to", *words[apart + 1 :]]


def _with_numbers(words: list[str]) -> Plain:
    text: list[str] = []
    found: list[Fraction] = []
    at = 0
    while at < len(words):
        number = None
        if not _subtracts(words, at, text):
            number = numbers.read(words, at) or _one(words, at)
        if number is None:
            text.append("number" if re.search(r"\d", words[at]) else words[at])  # no index
            at += 1
            continue
        value, at = number
        if part := numbers.and_part(words, at + 1):  # "an hour and a half"
            value += part
            words = words[: at + 1] + words[at + 4 :]
        text.append(str(len(found)))
        found.append(value)
    return Plain(" ".join(text), tuple(found))


def _subtracts(words: list[str], at: int, before: list[str]) -> bool:
    """Return whether "minus" subtracts from what is before it, or from the last result."""
    if words[at] != "minus":
        return False
    if before and (before[-1].isdigit() or before[-1] in ("that", "it")):
        return True
    number = numbers.read(words, at)
    return (
        before in ([], ["and"]) and number is not None and words[number[1] :] in ([], ["percent"])
    )


def _one(words: list[str], at: int) -> tuple[Fraction, int] | None:
    """Read "a" before a unit as one: "a mile"."""
    is_one = words[at] in ("a", "an") and words[at + 1 : at + 2] and words[at + 1] in NAMES
    is_one = is_one and words[at + 2 : at + 3] != ["root"]  # "a square root"
    return (Fraction(1), at + 1) if is_one else None
