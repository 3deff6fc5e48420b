"""The language that a text is written in."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

SCRIPTS = {
    "el": "\u0370-\u03ff",
    "ru": "\u0400-\u04ff",
    "he": "\u0590-\u05ff",
    "ar": "\u0600-\u06ff",
    "hi": "\u0900-\u097f",
    "th": "\u0e00-\u0e7f",
    "ja": "\u3040-\u30ff\u4e00-\u9fff",
    "ko": "\uac00-\ud7af",
    "zh": "\u4e00-\u9fff",
}
"""Languages of which the letters tell enough to choose a voice. Japanese has Chinese characters,
too, but no sentence without others."""

_SYLLABLES = {"ja", "ko", "zh"}
_LETTERS_A_SYLLABLE = 3
_SHARE = 1 / 3
"""A text with more of such letters is one of that language, with foreign names in it: its voices
read Latin words in their way, those of Latin languages read no others."""

_GREEK = SCRIPTS["el"]
_OTHERS = "".join(letters for letters in SCRIPTS.values() if letters != _GREEK)
_WORD = rf"(?:[{_OTHERS}]+|[{_GREEK}]{{3,}})"
_QUOTED = re.compile(rf"({_WORD}(?:[\W\d]*{_WORD})*)")
"""Words in a row. A Greek letter or two are signs of mathematics: voices have names for them."""

_A_NAME = 2
"""Words that a voice of another script is left to read in its way."""

_LATIN = {
    *("af", "ca", "cs", "cy", "da", "de", "en", "es", "et", "eu", "fi", "fr", "ga", "hr", "hu"),
    *("id", "is", "it", "lt", "lv", "nl", "no", "pl", "pt", "ro", "sk", "sl", "sq", "sv", "sw"),
    *("tr", "vi"),
}
"""Languages in Latin letters that espeak-ng speaks, less those that are hard to tell from another
of these (Bosnian, Malay)."""

_SURE = 0.7
_READ = 2000
"""So many letters tell enough."""


def script_of(text: str) -> str:
    """The language that the text's letters tell; "" for Latin ones, and where in doubt."""
    letters = sum(map(str.isalpha, text))
    kana = re.search("[\u3040-\u30ff]", text)
    for language, letters_of in SCRIPTS.items():
        if language == "ja" and not kana:
            continue
        own = len(re.findall(f"[{letters_of}]", text))
        weight = _LETTERS_A_SYLLABLE if language in _SYLLABLES else 1
        if own * weight > (letters - own + own * weight) * _SHARE:
            return language
    return ""


def in_scripts(sentence: str) -> list[str]:
    """A sentence in parts that one voice can read: that of a word in other letters is another."""
    parts = _QUOTED.split(sentence)  # every other one is in Latin letters
    if script_of(sentence) and all(len(part.split()) <= _A_NAME for part in parts[::2]):
        return [sentence]
    return [part for part in parts if part]


def language_of(text: str) -> str:
    """The language of a text, by its letters or else its words; "" where in doubt.

    The first Latin text takes half a second: what knows the words is loaded (5 MB of a file, some
    70 MB of memory). So this is for a thread.
    """
    if language := script_of(text):
        return language
    language, certainty = _identifier().classify(text[:_READ])
    if certainty < _SURE:
        return ""
    return "nb" if language == "no" else language


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - see language_of

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_LATIN)
    return identifier
