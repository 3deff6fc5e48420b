"""Sums, exactly: fractions where a computer's usual numbers would be a little off."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import TYPE_CHECKING

from voice_assistant.server.skills.numbers import with_points
from voice_assistant.server.skills.reply import NotUnderstood

if TYPE_CHECKING:
    from collections.abc import Sequence


Token = Fraction | str

TYPED = re.compile(
    r"(?:what is|what's|whats|calculate|compute|how much is)?"
    r"([-\d\s.,+*/x^()\u00d7\u00f7\u2212]+)=?\s*\??"
)
TOKEN = re.compile(r"\d+(?:\.\d+)?|\.\d+|\*\*|[-+*/^()]")
SYMBOLS = str.maketrans({"\u00d7": "*", "x": "*", "\u00f7": "/", "\u2212": "-"})
SPOKEN = {"+": "plus", "-": "minus", "*": "times", "/": "divided by", "^": "to the power of"}
ROOTS = {2: "square root", 3: "cube root"}

LARGEST_DIGITS = 60
"""Digits of a result that somebody could want to hear."""


TOO_LONG = "That number is too long to be said."
MOST_TOKENS = 100
"""Of an expression that somebody typed; the parser goes one level deeper for each "("."""


class Impossible(Exception):
    """There is no such number, or nobody wants to hear it; the message says why."""


def typed(question: str) -> list[Token] | None:
    """Return the tokens of a question of digits and signs, as "(2+3)*4"; else None.

    Raises:
        NotUnderstood: a number in it can be read in two ways, or in none.
    """
    match = TYPED.fullmatch(question.strip().rstrip(".").lower())
    if not match:
        return None
    text = with_points(match[1])
    if text is None or TOKEN.sub("", text := text.translate(SYMBOLS)).strip():
        raise NotUnderstood
    tokens = [_token(symbol) for symbol in TOKEN.findall(text)]
    numbers = sum(isinstance(token, Fraction) for token in tokens)
    return tokens if 0 < numbers < len(tokens) <= MOST_TOKENS else None


def _token(text: str) -> Token:
    if text[-1].isdigit():
        return Fraction(text)
    return "^" if text == "**" else text


class Expression:
    """Evaluates tokens by the usual order of operations.

    Attributes:
        exact: no part of the value had to be rounded.

    Raises:
        Impossible: a division by zero, or a result beyond all use.
        NotUnderstood: this is no expression.
    """

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.exact = True
        self._tokens = list(tokens)

    def value(self) -> Fraction:
        """Return the value of the whole expression."""
        value = self._sum()
        if self._tokens:
            raise NotUnderstood
        return value

    def _take(self, *symbols: str) -> str:
        if self._tokens and self._tokens[0] in symbols:
            return str(self._tokens.pop(0))
        return ""

    def _sum(self) -> Fraction:
        value = self._product()
        while sign := self._take("+", "-"):
            value = apply(sign, value, self._product())
        return value

    def _product(self) -> Fraction:
        value = self._signed()
        while sign := self._take("*", "/"):
            value = apply(sign, value, self._signed())
        return value

    def _signed(self) -> Fraction:
        if self._take("-"):
            return -self._signed()
        base = self._atom()
        if not self._take("^"):
            return base
        exponent = self._signed()
        result = apply("^", base, exponent)
        self.exact &= exponent.denominator == 1 or _is_root(result, base, exponent)
        return result

    def _atom(self) -> Fraction:
        if self._take("("):
            value = self._sum()
            if not self._take(")"):
                raise NotUnderstood
            return value
        number = self._tokens.pop(0) if self._tokens else ""
        if isinstance(number, str):
            raise NotUnderstood
        return number


def apply(sign: str, left: Fraction, right: Fraction) -> Fraction:
    """Return the result of one operation.

    Raises:
        Impossible: see `Expression`.
    """
    match sign:
        case "+":
            result = left + right
        case "-":
            result = left - right
        case "*":
            result = left * right
        case "/":
            if not right:
                raise Impossible("Nothing can be divided by zero.")
            result = left / right
        case _:
            result = _power(left, right)
    if max(abs(result.numerator), result.denominator) >= 10**LARGEST_DIGITS:
        raise Impossible(TOO_LONG)
    return result


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if not base and exponent < 0:
        raise Impossible("Nothing can be divided by zero.")
    if base < 0 and exponent.denominator != 1:
        raise Impossible("There is no such real number.")
    size = max(base.numerator, -base.numerator, base.denominator)
    if size > 1 and abs(exponent) * math.log10(size) >= LARGEST_DIGITS:
        raise Impossible(TOO_LONG)
    if exponent.denominator == 1:
        return base**exponent.numerator
    return _inexact(float(base) ** float(exponent))


def product(last: Fraction) -> Fraction:
    """Return the product of the whole numbers up to `last`, its factorial.

    Raises:
        Impossible: it is too long.
    """
    if last * math.log10(max(float(last), 1.0)) >= 2 * LARGEST_DIGITS:
        raise Impossible(TOO_LONG)
    result = Fraction(math.factorial(int(last)))
    if result >= 10**LARGEST_DIGITS:
        raise Impossible(TOO_LONG)
    return result


def root(value: Fraction, degree: int) -> Fraction:
    """Return the square (2) or cube (3) root, exact where it can be.

    Raises:
        Impossible: a square root of a negative number.
    """
    if value < 0:
        if degree == 2:  # noqa: PLR2004
            raise Impossible("A negative number has no real square root.")
        return -root(-value, degree)
    guess = (
        Fraction(round(float(value.numerator) ** (1 / degree))),
        Fraction(round(float(value.denominator) ** (1 / degree))),
    )
    exact = guess[0] / guess[1]
    if exact**degree == value:
        return exact
    return _inexact(float(value) ** (1 / degree))


def _is_root(result: Fraction, base: Fraction, exponent: Fraction) -> bool:
    """Return whether a power with a broken exponent is exact; False if that is not known."""
    usual = max(exponent.denominator, abs(exponent.numerator)) < LARGEST_DIGITS
    return usual and result**exponent.denominator == base**exponent.numerator


def _inexact(value: float) -> Fraction:
    """Return a result of floating-point arithmetic, rounded to 12 digits."""
    return Fraction(f"{value:.12g}")
