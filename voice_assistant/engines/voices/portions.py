"""Cuts a text into the portions that a voice reads one after the other."""

from __future__ import annotations

import re

LONGEST = 300
SENTENCE = re.compile(
    rf"""\S(?: .{{0,{LONGEST}}}? (?: [.!?…]+ ["')\]]* (?=\s) | $ )
          | .{{0,{LONGEST}}} [:;,] (?=\s) | .{{0,{LONGEST}}} (?=\s) | .{{0,{LONGEST}}} )""",
    re.DOTALL | re.VERBOSE,
)
"""A sentence; of a longer one the part before a pause, else as many words as fit, else letters.
A program makes no sound before it has read its text to the end, so parts must not be longer; each
shorter part would sound like the end of a sentence."""

COMMANDS_IN_TEXT = re.compile(r"\[\[|\]\]|</?[a-zA-Z][^<>]*>")
"""espeak-ng reads [[phonemes]], `say` obeys [[commands]], and markup must not be spoken."""

WORD = re.compile(r"[^\W_]")


def portions(text: str) -> list[str]:
    """Return the sentences of a text, without its markup; a long sentence in several parts."""
    plain = COMMANDS_IN_TEXT.sub(" ", text)
    return [sentence for sentence in SENTENCE.findall(plain) if WORD.search(sentence)]
