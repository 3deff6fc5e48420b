"""Numbers in other writing: Roman, binary, hexadecimal; and counted aloud."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from voice_assistant.server.skills.reply import Answer, NotUnderstood
from voice_assistant.text.letters import capitalised
from voice_assistant.text.number_words import spelt

if TYPE_CHECKING:
    from fractions import Fraction

    from voice_assistant.server.skills.reply import Asked

# fmt: off
ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)
# fmt: on
LARGEST_ROMAN = 3999
BASES = {"binary": "b", "octal": "o", "hexadecimal": "X"}
LARGEST = 2**32
MOST_COUNTED = 20
LARGEST_COUNTED = 1000


def to_roman(asked: Asked) -> Answer:
    """For "Roman numeral for 14"."""
    number = _whole(asked.match.value("number"), 10**12)
    if not 1 <= number <= LARGEST_ROMAN:
        return Answer("Roman numerals are for 1 to 3,999.", ("Roman numeral for 14",))
    numeral = _roman(number)
    spelled = f", spelled {'-'.join(numeral)}" if len(numeral) > 1 else ""
    return Answer(f"{number:,} is {numeral} in Roman numerals{spelled}.", ("Roman numeral for 14",))


def from_roman(asked: Asked) -> Answer:
    """For "What is the Roman numeral XIV"; numerals that nobody would write are not read."""
    numeral = re.sub(r"[\s.]", "", asked.match.text("numeral")).upper()
    number, rest = 0, numeral
    for value, sign in ROMAN:
        while rest.startswith(sign):
            number, rest = number + value, rest.removeprefix(sign)
    if rest or not number or _roman(number) != numeral:
        raise NotUnderstood
    return Answer(f"{numeral} is {number:,}.", ("Roman numeral for 14",))


def _roman(number: int) -> str:
    numeral = ""
    for value, sign in ROMAN:
        numeral += sign * (number // value)
        number %= value
    return numeral


def to_base(asked: Asked) -> Answer:
    """For "12 in binary"; where the digits may be binary already, both ways are told."""
    number, base = _whole(asked.match.value("number"), LARGEST), asked.match.text("base")
    text = f"{number:,} is {_apart(f'{number:{BASES[base]}}')} in {base}."
    if base == "binary" and number > 1 and not _digits(number) - {"0", "1"}:
        text = f"{text} Read as binary, {_apart(str(number))} is {int(str(number), 2):,}."
    return Answer(text, ("What is 12 in binary?",))


def from_binary(asked: Asked) -> Answer:
    """For "Binary 1011 in decimal"."""
    number = _whole(asked.match.value("number"), 10**32)
    if _digits(number) - {"0", "1"}:
        return Answer("A binary number has no digits but 0 and 1.", ("What is 12 in binary?",))
    return Answer(f"Binary {_apart(str(number))} is {int(str(number), 2):,}.", ())


def count(asked: Asked) -> Answer:
    """For "Count to five", "count from ten down to one"."""
    match = asked.match
    down = bool(match.text("down"))
    begin = next(iter(match.values("from")), None)
    end = next(iter(match.values("to")), None)
    first = _whole(1 if begin is None else begin, LARGEST_COUNTED)
    last = _whole(1 if end is None else end, LARGEST_COUNTED)
    if first < last if down else begin is None and last < first:
        raise NotUnderstood
    step = 1 if first <= last else -1
    if abs(last - first) > MOST_COUNTED:
        return Answer("I count twenty numbers at most.", ("Count to ten",))
    counted = ", ".join(spelt(str(number)) for number in range(first, last + step, step))
    return Answer(f"{capitalised(counted)}.", ("Repeat that",))


def _whole(number: Fraction | int, most: int) -> int:
    if number.denominator != 1 or not 0 <= number <= most:
        raise NotUnderstood
    return int(number)


def _digits(number: int) -> set[str]:
    return {*str(number)}


def _apart(digits: str) -> str:
    """Return digits that are read one by one."""
    return " ".join(digits)
