"""Full stops that end no sentence: those of abbreviations, ordinals and a list's numbers."""

from __future__ import annotations

import re

# Before a full stop: the word of which it is a part.
_ABBREVIATION = re.compile(
    r"""(?: (?<![^\W\d_]) (?: dr | mr | mrs | ms | prof | st | mt | gen | sen | rep | gov | capt
                | lt | col | sgt | rev | hon | v | vs | cf | approx | esp | incl | excl
                | e\.g | i\.e | jan | feb | aug | sept | oct | nov | dec
                | bzw | ca | ggf | inkl | nr | mio | mrd | vgl | z | d
                | mme | mlle | sr | sra | av | aprox )
          | (?<![\w°]) (?<!\d[ ]) (?-i: [A-Z] | EE )  # J. Smith, the whole of U.S.; no 20 °C
        ) \.$""",
    re.IGNORECASE | re.VERBOSE,
)
_LIST_NUMBER = re.compile(
    r"[\s>*+#_-]* (?: Q?\d{1,9} (?:\.\d{1,3})* | [A-Za-z] | [IVX]+ ) [*_]* \.$", re.VERBOSE
)
# Where it depends on what follows.
_NUMBERED = re.compile(
    r"""(?<![^\W\d_]) (?: no | nos | fig | vol | p | pp | ch | sec | art | eq | c | al | ext
                | op | ep | min | max | mar | apr | jun | jul | ft | lbs? | hrs?
                | abb | abs | kap | tel | \w*str | env | ок ) \.$""",
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
_PARTS = (
    (_NUMBERED, re.compile(r"\d")),
    (_PART_OF_SPEECH, re.compile(r"[\u3400-\u9fff]")),
    (_DAY, _MONTH),
    (_ORDINAL, re.compile(r"[^\W\d_]")),
    (_HOUR, _ZONE),
)


def is_part(before: str, following: str) -> bool:
    """Whether the full stop that ends `before` is part of its last word.

    Args:
        before: the sentence so far, from its begin.
        following: what comes next, without white space before it.
    """
    if any(part.search(before) and rest.match(following) for part, rest in _PARTS):
        return True
    return bool(_ABBREVIATION.search(before) or _LIST_NUMBER.fullmatch(before))


def awaits_word(before: str) -> bool:
    """Whether all of the next word must be known for that: a month, or a time zone."""
    return bool(_DAY.search(before) or _HOUR.search(before))
