"""How an answer that comes in pieces is laid out on a terminal. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Protocol

_PIECE = re.compile(r"\n|[^\S\n]+|\S+")


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
        columns = _columns(piece)
        if self._column and self._column + len(gap) + columns > self._width:
            self._column, gap = 0, "\n"
        else:
            self._column += len(gap)
        self._column += columns
        return gap + piece


def _columns(word: str) -> int:
    """Return how many columns a terminal needs for `word`."""
    return sum(
        0 if unicodedata.combining(letter) else 1 + (unicodedata.east_asian_width(letter) in "WF")
        for letter in word
    )
