"""The language that a text's letters tell."""

from __future__ import annotations

import re

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
