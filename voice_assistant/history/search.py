"""Finds words in the record, in any language and script.

The index holds every three letters in a row (SQLite's trigram tokenizer), for Chinese and Japanese
have no blanks between words. It only narrows the search down: each turn found by it is looked into.
https://www.sqlite.org/fts5.html#the_trigram_tokenizer
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

LETTERS_MAX = 50_000
"""Letters of a question or an answer that can be found; what is beyond them is kept, not found."""

_GRAM = 3
_END = "\n" * (_GRAM - 1)
"""Ends every text, so that a word of fewer than three letters at its end begins a trigram too."""

_NOWHERE = "\x01" * _GRAM
_GRAMS_MAX = 16
"""Trigrams that a search looks up: more would cost more than the turns that they rule out."""

_BEGINNINGS_MAX = 400
"""With more trigrams that begin with a short word, the word is so frequent that reading the turns
themselves, the latest first, is quicker."""

_ACCENTS = re.compile("[\u0300-\u036f]")


def folded(text: str) -> str:
    """Return `text` as it is compared: without case, accents, and different forms of a letter."""
    text = text[:LETTERS_MAX]
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", _ACCENTS.sub("", text)).casefold()


def text_of(question: str, answer: str) -> str:
    """Return the text of a turn as the index has it."""
    return f"{folded(question)}\n{folded(answer)}{_END}"


class Index:
    """The index of the words of all turns. It holds no text: to remove a turn, it is told its text.

    Args:
        db: the database.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, number: int) -> None:
        """Add a turn, unless it is there."""
        row = self._db.execute(
            "SELECT question, answer FROM turns WHERE number = ? AND NOT indexed", (number,)
        ).fetchone()
        if row:
            self._db.execute(
                "INSERT INTO turns_index(rowid, text) VALUES (?, ?)", (number, text_of(*row))
            )
            self._db.execute("UPDATE turns SET indexed = 1 WHERE number = ?", (number,))

    def remove(self, number: int) -> None:
        """Remove a turn if it is there; call it before the turn's text changes."""
        row = self._db.execute(
            "SELECT question, answer FROM turns WHERE number = ? AND indexed", (number,)
        ).fetchone()
        if row:
            self._db.execute(
                "INSERT INTO turns_index(turns_index, rowid, text) VALUES ('delete', ?, ?)",
                (number, text_of(*row)),
            )

    def clear(self) -> None:
        """Remove all turns."""
        self._db.execute("INSERT INTO turns_index(turns_index) VALUES ('delete-all')")

    def forget(self) -> None:
        """Drop what is left of removed turns from the file."""
        self._db.execute("INSERT INTO turns_index(turns_index) VALUES ('optimize')")


class Search:
    """A search for turns that have all of some words, each anywhere in question or answer.

    Args:
        words: words with blanks between them.
        db: the database; its index tells how frequent short words are.

    Attributes:
        short: whether all words are shorter than those in the index.
    """

    def __init__(self, words: str, db: sqlite3.Connection) -> None:
        self._words = folded(words).split()
        self._db = db
        self.short = bool(self._words) and max(map(len, self._words)) < _GRAM

    def expression(self) -> str:
        """Return the expression for the index; "" if the index does not help."""
        words = sorted(self._words, key=len)[::-1]
        if grams := [gram for word in words for gram in _grams(word)]:  # short words may wait
            return " AND ".join(map(_quoted, dict.fromkeys(grams[:_GRAMS_MAX])))
        return " AND ".join(f"({one})" for one in map(self._beginnings, words) if one)

    def found_in(self, question: str, answer: str) -> bool:
        """Return whether a turn has all of the words."""
        text = text_of(question, answer)
        return all(word in text for word in self._words)

    def _beginnings(self, word: str) -> str:
        """Return the expression for a word that is shorter than a trigram; "" if it is frequent."""
        rows = self._db.execute(
            "SELECT term FROM turns_words WHERE term >= ? AND term < ? LIMIT ?",
            (word, word + "\U0010ffff", _BEGINNINGS_MAX + 1),
        ).fetchall()
        if len(rows) > _BEGINNINGS_MAX:
            return ""
        return " OR ".join(_quoted(term) for (term,) in rows) or _quoted(_NOWHERE)


def _grams(word: str) -> Iterator[str]:
    """Yield trigrams that cover the word, its end included."""
    if len(word) >= _GRAM:
        for at in range(0, len(word) - _GRAM, _GRAM):
            yield word[at : at + _GRAM]
        yield word[-_GRAM:]


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'
