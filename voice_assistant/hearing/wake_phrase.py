"""Removes the wake word from the words of a question. Pure: words in, words out."""

from __future__ import annotations

import difflib

from voice_assistant.text.letters import capitalised, letters

SIMILAR = 0.7
"""How much of the phrase another spelling must share: "jervis" is "jarvis"."""


def without_phrase(words: str, phrase: str, *, woken: bool) -> str:
    """Return words without the wake word at their beginning, as any recogniser spells it.

    Args:
        words: what was said; the wake word may be missing.
        phrase: the wake word.
        woken: the wake word was heard, so that a similar spelling is it.
    """
    least = SIMILAR if woken else 1.0
    wanted = letters(phrase)
    parts = words.split()
    most = len(phrase.split()) + 1
    candidates = [letters("".join(parts[:count])) for count in range(1, most + 1)]
    shares = [difflib.SequenceMatcher(None, wanted, said).ratio() for said in candidates]
    best = max(range(len(shares)), key=shares.__getitem__, default=0)
    if not parts or shares[best] < least or candidates[best][:1] != wanted[0]:
        return words
    rest = " ".join(parts[best + 1 :])
    return capitalised(rest)
