"""Full stops that end no sentence: those of abbreviations, ordinals and a list's numbers."""
# ruff: noqa: RUF001, RUF003 - Cyrillic letters are meant

from __future__ import annotations

import re
import unicodedata

# The word before a full stop that is a part of the word.
_ABBREVIATION = re.compile(
    r"""(?: (?<![^\W\d_]) (?: dr | mr | mrs | ms | prof | st | mt | gen | sen | rep | gov | capt
                | lt | col | sgt | rev | hon | v | vs | cf | approx | esp | incl | excl
                | e\.g | i\.e | jan | feb | aug | sept | oct | nov | dec
                | bzw | ca | ggf | inkl | nr | mio | mrd | vgl | z | d
                | mme | mlle | sr | sra | av | aprox
                | ул | г-н | г-жа | им | просп | напр | акад )
          | (?<![\w°]) (?<!\d[ ]) EE
        ) \.$""",
    re.IGNORECASE | re.VERBOSE,
)
# J. Smith, А. С. Пушкин, the whole of U.S.; no 20 °C. A letter may have an accent of its own.
_INITIAL = re.compile(r"(?<![\w°])(?<!\d[ ])(?P<letter>[^\W\d_])[\u0300-\u036f]*\.$")
_CAPITALS = frozenset({"Lu", "Lt"})
_LIST_NUMBER = re.compile(
    r"[\s>*+#_-]* (?: Q?\d{1,9} (?:\.\d{1,3})* | [A-Za-z] | [IVX]+ ) [*_]* \.$", re.VERBOSE
)
# Words whose full stop may end a sentence: the next word decides.
_NUMBERED = re.compile(
    r"""(?<![^\W\d_]) (?: no | nos | fig | vol | p | pp | ch | sec | art | eq | c | al | ext
                | op | ep | min | max | mar | apr | jun | jul | ft | lbs? | hrs?
                | abb | abs | kap | tel | \w*str | env | ок | рис | табл | гл
                | стр | ст | с | д | кв | корп | оф | тел | руб ) \.$""",
    re.IGNORECASE | re.VERBOSE,
)
_PART_OF_SPEECH = re.compile(r"\b(?:n|vi|vt|adj|adv|prep|conj|pron)\.$")  # adj. 快的
_DAY = re.compile(r"(?<!\w)\d{1,2}\.$")  # am 3. Mai
_MONTH = re.compile(
    r"(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
    r"|Jahrhunderts?)\b"
)
_ORDINAL = re.compile(
    r"\b(?:de[mnrs]|die|das|im|vom|zu[mr]|beim|(?<!I )am)\s\d{1,3}\.$", re.IGNORECASE
)
_HOUR = re.compile(r"\b[ap]\.\s?m\.$", re.IGNORECASE)
_ZONE = re.compile(r"[A-Z]{2,4}\b|[\u2013\u2014-]")  # 3 p.m. EST, 3 p.m. - tea
_LONGEST = 48
"""Letters before a full stop that are enough to decide."""

_PARTS = (
    (_NUMBERED, re.compile(r"\d")),
    (_PART_OF_SPEECH, re.compile(r"[\u3400-\u9fff]")),
    (_DAY, _MONTH),
    (_ORDINAL, re.compile(r"[^\W\d_]")),
    (_HOUR, _ZONE),
)


def is_part(before: str, following: str) -> bool:
    """Return whether the full stop that ends `before` is a part of its last word.

    Args:
        before: the sentence so far, from its begin.
        following: the text behind the full stop, without white space at its begin.
    """
    word = before[-_LONGEST:]
    if any(part.search(word) and rest.match(following) for part, rest in _PARTS):
        return True
    if _ABBREVIATION.search(word) or _is_initial(word):
        return True
    return len(before) <= 2 * _LONGEST and bool(_LIST_NUMBER.fullmatch(before))


def awaits_word(before: str) -> bool:
    """Return whether `is_part` needs the complete next word: a month, or a time zone."""
    word = before[-_LONGEST:]
    return bool(_DAY.search(word) or _HOUR.search(word))


def _is_initial(word: str) -> bool:
    """Return whether a word ends with one capital letter, of any alphabet, and a full stop."""
    found = _INITIAL.search(word)
    return found is not None and unicodedata.category(found["letter"]) in _CAPITALS
