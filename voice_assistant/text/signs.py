"""Puts signs that voices cannot name into words: "~5" is "about 5", "20–30" is "20 to 30"."""
# ruff: noqa: RUF001, RUF002 - dashes and waves are meant

from __future__ import annotations

import re

WORDS = {
    "en": ("about {}", "{} to {}"),
    "af": ("ongeveer {}", "{} tot {}"),
    "ar": ("حوالي {}", "{} إلى {}"),
    "ca": ("uns {}", "{} a {}"),
    "cs": ("asi {}", "{} až {}"),
    "cy": ("tua {}", "{} i {}"),
    "da": ("cirka {}", "{} til {}"),
    "de": ("etwa {}", "{} bis {}"),
    "el": ("περίπου {}", "{} έως {}"),
    "es": ("unos {}", "{} a {}"),
    "et": ("umbes {}", "{} kuni {}"),
    "eu": ("{} inguru", "{} eta {} artean"),
    "fi": ("noin {}", "{} viiva {}"),
    "fr": ("environ {}", "{} à {}"),
    "ga": ("thart ar {}", "{} go {}"),
    "he": ("בערך {}", "{} עד {}"),
    "hi": ("लगभग {}", "{} से {}"),
    "hr": ("oko {}", "{} do {}"),
    "hu": ("körülbelül {}", "{} és {} között"),
    "id": ("sekitar {}", "{} sampai {}"),
    "is": ("um {}", "{} til {}"),
    "it": ("circa {}", "{} a {}"),
    "ja": ("約{}", "{}から{}"),
    "ko": ("약 {}", "{}에서 {}"),
    "lt": ("apie {}", "{} iki {}"),
    "lv": ("apmēram {}", "{} līdz {}"),
    "nb": ("omtrent {}", "{} til {}"),
    "nl": ("ongeveer {}", "{} tot {}"),
    "pl": ("około {}", "{} do {}"),
    "pt": ("cerca de {}", "{} a {}"),
    "ro": ("aproximativ {}", "{} până la {}"),
    "ru": ("примерно {}", "{} до {}"),
    "sk": ("asi {}", "{} až {}"),
    "sl": ("približno {}", "{} do {}"),
    "sq": ("rreth {}", "{} deri {}"),
    "sv": ("ungefär {}", "{} till {}"),
    "sw": ("takriban {}", "{} hadi {}"),
    "th": ("ประมาณ {}", "{} ถึง {}"),
    "tr": ("yaklaşık {}", "{} ila {}"),
    "vi": ("khoảng {}", "{} đến {}"),
    "zh": ("大约{}", "{}到{}"),
}
"""By language: the words for "about a number", and for a range of numbers."""

_MONEY = "[$€£¥₹₩]"
_UNIT = (
    r"(?:[ ]?(?:°[CF]?|%|‰|℃|[kKcm]?m|kg|g|h|s|€|元|円|분|초|分|秒|年|月|日|時|时|点|歳|岁|人|度))?"
)
_NUMBER = rf"{_MONEY}?[-−]?\d(?:[\d.,:]*\d)?"
_RANGE = re.compile(
    rf"(?<![\w.,/-])(?P<low>{_NUMBER}{_UNIT})"
    rf"(?:[ ]?[~～〜∼][ ]?|[–—])(?P<high>(?:{_MONEY})?\d(?:[\d.,:]*\d)?)(?![\d–—~])"
)
_IN_CJK = re.compile(
    rf"(?P<low>{_NUMBER}{_UNIT})(?:[ ]?[~～〜∼][ ]?|[–—])(?P<high>(?:{_MONEY})?\d(?:[\d.,:]*\d)?)"
)
_ABOUT = re.compile(rf"(?<![\w~～〜∼/])[~～〜∼∽≈][ ]?(?P<number>{_NUMBER})")
_WAVE = re.compile(r"[～〜∼∽]|(?<![\w/])~(?![/\w])|(?<=\w)~(?=[\s.,;:!?)。！？，]|$)|~(?=[^\W\d_])")
_SIGN = re.compile(r"[~～〜∼∽≈]|\d[^\W\d_%°]{0,2}[–—]")
_ABOUT_SAID = re.compile(
    r"(?:\babout|\baround|\broughly|approximately|etwa|ungefähr|rund|circa|\bca\.|environ|大约|大約|约|約"
    r"|대략|примерно|около|aproximadamente)[ ]?\Z",
    re.IGNORECASE,
)


def has_signs(text: str) -> bool:
    """Return whether the text has signs that `in_words` may change."""
    return bool(_SIGN.search(text))


def in_words(text: str, language: str) -> str:
    """Return the text with "~5" and "20–30" in the words of a language.

    Args:
        text: the text to speak.
        language: the language's code, such as "de"; an unknown language gets English words.
    """
    about, range_ = WORDS.get(language, WORDS["en"])
    ranges = _IN_CJK if language in {"ja", "ko", "zh"} else _RANGE
    text = ranges.sub(lambda found: range_.format(found["low"], found["high"]), text)

    def number(found: re.Match[str]) -> str:
        if _ABOUT_SAID.search(text[max(0, found.start() - 20) : found.start()]):
            return found["number"]
        return about.format(found["number"])

    return _WAVE.sub("", _ABOUT.sub(number, text))
