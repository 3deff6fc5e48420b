"""Lays out an answer that comes in pieces on a terminal. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Protocol

_SIGNS = "\u2e80-\u2fff\u3005-\u3007\u3021-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""Chinese and Japanese signs: a line may break before and after each of them."""
_OPENING = "\u3008\u300a\u300c\u300e\u3010\u3014\uff08"
_CLOSING = (
    "\u3001\u3002\u3009\u300b\u300d\u300f\u3011\u3015\u2026\uff01\uff09\uff0c\uff1a\uff1b\uff1f"
)
"""Their punctuation: no line ends with the first, or begins with the second kind."""
_PIECE = re.compile(
    rf"""
      \n
    | [^\S\n]+
    | [{_OPENING}\u2018\u201c]* [{_SIGNS}] [{_CLOSING}\u2019\u201d]*
    | [{_OPENING}]* [^\s{_SIGNS}{_OPENING}{_CLOSING}]+ [{_CLOSING}]*
    | [{_OPENING}{_CLOSING}]+
    """,
    re.VERBOSE,
)


class Layout(Protocol):
    """Takes an answer piece by piece."""

    def feed(self, text: str) -> str:
        """Take a piece; return what can be printed now."""
        ...

    def end(self) -> str:
        """Return the rest."""
        ...


class AsItComes:
    """Leaves the text as it is: for files, pipes and programs."""

    def feed(self, text: str) -> str:
        """Return the piece."""
        return text

    def end(self) -> str:
        """Return nothing."""
        return ""


class WholeLines:
    """Holds a line back until it is complete: screen readers read what is printed at once."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> str:
        """Return the complete lines."""
        lines, newline, self._held = (self._held + text).rpartition("\n")
        return lines + newline

    def end(self) -> str:
        """Return the last line."""
        held, self._held = self._held, ""
        return held


class Wrapped:
    """Breaks lines between words. A word is held back until it is complete.

    Args:
        width: columns of the terminal.
    """

    def __init__(self, width: int) -> None:
        self._width = width
        self._column = 0
        self._gap = ""
        self._word = ""

    def feed(self, text: str) -> str:
        """Return the complete words, with line breaks."""
        pieces = _PIECE.findall(self._word + text)
        self._word = pieces.pop() if pieces and not pieces[-1].isspace() else ""
        return "".join(map(self._placed, pieces))

    def end(self) -> str:
        """Return the last word."""
        word, self._word = self._word, ""
        return self._placed(word) if word else ""

    def _placed(self, piece: str) -> str:
        if piece == "\n":
            self._column, self._gap = 0, ""
            return piece
        if piece.isspace():
            self._gap += piece
            return ""
        gap, self._gap = self._gap, ""
        width = columns(piece)
        if self._column and self._column + len(gap) + width > self._width:
            self._column, gap = 0, "\n"
        else:
            self._column += len(gap)
        self._column += width
        return gap + piece


def wrapped(text: str, width: int) -> list[str]:
    """Return the lines of a text that is there as a whole; `width` is in columns."""
    layout = Wrapped(width)
    return (layout.feed(text) + layout.end()).split("\n")


def cut(text: str, width: int) -> str:
    """Return the beginning of a text that fits into `width` columns; "…" stands for the rest."""
    used, fits = 0, 0
    for at, letter in enumerate(text):
        used += columns(letter)
        if used > width:
            return text[:fits] + "…"
        if used < width:
            fits = at + 1
    return text


def columns(word: str) -> int:
    """Return how many columns a terminal needs for `word`."""
    return sum(
        0 if unicodedata.combining(letter) else 1 + (unicodedata.east_asian_width(letter) in "WF")
        for letter in word
    )
