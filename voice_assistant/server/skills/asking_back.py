"""Wishes that lack something: it is asked for, and the answer completes the wish."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from voice_assistant.server.skills import alarms, recurring
from voice_assistant.server.skills.choosing import named_of
from voice_assistant.server.skills.correction import CORRECTION
from voice_assistant.server.skills.lengths import duration
from voice_assistant.server.skills.named_days import MONTHS, WEEKDAYS, days_said
from voice_assistant.server.skills.reply import (
    FRESH,
    GAP,
    MORE,
    MOVE,
    PROGRAMS,
    Answer,
    NotUnderstood,
)
from voice_assistant.server.skills.tasks import REGULARLY
from voice_assistant.server.skills.words import plain

if TYPE_CHECKING:
    from voice_assistant.server.skills.matcher import Matcher
    from voice_assistant.server.skills.reply import Asked, Memory

LENGTHS = ("Five minutes", "Ten minutes", "Half an hour")
TIMES = ("At 7 AM", "At noon", "At 6 PM")
BEFORE = re.compile(r"\W*(?:(?:for|in|at|on|about|to|make it)\s+)?")
PARTS = {
    "am": "in the morning",
    "pm": "in the afternoon",
    "evening": "in the evening",
    "night": "at night",
}
"""How a half of the day is said beside a time."""

TASKLESS = "remind me {}"
TASK = re.compile(r"\W*(?:to|that|about|of)\s+\S", re.IGNORECASE)
"""Begins an answer to "Of what, and when?"."""
HALF = re.compile(
    r"\W*(?P<time>[ap]\.?m|(?:in )?the (?:morning|afternoon|evening)|at night)\W*", re.IGNORECASE
)
"""A half of the day, with which a time is corrected."""

INSTEAD = re.compile(
    r"\W*(?:(?:remind|wake) me(?: up)? )?(?P<time>\w.*?),? instead\W*", re.IGNORECASE
)
AND = re.compile(
    r"\W*(?:and|also|and also|plus)\s+(?P<words>\w[\w ]*?)(?: too| as well)?\W*", re.IGNORECASE
)
FILLINGS = ("in {}", "at {}", "{}")
"""How an answer may stand in a wish: "ten minutes" is "in ten minutes" to be reminded."""


def how_long(asked: Asked) -> Answer:
    """For "Set a timer": asks how long."""
    name = asked.match.text("name")
    timer = f"{name} timer" if name else "timer"
    if bare := asked.match.values("bare"):
        if bare[0] <= 0 or bare[0].denominator != 1:
            raise NotUnderstood
        short, long = duration(float(bare[0])), duration(float(bare[0] * 60))
        return _asked(f"For {long}, or {short}?", (long, short), f"set a {timer} for {{}}")
    return _asked("For how long?", LENGTHS, f"set a {timer} for {{}}")


def at_what_time(asked: Asked) -> Answer:
    """For "Set an alarm", "wake me up tomorrow": asks when, unless it comes every two hours."""
    rule = recurring.rule_of(asked.match, asked.now.date())
    if rule and recurring.length_s(rule):
        return alarms.alarm(asked)
    if asked.match.text("repeating") and not rule:
        raise NotUnderstood
    on = recurring.said(rule) if rule else _on_day(asked)
    wish = f"set an alarm {on} {{}} {PARTS.get(alarms.half_said(asked.match), '')}"
    return _asked("For what time?", TIMES, " ".join(wish.split()))


def _on_day(asked: Asked) -> str:
    match days_said(asked.match, asked.now.date()):
        case (day,):
            return f"on {MONTHS[day.month - 1]} {day.day}"
        case (day, _):  # which of them, the time will tell
            return f"on {WEEKDAYS[day.weekday()]}"
    return ""


def remind_when(asked: Asked) -> Answer:
    """For "Remind me to buy milk": asks when."""
    task = asked.match.text("task")
    if REGULARLY.search(task):
        raise NotUnderstood
    if bare := asked.match.values("bare"):
        if bare[0] <= 0 or bare[0].denominator != 1:
            raise NotUnderstood
        short, long = (f"in {duration(float(bare[0] * unit))}" for unit in (60, 3600))
        wish = f"remind me {{}} to {task}" if task else TASKLESS
        return _asked(f"Do you mean {short}, or {long}?", (short, long), wish)
    if not task:
        text = "Of what, and when? Say: remind me at 5 PM to call mom."
        return _asked(text, ("Remind me at 5 PM to call mom",), TASKLESS)
    return _asked(f"When shall I remind you to {task}?", TIMES, f"remind me {{}} to {task}")


def completed(question: str, memory: Memory, matcher: Matcher) -> str:
    """Return the wish that an answer completes; "" if nothing was asked for, or not that."""
    names = memory.details.get(PROGRAMS, "").splitlines()
    if name := named_of(question, names):
        return f"open {name}"
    wish = memory.details.get(GAP, "")
    if wish == TASKLESS and TASK.match(question):
        return _filled(wish, question)
    answer = BEFORE.sub("", question.lower(), count=1).rstrip(".!? ")
    for filling in FILLINGS if wish else ():
        time = filling.format(answer)
        match = matcher.match(plain(f"remind me {time} to x"))
        if match and match.intent in ("remind", "alarm") and match.text("task") == "x":
            return _filled(wish, answer if "timer" in wish else time)
    return _moved(question, memory, matcher) or _more(question, memory, matcher)


def _more(question: str, memory: Memory, matcher: Matcher) -> str:
    """Return the wish that does the same with other words: "and eggs", "no, butter"."""
    if memory.details.get(FRESH) != "listed" or matcher.wish(question):
        return ""
    wish = memory.details[MORE]
    if more := AND.fullmatch(question.strip()):
        return _filled(wish, more["words"])
    if other := CORRECTION.fullmatch(question.strip()):
        return f"{_filled(wish, other['value'])} instead"
    return ""


def _moved(question: str, memory: Memory, matcher: Matcher) -> str:
    """Return the wish that sets an alarm to another time: "no, at eight", "in the morning"."""
    correction = CORRECTION.fullmatch(question.strip())
    time = correction["value"] if correction else ""
    if found := HALF.fullmatch(question) or INSTEAD.fullmatch(question):
        time = found["time"]
    if not time or MOVE not in memory.details:
        return ""
    wish = _filled(memory.details[MOVE], BEFORE.sub("", time.lower(), count=1))
    match = matcher.match(plain(wish))
    return wish if match and match.intent == "alarm_change" else ""


def _filled(wish: str, words: str) -> str:
    """Return the wish with these words in its gap; what the user said may have braces, too."""
    return wish.replace("{}", words, 1)


def _asked(text: str, suggestions: tuple[str, ...], wish: str) -> Answer:
    return Answer(text, suggestions, "timer", {GAP: wish})
