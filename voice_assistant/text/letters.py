"""The letters of a text in one form, by which two spellings of the same words can be compared."""

from __future__ import annotations

import unicodedata


def letters(text: str) -> str:
    """Return the letters and digits of `text`, without case, spaces and punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())
