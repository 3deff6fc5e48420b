"""Alarms and reminders at a time of day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from voice_assistant.server.skills import clock, dates
from voice_assistant.server.skills.reply import FRESH, Answer, NotUnderstood
from voice_assistant.server.skills.timing import LENGTH, reminder
from voice_assistant.server.skills.which import cancelling, details

if TYPE_CHECKING:
    from voice_assistant.server.skills.reply import Asked, Match


def alarm(asked: Asked) -> Answer:
    """For "Wake me up at seven", "remind me at 5 pm to call mom"."""
    match = asked.match
    task = match.text("task")
    if len(match.values("minutes")) != 1 or LENGTH.search(task):
        raise NotUnderstood
    halves = set(match.texts("half")) - {"sharp"}
    if len(halves) > 1 or len(match.texts("day")) + len(match.texts("weekday")) > 1:
        raise NotUnderstood
    half = "sharp" if "sharp" in match.texts("half") else next(iter(halves), "")
    when = clock.next_time(
        asked.now,
        match.value("minutes"),
        half,
        _day(match, asked.now.date()),
        morning=bool(match.text("morning")),
    )
    if when is None:
        return Answer("That time is over. Nothing is set.")
    said = f"{dates.clock(when)} {dates.soon(when, asked.now)}"
    text = reminder(task) if task else f"It is {dates.clock(when)}."
    timer = asked.timers.add_at(when, task, text)
    heard = "" if asked.timers.listening else " It only rings while voice-assistant is running."
    done = f"I will remind you at {said}: {task}" if task else f"Alarm set for {said}"
    return Answer(
        f"{done}{'' if done[-1] in '.!?' else '.'}{heard}",
        ("What alarms are set?", cancelling(timer)),
        "timer",
        {**details([timer]), FRESH: "set"},
    )


def _day(match: Match, today: dt.date) -> dt.date | None:
    """The day that was said."""
    if days := match.text("day"):
        if int(days) < 0:
            raise NotUnderstood
        return today + dt.timedelta(days=int(days))
    if weekday := match.text("weekday"):
        ahead = (dates.WEEKDAYS.index(weekday) - today.weekday()) % 7
        return today + dt.timedelta(days=ahead or 7)
    return None
