"""Alarms and reminders at a time of day."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from typing import TYPE_CHECKING

from voice_assistant.server.skills import clock, dates
from voice_assistant.server.skills.lengths import duration, seconds_of
from voice_assistant.server.skills.named_days import days_said
from voice_assistant.server.skills.reply import FRESH, MOVE, Answer, NotUnderstood
from voice_assistant.server.skills.timing import (
    ANOTHER_WISH,
    LENGTH,
    REGULARLY,
    TWO_TIMES,
    reminder,
    unheard,
)
from voice_assistant.server.skills.which import cancelling, details, none, rings_at, which_one
from voice_assistant.system import local_time
from voice_assistant.text.number_words import SMALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.server.skills.reply import Asked, Match
    from voice_assistant.server.store.timers import Timer


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


def alarm(asked: Asked) -> Answer:
    """For "Wake me up at seven", "remind me at 5 pm to call mom"."""
    match = asked.match
    task = match.text("task")
    if ANOTHER_WISH.search(task) or REGULARLY.search(task):
        raise NotUnderstood
    if LENGTH.search(task) or ANOTHER_TIME.search(task):
        return Answer(TWO_TIMES)
    days = days_said(match, asked.now.date())
    minutes, half = _minutes(asked, _half(match), days)
    likely = match.text("likely") or ("reminder" if task else "")
    when = clock.next_time(
        *(asked.now, minutes, half, days),
        day_begins=DAY_BEGINS[likely],
        morning=likely == "morning",
    )
    if when is None:
        return Answer("That time is over. Nothing is set.")
    return _set(asked, when, task, guessed=not half)


def change(asked: Asked) -> Answer:
    """For "Change the alarm to eight": the other alarm is set before the old one goes."""
    match = asked.match
    alarms = [timer for timer in asked.timers.list() if timer.clock_time]
    if old := match.values("old"):
        alarms = [one for one in alarms if rings_at(one, int(old[0]), match.text("old_half"))]
        alarms = _talked_of(asked, alarms) or alarms
    if not alarms:
        return none(asked, "alarm")
    if len(alarms) > 1:
        return which_one(alarms, "change")
    (timer,) = alarms
    before = dt.datetime.fromisoformat(timer.clock_time)
    half, days = _half(match), days_said(match, asked.now.date())
    minutes = match.values("minutes") or (Fraction(before.hour * 60 + before.minute),)
    if len(minutes) > 1:
        raise NotUnderstood
    near = (clock.nearest_time(asked.now, minutes[0], half, day, before) for day in days or (None,))
    when = next(filter(None, near), None)
    if when is None:
        return Answer("That time is over. Nothing is changed.")
    guessed = not half and bool(match.values("minutes"))
    answer = _set(asked, when, timer.name, guessed=guessed)
    asked.timers.cancel(timer.id)
    return answer


def shift(asked: Asked) -> Answer:
    """For "Make it an hour later", "postpone the reminder by ten minutes"."""
    seconds = seconds_of(asked.match)
    alarms = [timer for timer in asked.timers.list() if timer.clock_time]
    alarms = _talked_of(asked, alarms) or alarms
    if not seconds or not alarms:
        raise NotUnderstood
    if len(alarms) > 1:
        return which_one(alarms, "change")
    (timer,) = alarms
    by = dt.timedelta(seconds=-seconds if asked.match.text("earlier") else seconds)
    when = dt.datetime.fromisoformat(timer.clock_time) + by
    if when <= asked.now.replace(tzinfo=None):
        return Answer("That time is over. Nothing is changed.")
    answer = _set(asked, when, timer.name, guessed=False)
    asked.timers.cancel(timer.id)
    return answer


def _talked_of(asked: Asked, alarms: list[Timer]) -> list[Timer]:
    return [one for one in alarms if one.id == asked.memory.details.get("timer")]


def time_until(asked: Asked) -> Answer:
    """For "How long until 5 PM"."""
    minutes, half = _minutes(asked, _half(asked.match), ())
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


def _half(match: Match) -> str:
    """Return the half of the day that was said, as in `clock.Time`.

    Raises:
        NotUnderstood: two were said.
    """
    halves = frozenset(match.texts("half")) - {"sharp"}
    if "sharp" in match.texts("half"):
        early = all(minutes < clock.NIGHT * clock.MINUTES for minutes in match.values("minutes"))
        return "night" if early and halves == {"night"} else "sharp"  # "tonight at midnight"
    if len(halves) > 1 and halves not in SAID_TWICE:
        raise NotUnderstood
    return SAID_TWICE.get(halves) or next(iter(halves), "")


def _set(asked: Asked, when: dt.datetime, task: str, *, guessed: bool) -> Answer:
    """Set it; where the half of the day was `guessed`, the other one is offered."""
    said = f"{dates.clock(when)} {dates.soon(when, asked.now)}"
    kind = "reminder" if task else "alarm"
    other = f"Make it {dates.clock(when + dt.timedelta(hours=12))}"
    text = reminder(task) if task else f"It is {dates.clock(when)}."
    timer = asked.timers.add_at(when, task, text)
    done = f"I will remind you at {said}: {task}" if task else f"Alarm set for {said}"
    return Answer(
        f"{done}{'' if done[-1] in '.!?' else '.'}{unheard(asked)}",
        (f"What {kind}s are set?", *([other] if guessed else []), cancelling(timer)),
        "timer",
        {**details([timer]), FRESH: "set", MOVE: f"change the {dates.clock(when)} alarm to {{}}"},
    )
