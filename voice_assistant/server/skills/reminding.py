"""Finds what to be reminded of in a wish, and when, whichever of them is said first.

What to be reminded of is kept as it was said: it is no command. All ways of saying it ("set a
reminder", "don't let me forget") become one, so that the templates deal with the time alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

WISH = re.compile(
    r"\b(?:remind (?:me|us)"
    r"|(?:(?:set|create|add|make|give|get|need|want|schedule)\s+(?:up\s+)?(?:me\s+|us\s+)?)?"
    r"(?:(?:a|an|another|one)\s+)?(?:new\s+)?(?:(?P<often>hourly|daily|weekly|monthly"
    r"|yearly|recurring|repeating)\s+)?reminder"
    r"|(?:do not|don['\u2019]?t|never) let (?:me|us) forget"
    r"|(?:i|we) (?:need|want|have) to remember|(?:i|we) must remember"
    r"|(?:alert|notify|ping|nudge|warn) (?:me|us)|tell me(?=\s+(?:in|at)\b))\b",
    re.IGNORECASE,
)
"""The ways to ask for a reminder."""

WAKE = re.compile(r"\bwake me(?:\s+up)?\b", re.IGNORECASE)

TO = re.compile(
    r"\s(?:(?P<not>not\s+to)|to(?!\s+(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b)"
    r"|that|about|of)\s+(?=\S)",
    re.IGNORECASE,
)
"""Stands between the wish, with or without the time, and the task."""

WHEN = re.compile(
    r"(?:^|[\s,]+)(?=(?:in|at|on|by|after|this|next|tomorrow|tonight|today|every|each|once"
    r"|everyday|nightly|fortnightly|hourly|daily|weekly|monthly|yearly|annually|weekdays|weekends|workdays"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?:\S+\s+){1,7}from now)\b)",
    re.IGNORECASE,
)
"""Where the time may begin that stands before the wish or behind the task."""

TIMELESS = re.compile(r"(?!.*\b(?:in|at|noon|midnight)\b)\D+", re.IGNORECASE | re.DOTALL)
"""A day without a time."""

HANGING = re.compile(
    r"\b(?:and|or|but|not|until|till|since|from|except|unless|starting|beginning)\W*$",
    re.IGNORECASE,
)
"""Ends what is no whole task: the time behind it is a part of it, as in "wait until Friday"."""

AT = re.compile(
    r"[\s,]+(?P<time>at (?!home\b|work\b|the\b|\S+'s\b)\S+(?:\s\S+){0,4}?)\W*$", re.IGNORECASE
)
"""A time at the end of a task."""

DUE = re.compile(r"(?:be|meet|arrive|appear|join|attend|pick up)\b", re.IGNORECASE)
"""Begins a task whose time is its own: who is reminded then is late."""

COURTESY = re.compile(r",?\s*\bplease\b,?", re.IGNORECASE)
"""May stand between the time and the rest."""


def parts(question: str) -> Iterator[tuple[str, str, str]]:
    """Yield the ways to read a wish: how it begins, the time, and the task; the likeliest first.

    The time is "" where none was found; most of the ways make no sense.
    """
    for wish, canonical in ((WISH, "remind me"), (WAKE, "wake me up")):
        if found := wish.search(question):
            before, rest = question[: found.start()], question[found.end() :]
            often = found.groupdict().get("often") or ""
            for head, when, task in _orders(before, rest):
                yield f"{head} {canonical}", COURTESY.sub(" ", f"{often} {when}"), task


def _orders(before: str, rest: str) -> Iterator[tuple[str, str, str]]:
    tos = list(TO.finditer(rest))
    if tos and not COURTESY.sub("", rest[: tos[0].start()]).strip(" ,"):
        task = _task(rest, tos[0])
        for when in WHEN.finditer(task):  # the time behind the task
            if not HANGING.search(task[: when.start()]):
                yield before, task[when.end() :], task[: when.start()]
        for when in WHEN.finditer(before):  # the time before the wish
            yield before[: when.start()], before[when.end() :], task
    for to in tos:  # the day before the task, the time behind it: "tomorrow to call Ann at three"
        day, task = rest[: to.start()], _task(rest, to)
        if TIMELESS.fullmatch(day) and (at := AT.search(task)) and not DUE.match(task):
            yield before, f"{day} {at['time']}", task[: at.start()]
    for to in reversed(tos):  # the time before the task: "at ten to five to call" has two "to"
        yield before, rest[: to.start()], _task(rest, to)


def _task(rest: str, to: re.Match[str]) -> str:
    return f"{to['not'] + ' ' if to['not'] else ''}{rest[to.end() :]}"
