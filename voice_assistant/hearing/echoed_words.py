"""Tells words that the assistant itself has just said. Pure: words in, an answer out."""

from __future__ import annotations

import difflib

from voice_assistant.text.letters import letters

ALIKE = 0.8
"""How many of their letters two wordings must share: what stays of an echo is heard as "paws"."""


def echoed(words: str, spoken: str) -> bool:
    """Return whether some words are, or sound like, a part of a sentence.

    Args:
        words: what was heard.
        spoken: the sentence that was being spoken meanwhile, "" if that is not known.
    """
    heard, parts = letters(words), spoken.split()
    count = len(words.split())
    passages = (letters("".join(parts[at : at + count])) for at in range(len(parts)))
    alike = (difflib.SequenceMatcher(None, heard, passage).ratio() for passage in passages)
    return any(share >= ALIKE for share in alike)
