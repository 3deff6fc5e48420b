"""Alarms and reminders at a time of day: moved to another one, or left out once."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING

from voice_assistant.server.skills import clock, recurring
from voice_assistant.server.skills.alarms import half_said, set_at
from voice_assistant.server.skills.cancelling import cancelled
from voice_assistant.server.skills.choosing import chosen, which_one
from voice_assistant.server.skills.lengths import seconds_of
from voice_assistant.server.skills.named_days import days_said
from voice_assistant.server.skills.reply import Answer, NotUnderstood
from voice_assistant.server.skills.which import (
    cancelling,
    comes_next,
    details,
    is_regular,
    named,
    none,
    rings_at,
    the,
)
from voice_assistant.text.letters import capitalised

if TYPE_CHECKING:
    from voice_assistant.server.skills.reply import Asked
    from voice_assistant.server.store.timer import Timer

OVER = "That time is over. Nothing is changed."
OTHER_DAYS = "That would be on other days. Nothing is changed."


def change(asked: Asked) -> Answer:
    """For "Change the alarm to eight": the other alarm is set before the old one goes."""
    match = asked.match
    alarms = [timer for timer in asked.timers.list() if timer.clock_time]
    if often := match.text("regular"):
        alarms = [one for one in alarms if is_regular(one, often)]
    if old := match.values("old"):
        alarms = [one for one in alarms if rings_at(one, int(old[0]), match.text("old_half"))]
        alarms = _talked_of(asked, alarms) or alarms
    if not alarms:
        return none(asked, "alarm")
    alarms = chosen(asked, alarms) or alarms
    if len(alarms) > 1:
        return which_one(asked, alarms, "change")
    (timer,) = alarms
    if timer.rule or recurring.is_said(match):
        return _series_changed(asked, timer)
    half, days = half_said(match), days_said(match, asked.now.date())
    before, minutes = dt.datetime.fromisoformat(timer.clock_time), _minutes(asked, timer)
    near = (clock.nearest_time(asked.now, minutes, half, day, before) for day in days or (None,))
    when = next(filter(None, near), None)
    if when is None:
        return Answer(OVER)
    guessed = not half and bool(match.values("minutes"))
    answer = set_at(asked, when, timer.name, guessed=guessed)
    asked.timers.cancel(timer.id)
    return answer


def _series_changed(asked: Asked, timer: Timer) -> Answer:
    """Move what comes again and again to another time, or to other days; the rest stays."""
    match, today = asked.match, asked.now.date()
    rule = recurring.rule_of(match, today) or timer.rule
    if not recurring.is_said(match) and days_said(match, today):
        text = f"{capitalised(the(timer))} comes {recurring.said(rule)}. Nothing is changed."
        return Answer(text, (f"Skip {the(timer)}", cancelling(timer)), "timer", details([timer]))
    if recurring.length_s(rule):
        raise NotUnderstood
    half, before = half_said(match), dt.datetime.fromisoformat(timer.clock_time)
    long_ago = asked.now - dt.timedelta(days=2)
    when = clock.nearest_time(long_ago, _minutes(asked, timer), half, None, before) or before
    guessed = not half and bool(match.values("minutes"))
    return _series_at(asked, timer, rule, when.time(), guessed=guessed)


def _minutes(asked: Asked, timer: Timer) -> Fraction:
    """Return the minutes since midnight that were said; without any, those of the timer."""
    before = dt.datetime.fromisoformat(timer.clock_time)
    minutes = asked.match.values("minutes") or (Fraction(before.hour * 60 + before.minute),)
    if len(minutes) > 1:
        raise NotUnderstood
    return minutes[0]


def _series_at(asked: Asked, timer: Timer, rule: str, time: dt.time, *, guessed: bool) -> Answer:
    before = dt.datetime.fromisoformat(timer.clock_time) if rule == timer.rule else None
    when = recurring.next_at(rule, time, asked.now.replace(tzinfo=None), before)
    answer = set_at(asked, when, timer.name, rule, guessed=guessed)
    asked.timers.cancel(timer.id)
    return answer


def shift(asked: Asked) -> Answer:
    """For "Make it an hour later", "postpone the reminder by ten minutes"."""
    seconds = seconds_of(asked.match)
    alarms = [timer for timer in asked.timers.list() if timer.clock_time]
    alarms = _talked_of(asked, alarms) or alarms
    alarms = chosen(asked, alarms) or alarms
    if not seconds or not alarms:
        raise NotUnderstood
    if len(alarms) > 1:
        return which_one(asked, alarms, "change")
    (timer,) = alarms
    before = dt.datetime.fromisoformat(timer.clock_time)
    when = before + dt.timedelta(seconds=-seconds if asked.match.text("earlier") else seconds)
    if timer.rule and when.date() != before.date():
        return Answer(OTHER_DAYS)
    if timer.rule:
        return _series_at(asked, timer, timer.rule, when.time(), guessed=False)
    if when <= asked.now.replace(tzinfo=None):
        return Answer(OVER)
    answer = set_at(asked, when, timer.name, guessed=False)
    asked.timers.cancel(timer.id)
    return answer


def skip(asked: Asked) -> Answer:
    """For "Skip the next alarm", "cancel tomorrow's alarm": leaves out one time of a series."""
    match, timers = asked.match, list(asked.timers.list())
    timers = _talked_of(asked, timers) if match.text("known") else named(timers, match, 0)
    if on := match.text("on") or match.text("whose"):
        day = asked.now.date() + dt.timedelta(days=int(on))
        timers = [one for one in timers if _day_of(one, asked.now) == day]
    if match.text("known") and not timers:
        raise NotUnderstood
    if match.text("cancel"):
        timers = timers if on else timers[:1]
    else:
        timers = [timer for timer in timers if timer.rule] or timers
    picked = chosen(asked, timers)
    if len(timers) > 1 and not picked:
        return which_one(asked, timers, "skip")
    answers = [_skipped(asked, timer) for timer in picked or timers]
    if len(answers) > 1:
        return Answer(" ".join(answer.text for answer in answers), (), "timer", details(picked))
    return answers[0] if answers else Answer("There is none. Nothing is changed.")


def _skipped(asked: Asked, timer: Timer) -> Answer:
    if timer.rule:
        timer = asked.timers.skip(timer)
        text = f"Skipped once. {comes_next(timer, asked.now)}."
    elif asked.match.text("cancel"):
        return cancelled(asked, [timer])
    else:
        text = f"{capitalised(the(timer))} rings once only. Nothing is changed."
    return Answer(text, ("What alarms are set?", cancelling(timer)), "timer", details([timer]))


def _day_of(timer: Timer, now: dt.datetime) -> dt.date:
    return dt.datetime.fromtimestamp(timer.due, now.tzinfo).date()


def _talked_of(asked: Asked, timers: list[Timer]) -> list[Timer]:
    return [one for one in timers if one.id == asked.memory.details.get("timer")]
