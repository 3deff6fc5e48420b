"""Several wishes in one utterance: "set a timer for ten minutes and tell me the time"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from voice_assistant.server.skills.words import plain

if TYPE_CHECKING:
    from voice_assistant.server.skills.matcher import Matcher

BETWEEN = re.compile(
    r"(?:,?\s+(?:and|then)|(?:[.?;]|(?<!\d)!)(?:\s+(?:and|then))?)(?:\s+(?:then|also))?\s+",
    re.IGNORECASE,
)
"""Where one wish may end and the next begin; "4! minus 2" is one."""

GREETING = re.compile(
    r"\W*(?:hello|hi|hey|good (?:morning|afternoon|evening|day)|thanks|thank you(?: very much)?)"
    r"(?: there)?\b\W+(?:and\s+)?",
    re.IGNORECASE,
)
MOST = 3
"""Wishes in one utterance."""

NO_WISHES = ("yes", "no", "enough", "repeat", "hello", "courtesy")
"""Intents that say nothing beside another one, or mean what was before."""

ABOUT_DAYS = ("date", "weekday_of", "days_until")
DAY_ASKED_FOR = re.compile(r"\b(?:what|which|when|how|date|day)\b", re.IGNORECASE)
"""In a wish about a day; "and tomorrow" may belong to the wish before."""

ASKING = (
    *("open_program", "open_page", "list_clear", "note_remove"),
    *("timer_how_long", "timer_unclear", "alarm_when", "remind_when"),
)
"""Intents that ask something first: of several wishes one may, and it is obeyed last."""


class Wish(NamedTuple):
    """A wish by itself."""

    words: str
    intent: str


def wishes(question: str, matcher: Matcher) -> list[Wish]:
    """Return the wishes of which a question consists that is none as a whole; [] if it does not.

    A greeting before them is left out.
    """
    greeting = GREETING.match(question)
    rest = question[greeting.end() :] if greeting else question
    if greeting and (wish := _wish(rest, matcher)):
        return [wish]
    found = sorted(_apart(rest, matcher, MOST), key=_asks)
    return found if sum(map(_asks, found)) <= 1 else []


def _apart(question: str, matcher: Matcher, most: int) -> list[Wish]:
    for place in BETWEEN.finditer(question) if most > 1 else ():
        rest = question[place.end() :]
        first = _wish(question[: place.start()], matcher)
        if first is None or plain(rest).text.isdigit():  # "at eight and nine" is of one wish
            continue
        if last := _wish(rest, matcher) or _wish(f"and {rest}", matcher):
            return [first, last]
        if others := _apart(rest, matcher, most - 1):
            return [first, *others]
    return []


def _wish(words: str, matcher: Matcher) -> Wish | None:
    understood = matcher.wish(words)
    if understood is None or understood.match.intent in NO_WISHES:
        return None
    intent = understood.match.intent
    if intent in ABOUT_DAYS and not DAY_ASKED_FOR.search(words):
        return None
    return Wish(words, intent)


def _asks(wish: Wish) -> bool:
    return wish.intent in ASKING
