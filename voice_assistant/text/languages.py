"""Finds the language of a text."""

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
    "hy": "\u0530-\u058f",
    "ka": "\u10a0-\u10ff",
    "am": "\u1200-\u139f",
    "bn": "\u0980-\u09ff",
    "pa": "\u0a00-\u0a7f",
    "gu": "\u0a80-\u0aff",
    "or": "\u0b00-\u0b7f",
    "ta": "\u0b80-\u0bff",
    "te": "\u0c00-\u0c7f",
    "kn": "\u0c80-\u0cff",
    "ml": "\u0d00-\u0d7f",
    "si": "\u0d80-\u0dff",
    "lo": "\u0e80-\u0eff",
    "bo": "\u0f00-\u0fff",
    "my": "\u1000-\u109f",
    "km": "\u1780-\u17ff",
    "dv": "\u0780-\u07bf",
    "ja": "\u3040-\u30ff\u4e00-\u9fff",
    "ko": "\uac00-\ud7af",
    "zh": "\u4e00-\u9fff",
}
"""Languages whose letters are enough to choose a voice. Japanese also has Chinese characters, but
no sentence without other letters."""

_SYLLABLES = {"ja", "ko", "zh"}
_LETTERS_A_SYLLABLE = 3
_SHARE = 1 / 3
"""The share of such letters from which a text is of that language, with foreign names in it: the
language's voices can read Latin words, but voices of Latin languages cannot read other letters."""

_GREEK = SCRIPTS["el"]
_OTHERS = "".join(letters for letters in SCRIPTS.values() if letters != _GREEK)
_WORD = rf"(?:[{_OTHERS}]+|[{_GREEK}]{{3,}})"
_QUOTED = re.compile(rf"({_WORD}(?:[\W\d]*{_WORD})*)")
"""Words in a row. One or two Greek letters are signs of mathematics: voices have names for them."""

_A_NAME = 2
"""The most Latin words in a row that a voice of another script reads itself."""

_LATIN = {
    *("af", "ca", "cs", "cy", "da", "de", "en", "es", "et", "eu", "fi", "fr", "ga", "hr", "hu"),
    *("id", "is", "it", "lt", "lv", "nl", "no", "pl", "pt", "ro", "sk", "sl", "sq", "sv", "sw"),
    *("tr", "vi"),
}
"""Languages in Latin letters that espeak-ng speaks, except those that are hard to distinguish from
another one (Bosnian, Malay)."""

_SURE = 0.7
_READ = 2000
"""Letters that are enough to find the language."""


def script_of(text: str) -> str:
    """Return the language of the text's letters; "" for Latin letters, and in doubt."""
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


_JAPANESE = re.compile(
    "[\u3040-\u30ff]|Japan|japon|giappon|\u042f\u043f\u043e\u043d", re.IGNORECASE
)
_CHINESE = re.compile(
    "Chin|Mandarin|Cantonese|Taiwan|Hong Kong|\u041a\u0438\u0442\u0430", re.IGNORECASE
)


def language_of_han(words: str, around: str) -> str:
    """Return "zh" or "ja" for words in Chinese characters alone.

    Args:
        words: the words to read.
        around: the text around the words. If it names neither language, characters decide that only
            one country's character set contains; in doubt the words are Chinese.
    """
    if _JAPANESE.search(around):
        return "ja"
    if _CHINESE.search(around) or not _is_in("shift_jis", words):
        return "zh"
    return "zh" if _is_in("gb2312", words) else "ja"


def _is_in(charset: str, words: str) -> bool:
    try:
        words.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def in_scripts(sentence: str) -> list[str]:
    """Return the parts of a sentence; one voice can read each part."""
    parts = _QUOTED.split(sentence)  # every other one is in Latin letters
    if script_of(sentence) and all(len(part.split()) <= _A_NAME for part in parts[::2]):
        return [sentence]
    return [part for part in parts if part]


def language_of(text: str) -> str:
    """Return the language of a text, by its letters, or else by its words; "" in doubt.

    The first Latin text takes half a second: a model of words is loaded (a file of 5 MB, some 70 MB
    of memory). So call this in a thread.
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
