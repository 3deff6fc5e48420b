"""Numbers in, numbers out."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_assistant.server.skills.numbers import SMALL, TENS, about, ordinal_words, read, shown


@pytest.mark.parametrize(
    ("text", "value", "rest"),
    [
        ("zero", 0, ""),
        ("seven", 7, ""),
        ("seventeen", 17, ""),
        ("twenty", 20, ""),
        ("forty two", 42, ""),
        ("forty eleven", 40, "eleven"),
        ("five six", 5, "six"),
        ("one hundred", 100, ""),
        ("a hundred and five", 105, ""),
        ("two hundred six", 206, ""),
        ("two hundred forty six", 246, ""),
        ("fifteen hundred", 1500, ""),
        ("a thousand", 1000, ""),
        ("three thousand two hundred", 3200, ""),
        ("one thousand and one", 1001, ""),
        ("two million three hundred thousand and five", 2_300_005, ""),
        ("one billion", 10**9, ""),
        ("nineteen eighty four", 1984, ""),
        ("twenty twenty six", 2026, ""),
        ("twenty five", 25, ""),
        ("five and a half", Fraction(11, 2), ""),
        ("half an hour", Fraction(1, 2), "hour"),
        ("half a mile", Fraction(1, 2), "mile"),
        ("three point one four", Fraction(314, 100), ""),
        ("zero point five miles", Fraction(1, 2), "miles"),
        ("five point", 5, "point"),
        ("minus five", -5, ""),
        ("negative two point five", Fraction(-5, 2), ""),
        ("12", 12, ""),
        ("1,250", 1250, ""),
        ("3.75", Fraction(15, 4), ""),
        (".5", Fraction(1, 2), ""),
        ("5 thousand", 5000, ""),
        ("25th", 25, ""),
        ("2.5 and a half", 3, ""),
        ("five and six", 5, "and six"),
        ("two hundred and miles", 200, "and miles"),
        ("one thousand and miles", 1000, "and miles"),
    ],
)
def test_a_number_is_read_as_far_as_it_goes(text, value, rest):
    words = text.split()
    found, after = read(words, 0)
    assert (found, " ".join(words[after:])) == (value, rest)


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "hundred",
        "a",
        "a mile",
        "and five",
        "point five",
        "minus",
        "half of",
        ".",
        "st",
        "th",
    ],
)
def test_words_that_are_no_number_give_no_number(text):
    assert read(text.split(), 0) is None


def test_an_overlong_number_is_no_number():
    assert read(["9" * 31], 0) is None


@settings(deadline=None)
@given(st.integers(1, 999_999))
def test_every_number_that_is_said_is_read(number):
    assert read(said(number).split(), 0) == (number, len(said(number).split()))


def said(number):
    """A number in words, by another way than the reader's."""
    if number < 20:
        return SMALL[number]
    for size, name in ((1000, "thousand"), (100, "hundred")):
        if number >= size:
            rest = number % size
            return f"{said(number // size)} {name}" + (f" {said(rest)}" if rest else "")
    return TENS[number // 10 - 2] + (f" {SMALL[number % 10]}" if number % 10 else "")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(1234567), "1,234,567"),
        (Fraction(-3), "minus 3"),
        (Fraction(1, 2), "0.5"),
        (Fraction(-1, 4), "minus 0.25"),
        (Fraction(1, 3), "about 0.333333"),
        (Fraction(2, 3), "about 0.666667"),
        (Fraction(12345678, 1000), "about 12,345.68"),
        (Fraction(1, 10**9), "0.000000001"),
        (Fraction(99999999, 10**8), "about 1"),
        (Fraction(19999999, 10**7), "about 2"),
    ],
)
def test_a_number_is_said_exactly_or_says_that_it_is_not(value, text):
    assert about(value) == text


@settings(deadline=None)
@given(st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10**6))
def test_a_number_that_is_called_exact_is_exact(value):
    text, exact = shown(value)
    number = Fraction(text.replace(",", "").replace("minus ", "-"))
    assert exact == (number == value)
    assert abs(number - value) <= max(abs(value) / 100, Fraction(1, 100))


def test_there_are_31_days_in_words():
    words = ordinal_words()
    assert sorted(words.values()) == list(range(1, 32))
    assert (words["first"], words["twenty second"], words["thirty first"]) == (1, 22, 31)
