"""Words that are kept as they are: what to be reminded of, what to spell.

They are no command. Numbers in them are not read, courtesies not cut off, signs not replaced:
"call 0170 123 4567" is no sum, and "say thank you" is not polite.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from voice_assistant.server.skills import reminding

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACE = "verbatim"
"""What stands in the command for the words."""

REMINDER = re.compile(
    r"(?P<before>.*\b(?:the (?:next )?(?:\w+ )?reminder|stop reminding me"
    r"|(?:do not|don['\u2019]?t|never) remind me))(?P<to>\s+to\s+)"
    r"(?P<words>\S.*?)(?:,?\s+(?:any\s?more|any longer)\W*)?",
    re.IGNORECASE | re.DOTALL,
)
SPELL = re.compile(
    r"(?P<before>(?:.*\s)?"
    r"(?:spell|how (?:do|would|can) (?:you|i|we) spell|how to spell|the spelling of))"
    r"(?P<to>\s+)(?:(?:the|this) words?\s*:?\s+)?(?P<words>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
SPELLED = re.compile(
    r"(?P<before>how is)(?P<to>\s+)(?:the word\s+)?(?P<words>\S.*?)"
    r"(?P<after>\s+(?:spelled|spelt|written))\W*",
    re.IGNORECASE | re.DOTALL,
)
COUNTED = re.compile(
    r"(?:how many|count (?:the )?)\s*(?:"
    r"(?P<kind>letters|vowels|consonants)|(?:(?:of the )?letters?\s+)?(?P<one>[a-z])['\u2019]s"
    r"|times\s+(?:does|is)\s+(?:the\s+)?(?:letter\s+)?(?P<letter>[a-z])\s*"
    r"(?:appear|occur|come up)?)\s+(?:(?:are|is)\s+)?(?:there\s+)?(?:in|does|do)\s+"
    r"(?:the\s+)?(?:(?:word|name)\s+)?"
    r"(?P<words>\S.*?)(?:\s+(?:have|has|contain))?\W*",
    re.IGNORECASE,
)
LIST = r"(?:the\s+|my\s+|our\s+)?(?:(?:shopping|grocery|groceries|to[\s-]?do|task)\s+)?list"
POLITE = r"(?:,?\s+(?:please|for me|thanks|thank you|now))?"
ADD = re.compile(
    r"(?P<before>(?:.*\s)?(?:add|put|write))(?P<to>\s+)(?P<words>\S.*?)"
    rf"(?P<after>\s+(?:to|on|onto|in)\s+{LIST}(?:\s+instead)?){POLITE}\W*",
    re.IGNORECASE | re.DOTALL,
)
ADD_TO = re.compile(
    rf"(?P<before>(?:.*\s)?(?:add|put)\s+(?:to|on|onto)\s+{LIST})(?P<to>\W+)(?P<words>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
REMOVE = re.compile(
    r"(?P<before>(?:.*\s)?(?:remove|delete|take|cross))(?P<to>\s+)(?P<words>\S.*?)"
    rf"(?P<after>\s+(?:from|off)\s+{LIST}){POLITE}\W*",
    re.IGNORECASE | re.DOTALL,
)
OFF = re.compile(
    r"(?P<before>(?:.*\s)?(?:cross|tick|check|strike|mark)(?:\s+off)?)(?P<to>\s+)(?P<words>\S.*?)"
    r"(?P<after>(?:\s+(?:off|as\s+(?:done|bought|finished)))?)\W*",
    re.IGNORECASE | re.DOTALL,
)
IS_ON = re.compile(
    r"(?P<before>(?:.*\s)?(?:is there|is|are(?!\s+you\b)|do i have|have i put))(?P<to>\s+)"
    rf"(?P<words>\S.*?)(?P<after>\s+on\s+{LIST}){POLITE}\W*",
    re.IGNORECASE | re.DOTALL,
)
NOTE = re.compile(
    r"(?P<before>(?:.*\s)?(?:(?:take|make|write)(?:\s+down)?\s+a\s+note|(?:write|jot)\s+down|(?:new\s+)?note(?:\s+down)?"
    r"|remember\s+that|remember(?=\s+my\b)))"
    r"(?P<to>\W+)(?:to\s+(?:my)?self\W+)?(?:(?:that|of|to|saying)\s+)?(?P<words>\S.*)",
    re.IGNORECASE | re.DOTALL,
)

PAGE = re.compile(
    r"(?P<before>(?:.*\s)?(?:open|go\s+to|visit)(?:\s+the\s+(?:page|site|website))?)(?P<to>\s+)"
    r"(?P<words>(?:https?://)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/\S*)?)\W*",
    re.IGNORECASE | re.DOTALL,
)
CHOOSE = re.compile(
    r"(?:(?:hey|so|okay|ok|please|(?:can|could|will|would)\s+you)\W+)*"
    r"(?:help\s+(?:me|us)\s+(?:to\s+)?)?(?:randomly\s+)?(?:choose|pick|decide|select)(?!\s+up\b)"
    r"(?:(?:\s+(?:for\s+)?(?:me|us))?(?:\s+(?:one|something|randomly|at\s+random))?"
    r"\s+(?:between|from|of|either)\b|(?:\s+for\s+me)?(?:\s+(?:one|something))?\s*:|\s+(?:one|either)\b(?:\s+for\s+(?:me|us)\b)?"
    r"|\s+(?:someone|somebody)\s*:|\s+an?\s+\w+\s+(?:from|of|out\s+of)\b|(?=\s.*\sor\s))"
    r"\W*(?P<words>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
SHOULD = re.compile(
    r"(?:(?:hey|so|okay|ok|well|please|tell\s+me|do\s+you\s+think)\W+)*"
    r"(?:(?:what|which(?:\s+\w+)?|where)\s+should\s+(?:i|we)\s+\w+\s*[,:?]|should\s+(?:i|we))\s+"
    r"(?P<words>\S.*\bor\s.*)",
    re.IGNORECASE | re.DOTALL,
)
EITHER = re.compile(
    r"(?:either\s+)?(?P<words>\w+(?:\s\w+)?(?:,\s\w+(?:\s\w+)?)*,?\sor\s\w+(?:\s\w+)?)"
    r"(?:[,:]?\s(?:you\s(?:choose|decide|pick)|which\sone|your\schoice))?\W*",
    re.IGNORECASE,
)
"""Words to choose from by themselves: "pizza or pasta"."""

CHOICES = {"choose between": CHOOSE, "should i": SHOULD, "either": EITHER}
ITEMS = (ADD, REMOVE, OFF, IS_ON)
"""In these a "please" beside the words is no part of them."""

END = " \t\n.!?\u2026"
ABBREVIATED = re.compile(r"\b[a-z]\.[a-z]\.\s*$", re.IGNORECASE)
QUOTES = "\"'\u201c\u201d\u2018\u2019\u00ab\u00bb"
PLEASE = re.compile(
    r"(?<=\S),? (?:please|for me|thanks|thank you)$|^please[,:]?\s+(?!and\b)(?=\S)", re.IGNORECASE
)
PLEASE_BEFORE = re.compile(r"^please\s*:\s*(?=\S)", re.IGNORECASE)


class Command(NamedTuple):
    """A way to read a question.

    Attributes:
        text: the question; `PLACE` stands for what is kept verbatim.
        words: what is kept; "" if nothing is.
    """

    text: str
    words: str


def commands(question: str) -> Iterator[Command]:
    """Yield the ways to read a question, the likeliest first."""
    if match := SPELLED.fullmatch(question) or SPELL.fullmatch(question):
        words = PLEASE.sub("", match["words"].strip(END))
        yield _command(match, words.strip(QUOTES) or words, match.groupdict().get("after") or "")
    if match := COUNTED.fullmatch(question.strip()):
        what = match["kind"] or match["one"] or match["letter"]
        yield Command(f"letters of {PLACE} {what}", match["words"].strip(QUOTES))
    for entry in (ADD, ADD_TO, REMOVE, OFF, IS_ON, NOTE, PAGE, REMINDER):
        if match := entry.fullmatch(question):
            polite = PLEASE if entry in ITEMS else PLEASE_BEFORE
            words = polite.sub("", _trimmed(match["words"]))
            yield _command(match, words, match.groupdict().get("after") or "")
    for begin, when, task in reminding.parts(question):
        yield Command(f"{begin} {when} to {PLACE}", _trimmed(task))
    yield Command(question, "")
    for wish, pattern in CHOICES.items():
        if match := pattern.fullmatch(question.strip()):
            yield Command(f"{wish} {PLACE}", PLEASE.sub("", _trimmed(match["words"])))


def _trimmed(words: str) -> str:
    """Return the words without the full stop of the sentence; that of "a.m." stays."""
    return words.strip() if ABBREVIATED.search(words) else words.strip(END) or words.strip()


def _command(match: re.Match[str], words: str, after: str = "") -> Command:
    return Command(f"{match['before']}{match['to']}{PLACE}{after}", words)
