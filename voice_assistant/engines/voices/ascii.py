"""Turns a text into plain English letters, for speech programs that know no other letters."""

from __future__ import annotations

import re
import unicodedata

MARKS = str.maketrans({"\u2018": "'", "\u2019": "'", "\u2013": "-", "\u2014": " - ", "\u00a0": " "})

GREEK = "αβγδεζηθικλμνξοπρστυφχψωΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ"

SIGNS = str.maketrans(
    {
        "\u2212": " minus ",
        "\u00b1": " plus or minus ",
        "\u00d7": " times ",
        "\u00f7": " divided by ",
        "\u2044": "/",  # the stroke of fractions: NFKD turns the letter for 1/2 into 1, stroke, 2
        "\u2248": " about ",
        "\u2260": " not equal to ",  # without its stroke, an accent for NFKD, it is "equal to"
        "\u2264": " at most ",
        "\u2265": " at least ",
        "\u221a": " the square root of ",
        "\u221e": " infinity ",
        "\u2192": " to ",
        "<": " less than ",
        ">": " greater than ",
        "^": " to the power of ",
        "\u00b0": " degrees ",
        "\u00b2": " squared ",
        "\u00b3": " cubed ",
        "€": " euros ",
        "£": " pounds ",
    }
    | {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "Ø": "O", "ł": "l", "đ": "d"}
    | {letter: f" {unicodedata.name(letter).split()[-1].lower()} " for letter in GREEK}
)
"""Words for the signs that such a program leaves out: without them, -3 would become 3."""

_PRICE = re.compile(r"([€£])\s?(\d[\d.,]*\d|\d)")
_FRACTION = re.compile(r"(?<=\d)(?=[¼-¾⅐-⅞])")
_POWER = re.compile(r"[⁰¹⁴-⁹]|[⁰¹²³⁴-⁹⁻]{2,}")
"""Raised digits, except a single 2 or 3, which have words: else 10⁶ would become 106."""
_MICRO = re.compile(r"[\u00b5\u03bc](?=[A-Za-z])")
_ARROW = re.compile(r"[-=]+>")
_OR_EQUAL = re.compile(r"([<>])=")


def ascii_of(text: str) -> str:
    """Return the text in plain letters: signs as words, no accents, other letters dropped."""
    text = _FRACTION.sub(" and ", _PRICE.sub(r"\2\1", text.translate(MARKS)))
    text = _MICRO.sub(" micro ", _POWER.sub(_power, text))
    text = _OR_EQUAL.sub(lambda found: "≤" if found[1] == "<" else "≥", _ARROW.sub("→", text))
    letters = unicodedata.normalize("NFKD", text.translate(SIGNS)).translate(SIGNS)
    return letters.encode("ascii", "ignore").decode()


def keeps_words(text: str) -> bool:
    """Return whether plain letters keep all words of a text: words of other scripts vanish."""
    return all(_PLAIN.search(ascii_of(found[0])) for found in _LETTERS.finditer(text))


_LETTERS = re.compile(r"[^\W\d_]+")
_PLAIN = re.compile(r"[A-Za-z0-9]")


def _power(found: re.Match[str]) -> str:
    return "^" + unicodedata.normalize("NFKD", found[0])
