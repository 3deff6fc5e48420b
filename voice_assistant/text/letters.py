"""The letters of a text: in one form, to compare two spellings, and with a capital at first."""

from __future__ import annotations

import unicodedata


def letters(text: str) -> str:
    """Return the letters and digits of `text`, without case, spaces and punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def capitalised(text: str) -> str:
    """Return a text for the beginning of a sentence: its first letter is a capital."""
    return text[:1].upper() + text[1:]
