"""The marks that end a sentence, and what shows that one goes on behind them."""
# ruff: noqa: RUF001 - the punctuation of Chinese and of print is meant

from __future__ import annotations

import re

from voice_assistant.text.abbreviations import awaits_word, is_part
from voice_assistant.text.blocks import LONGEST_FORMULA, OPENED, is_unclosed
from voice_assistant.text.sentence_length import CJK

MARKS = "[.!?…؟۔।॥։།။。！？｡]+"
"""Full stops, question marks and exclamation marks, of all scripts."""

_CITATION = (
    r"\[(?:\^|cite: ?)?\d[\d,; ^–-]*\]|【\d[^】\n]*】|\^\d{1,3}\^|\ue200[^\ue201\s]{0,200}\ue201"
)
# „Ja!“ closes with what opens “Yes!”; a French quotation has a space before its end.
_CLOSING_QUOTE = r"(?:[“«]|[ \u00a0\u202f]?»)(?=[\s.,;:)*_]|\Z)"
CLOSERS = rf"(?:[\"'”’)\]}}*_~`」』）】》〉¹²³⁴-⁹⁰]|={{2}}(?!=)|{_CLOSING_QUOTE}|{_CITATION})*"
"""Quotation marks, brackets, sources and signs of Markdown that belong to the sentence."""

_CITATION_BEGUN = re.compile(
    r"(?:\[(?:\^|c|ci|cit|cite|cite: ?)?[\d,; ^–-]*|【[^】\n]*|\^\d*|={1,2}|\ue200[^\ue201\s]*)\Z"
)
_ENDING = re.compile(rf"\n|(?P<marks>{MARKS}){CLOSERS}")
_FOLLOWING = re.compile(r"[ \t\u00a0\u202f(]*")
_FULL_WIDTH = frozenset("。！？｡")

_OPERATORS = frozenset("=≈≠≤≥+×÷/&|→")  # 7! = 5040
_CODE = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
KNOWN = 60
"""Letters that tell what follows a full stop."""


def ends_by_marks(text: str, found: re.Match[str], *, final: bool) -> bool | None:
    """Return whether a sentence ends with marks that were found; None: more must be known.

    Args:
        text: the text, from before the sentence on.
        found: the marks, as the group "marks", and the signs that close with them.
        final: whether the text goes no further.
    """
    marks, end = found["marks"], found.end()
    if not final and len(text) - end < KNOWN and _CITATION_BEGUN.match(text, end):
        return None
    blanks = _FOLLOWING.match(text, end)
    following_at = blanks.end() if blanks else end
    following = text[following_at : following_at + KNOWN]
    if not following:
        return True if final else None
    if _FULL_WIDTH & set(marks):
        return True
    before = text[: found.start("marks") + len(marks)]
    if not final and following.isalpha() and awaits_word(before):
        return None
    if not text[end].isspace():
        ended = marks[-1] in "!?" or (marks == "." and CJK.match(before[-2:]))
        return bool(ended and CJK.match(text, end))
    inside = following[0].islower() or following[0] in _OPERATORS
    return not (inside or (marks == "." and is_part(before, following)))


def may_be_complete(text: str) -> bool:
    """Return whether a text that stops here could end with a complete sentence."""
    ends = _ENDING.finditer(text, max(0, len(text) - KNOWN))
    return any(found.end() == len(text) for found in ends) and not _goes_on(text)


def _goes_on(text: str) -> bool:
    """Return whether a text that stops here is probably not complete."""
    if len(text) > LONGEST_FORMULA or text[-2:-1].isdigit() or is_part(text, " "):
        return True
    if _in_code(text):
        return True
    return any(is_unclosed(text, found) for found in OPENED.finditer(text))


def _in_code(text: str) -> bool:
    """Return whether a text ends within code, as in "Run `git add . && git push`."""
    return "`" in _CODE.sub("", text)
