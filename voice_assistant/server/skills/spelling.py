"""Answers about words: how they are spelled, how many letters they have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from voice_assistant.server.skills.reply import Answer, NotUnderstood
from voice_assistant.text.letters import capitalised

if TYPE_CHECKING:
    from voice_assistant.server.skills.reply import Asked

SIGNS = {"'": "apostrophe", "\u2019": "apostrophe", "-": "hyphen"}
MOST_WORDS = 3
VOWELS = frozenset("aeiou")
ALPHABET = "abcdefghijklmnopqrstuvwxyz"
OTHER_WORDS = frozenset(
    ("my", "your", "his", "her", "our", "their", "this", "that", "it", "a", "an")
)
"""Begin what is described, and not said itself: "my name"."""


def spell(asked: Asked) -> Answer:
    """For "Spell necessary"."""
    words = asked.match.text("word").split()
    parts = [part for word in words for part in re.split(r"['\u2019-]", word)]
    if len(words) > MOST_WORDS or not words or not all(part.isalpha() for part in parts):
        raise NotUnderstood
    spelled = ", space, ".join(map(_letters, words))
    text = " ".join(words)
    return Answer(
        f"{capitalised(text)} is spelled {spelled}.",
        ("Repeat that", "Spell necessary" if words != ["necessary"] else "Spell receive"),
    )


def _letters(word: str) -> str:
    """Return a word as "D-O-N, apostrophe, T"."""
    return ", ".join(
        SIGNS.get(part) or "-".join(part.upper()) for part in re.split(r"(['\u2019-])", word)
    )


def letters(asked: Asked) -> Answer:
    """For "How many letters in banana", "how many r's are in strawberry"."""
    word, what = asked.match.text("word"), asked.match.text("letters")
    counted = word.lower()
    if counted.split()[-1:] == ["alphabet"]:
        word, counted = "the English alphabet", ALPHABET
    words = counted.split()
    if not 0 < len(words) <= MOST_WORDS or words[0] in OTHER_WORDS or "and" in words:
        raise NotUnderstood
    found = [letter for letter in counted if letter.isalpha()]
    if not found or any(letter.isdigit() for letter in counted):
        raise NotUnderstood
    suggestions = (f"Spell {word}",) if counted != ALPHABET else ()
    if what in ALPHABET:
        times = found.count(what)
        often = {1: "once", 2: "twice"}.get(times, f"{times} times")
        text = f"{capitalised(word)} has the letter {what.upper()} {often}."
        if not times:
            text = f"{capitalised(word)} has no letter {what.upper()}."
        return Answer(text, suggestions)
    number = sum(_is_one(letter, what) for letter in found)
    count = f"{number or 'no'} {what.removesuffix('s') if number == 1 else what}"
    return Answer(f"{capitalised(word)} has {count}.", suggestions)


def _is_one(letter: str, what: str) -> bool:
    return what == "letters" or (letter in VOWELS) == (what == "vowels")
