"""Alarms and reminders at a time of day."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from typing import TYPE_CHECKING

from voice_assistant.server.skills import clock, dates, recurring
from voice_assistant.server.skills.lengths import duration
from voice_assistant.server.skills.named_days import MONTHS, WEEKDAYS, days_said
from voice_assistant.server.skills.reply import FRESH, MOVE, Answer, NotUnderstood
from voice_assistant.server.skills.tasks import (
    ANOTHER_WISH,
    LENGTH,
    REGULARLY,
    TWO_TIMES,
    reminder,
)
from voice_assistant.server.skills.timing import repeat, unheard
from voice_assistant.server.skills.which import cancelling, comes_next, details
from voice_assistant.system import local_time
from voice_assistant.text.number_words import SMALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.server.skills.reply import Asked, Match

UNTIMED = {"": 9 * 60, "am": 9 * 60, "pm": 15 * 60, "evening": 18 * 60, "night": 20 * 60}
"""Minutes since midnight at which a reminder for a day rings if no time was said, by the half."""


SAID_TWICE = {
    frozenset(("pm", "evening")): "pm",
    frozenset(("pm", "night")): "pm",
    frozenset(("am", "night")): "am",
}
"""The half of the day, where it was said in two ways: "at 7 pm in the evening"."""

DAY_BEGINS = {"": 4, "morning": 4, "reminder": 7}
"""The hour before which nobody is woken or reminded who does not say "in the morning"."""

LASTS = {"": 24, "am": 12, "pm": 18, "evening": 22, "night": 24}
"""The hour at which each half of the day is over, for a reminder without a time."""

ANOTHER_TIME = re.compile(
    rf"\bat (?:\d|noon|midnight|{'|'.join(SMALL[1:13])})\b.*\band\b", re.IGNORECASE | re.DOTALL
)
"""A time in what to be reminded of, with another thing to be reminded of behind it."""

TIME_IN_TASK = re.compile(r"\b(?:at (?:\d|noon\b|midnight\b)|from \d|between \d)", re.IGNORECASE)
DAY = rf"(?:the )?(?:\d+(?:st|nd|rd|th)\b|(?:{'|'.join((*WEEKDAYS, *MONTHS))})s?\b)"
DAY_IN_TASK = re.compile(
    rf"\b(?:^|of )the (?:day|week|month|year)\b|\bon {DAY}|\bin (?:{'|'.join(MONTHS)})\b"
    r"|\b(?:except|until|till|starting|beginning|unless|but not)\b|\bfrom \w+ on\b"
    r"|\bfor (?:the next |an? |\w+ )?(?:day|week|month|year)s?$",
    re.IGNORECASE,
)
"""In what to be reminded of again and again: a part of when that is, which was not understood."""


def alarm(asked: Asked) -> Answer:
    """For "Wake me up at seven", "remind me at 5 pm to call mom"."""
    match = asked.match
    task = match.text("task")
    if ANOTHER_WISH.search(task) or REGULARLY.search(task):
        raise NotUnderstood
    if LENGTH.search(task) or ANOTHER_TIME.search(task):
        return Answer(TWO_TIMES)
    rule = recurring.rule_of(match, asked.now.date())
    if (match.text("repeating") and not rule) or (rule and _has_more(match)):
        raise NotUnderstood
    if rule and (length_s := recurring.length_s(rule)):
        if match.values("minutes") or match.texts("half"):
            raise NotUnderstood
        return _set_already(asked, rule, task) or repeat(asked, length_s, task)
    return _at_time_of_day(asked, rule, task)


def _has_more(match: Match) -> bool:
    """Return whether what to be reminded of, again and again, has a part of when that is."""
    timeless = not match.values("minutes")
    task = match.text("task")
    return bool(DAY_IN_TASK.search(task) or (timeless and TIME_IN_TASK.search(task)))


def _at_time_of_day(asked: Asked, rule: str, task: str) -> Answer:
    match, today = asked.match, asked.now.date()
    days = recurring.days(rule, today) if rule else days_said(match, today)
    minutes, half = _minutes(asked, half_said(match), days)
    if rule and half == "night" and minutes % (12 * 60) < clock.NIGHT * 60:
        if rule != "FREQ=DAILY":  # the night of a Monday ends on a Tuesday
            raise NotUnderstood
        days = ()
    likely = match.text("likely") or ("reminder" if task else "")
    when = clock.next_time(
        *(asked.now, minutes, half, days),
        day_begins=DAY_BEGINS[likely],
        morning=likely == "morning",
    )
    if when is None:
        return Answer("That time is over. Nothing is set.")
    return _set_already(asked, rule, task, when) or set_at(
        asked, when, task, rule, guessed=not half
    )


def _set_already(
    asked: Asked, rule: str, task: str, when: dt.datetime | None = None
) -> Answer | None:
    """Return what is said where the same comes again and again already; None where it does not."""
    at = when and when.time()
    for timer in asked.timers.list() if rule else ():
        known = timer.clock_time and dt.datetime.fromisoformat(timer.clock_time).time()
        if (timer.name, timer.rule, known or None) == (task, rule, at):
            text = f"That is set already. {comes_next(timer, asked.now)}."
            return Answer(text, (cancelling(timer),), "timer", details([timer]))
    return None


def time_until(asked: Asked) -> Answer:
    """For "How long until 5 PM"."""
    minutes, half = _minutes(asked, half_said(asked.match), ())
    when = clock.next_time(asked.now, minutes, half, ())
    if when is None:
        raise NotUnderstood
    left = local_time.until(asked.now, when) // dt.timedelta(minutes=1)
    return Answer(f"{duration(left * 60)} until {dates.clock(when)}.", ("What time is it?",))


def _minutes(asked: Asked, half: str, days: Sequence[dt.date]) -> tuple[Fraction, str]:
    """Return the minutes since midnight that were said, and the half of the day.

    A reminder for a day without a time has a usual one; for today, when that is over, the next
    full hour.

    Raises:
        NotUnderstood: no time was said, or more than one.
    """
    match = asked.match
    minutes = match.values("minutes")
    if len(minutes) == 1:
        return minutes[0], half
    if minutes or not (days or half) or not match.text("task") or half not in UNTIMED:
        raise NotUnderstood
    usual = UNTIMED[half]
    soon = (asked.now + dt.timedelta(minutes=90)).hour * 60
    if [*days] == [asked.now.date()] and usual <= asked.now.hour * 60 + asked.now.minute < soon:
        usual = soon if soon < LASTS[half] * 60 else usual
    return Fraction(usual), "sharp"


def half_said(match: Match) -> str:
    """Return the half of the day that was said, as in `clock.Time`.

    Raises:
        NotUnderstood: two were said.
    """
    halves = frozenset((*match.texts("half"), *match.texts("each_half"))) - {"sharp"}
    if "sharp" in match.texts("half"):
        early = all(minutes < clock.NIGHT * clock.MINUTES for minutes in match.values("minutes"))
        return "night" if early and halves == {"night"} else "sharp"  # "tonight at midnight"
    if len(halves) > 1 and halves not in SAID_TWICE:
        raise NotUnderstood
    return SAID_TWICE.get(halves) or next(iter(halves), "")


def set_at(asked: Asked, when: dt.datetime, task: str, rule: str = "", *, guessed: bool) -> Answer:
    """Set it; where the half of the day was `guessed`, the other one is offered."""
    soon = dates.soon(when, asked.now)
    said = f"{dates.clock(when)} {soon}"
    kind = "reminder" if task else "alarm"
    other = f"Make it {dates.clock(when + dt.timedelta(hours=12))}"
    text = reminder(task) if task else f"It is {dates.clock(when)}."
    timer = asked.timers.add_at(when, task, text, rule)
    at = f"at {said}"
    if rule:
        said = f"{dates.clock(when)} {recurring.said(rule)}"
        at = f"{recurring.said(rule)} at {dates.clock(when)}"
    done = f"I will remind you {at}: {task}" if task else f"Alarm set for {said}"
    first = f" The first time is {soon}." if rule else ""
    if recurring.is_of_last_day(rule):
        first = f" In a shorter month it is the last day.{first}"
    return Answer(
        f"{done}{'' if done[-1] in '.!?' else '.'}{first}{unheard(asked)}",
        (f"What {kind}s are set?", *([other] if guessed else []), cancelling(timer)),
        "timer",
        {**details([timer]), FRESH: "set", MOVE: f"change the {dates.clock(when)} alarm to {{}}"},
    )
