"""The names of timers in answers, and the timer that a question means by a name."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from voice_assistant.server.skills import dates, recurring
from voice_assistant.server.skills.lengths import duration
from voice_assistant.server.skills.reply import Answer
from voice_assistant.text.letters import capitalised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.server.skills.reply import Asked, Match
    from voice_assistant.server.store.timer import Timer

PLURALS = (("s", ""), ("es", ""), ("ies", "y"), ("ves", "f"), ("ves", "fe"))
"""The endings of a plural, and those of its singular."""

PLURAL = re.compile(r"(?<=[a-z])s\b")
REMINDER = "You wanted to be reminded"


def the(timer: Timer) -> str:
    """Return "the pasta timer", "the 10 minute timer", "the daily 7:00 AM alarm"."""
    often = recurring.adjective(timer.rule)
    return f"the {often} {bare_name(timer)}" if often else f"the {bare_name(timer)}"


def bare_name(timer: Timer) -> str:
    """Return "pasta timer", "7:00 AM alarm": not how often it comes."""
    kind = kind_of(timer)
    if kind == "reminder":
        return f"reminder to {timer.name}"
    if timer.clock_time:
        return f"{dates.clock(dt.datetime.fromisoformat(timer.clock_time))} {kind}"
    return f"{timer.name or PLURAL.sub('', duration(timer.duration_s))} {kind}"


def kind_of(timer: Timer) -> str:
    """Return the kind: "timer", "alarm" or "reminder"."""
    if timer.name and timer.text.startswith(REMINDER):
        return "reminder"
    return "alarm" if timer.clock_time or timer.rule else "timer"


def remaining(timer: Timer, now: dt.datetime, *, listed: bool = False) -> str:
    """Return how long a timer still takes, or the time of an alarm."""
    if timer.rule and timer.left_s is None:
        return _often(timer, now) if listed else comes_next(timer, now)
    if timer.clock_time:
        at = dt.datetime.fromisoformat(timer.clock_time)
        when = dates.soon(at, now)
        if kind_of(timer) == "reminder":
            when = f"at {dates.clock(at)} {when}"
        name = the(timer)
        return f"{name} {when}" if listed else f"{capitalised(name)} is {when}"
    left = duration(round(left_s(timer, now)))
    if timer.left_s is not None:
        paused = f"paused with {left} left"
        name = the(timer)
        return f"{name}, {paused}" if listed else f"{capitalised(name)} is {paused}"
    return f"{the(timer)} with {left} left" if listed else f"{left} left on {the(timer)}"


def comes_next(timer: Timer, now: dt.datetime) -> str:
    """Return when something rings next that comes again and again."""
    at, then = _time_and_day(timer, now)
    return f"{capitalised(the(timer))} comes next {at}{then}"


def _often(timer: Timer, now: dt.datetime) -> str:
    at, then = _time_and_day(timer, now)
    often = " ".join(f"the {bare_name(timer)} {recurring.said(timer.rule)} {at}".split())
    return f"{often}, next {then}"


def _time_and_day(timer: Timer, now: dt.datetime) -> tuple[str, str]:
    """Return the time of day, where the name does not tell it, and the day, or what is left."""
    if not timer.clock_time:
        return "", f"in {duration(round(left_s(timer, now)))}"
    at = dt.datetime.fromisoformat(timer.clock_time)
    is_named = kind_of(timer) != "reminder"
    return "" if is_named else f"at {dates.clock(at)} ", dates.soon(at, now)


def left_s(timer: Timer, now: dt.datetime) -> float:
    """Return the seconds that a timer has left."""
    return max(timer.due - now.timestamp(), 0) if timer.left_s is None else timer.left_s


def cancelling(timer: Timer) -> str:
    """Return the follow-up that cancels a timer."""
    return f"Cancel {the(timer)}"


def details(timers: Sequence[Timer]) -> dict[str, str]:
    """Return what a follow-up needs to know of the timers that were just talked of."""
    one = {"timer": timers[0].id} if len(timers) == 1 else {}
    return {**one, "timers": " ".join(timer.id for timer in timers)}


def in_kind(timers: Sequence[Timer], kind: str) -> list[Timer]:
    """Return the timers of a kind; all of them if there are no timers but alarms and reminders."""
    found = [timer for timer in timers if kind in ("", kind_of(timer))]
    return found or (list(timers) if kind == "timer" else [])


def named(timers: Sequence[Timer], match: Match, seconds: float | None) -> list[Timer]:
    """Return the timers that are meant: by name, by length, by time of day, or all of them.

    Args:
        timers: all of them.
        match: what was asked.
        seconds: the length of time in it; 0 without one.
    """
    timers = in_kind(timers, match.text("kind")) if match.text("kind") != "timer" else timers
    if often := match.text("regular"):
        timers = [timer for timer in timers if is_regular(timer, often)]
    if task := match.text("task"):
        return [timer for timer in timers if timer.name.casefold() == task.casefold()]
    if minutes := match.values("minutes"):
        return [timer for timer in timers if rings_at(timer, int(minutes[0]), match.text("half"))]
    if name := match.text("name"):
        return with_name(timers, name)
    if seconds is None or seconds:
        return [timer for timer in timers if timer.duration_s == seconds and not timer.clock_time]
    if match.text("all"):
        return list(timers)
    return in_kind(timers, match.text("kind") or "timer")


def with_name(timers: Sequence[Timer], name: str) -> list[Timer]:
    """Return the timers of this name; where there is none, those of its singular or plural."""
    exact = [timer for timer in timers if timer.name.lower() == name]
    return exact or [timer for timer in timers if same_name(timer.name, name)]


def same_name(one: str, other: str) -> bool:
    """Return whether two names differ in nothing but being singular, plural or possessive."""
    return bool(_forms(one) & _forms(other))


def _forms(name: str) -> set[str]:
    """Return the name in lower case, and what its singular may be."""
    name = re.sub(r"(?<=\w)'s?$", "", name.lower())
    return {name, *(name[: -len(end)] + one for end, one in PLURALS if name.endswith(end))}


def is_regular(timer: Timer, often: str) -> bool:
    """Return whether something comes "DAILY", or the like, or again and again at all: "any"."""
    return timer.rule != "" and (often == "any" or often in timer.rule)


def rings_at(timer: Timer, minutes: int, half: str) -> bool:
    """Return whether an alarm rings at this time of day.

    Args:
        timer: perhaps an alarm.
        minutes: since midnight.
        half: as in `clock.Time`.
    """
    if not timer.clock_time:
        return False
    at = dt.datetime.fromisoformat(timer.clock_time)
    said = at.hour * 60 + at.minute
    if half == "sharp":
        return said == minutes
    if (said - minutes) % 720:
        return False
    return not half or (half == "pm") == (at.hour >= 12)  # noqa: PLR2004


def none(asked: Asked, kind: str = "") -> Answer:
    """Return the answer that there is no such timer, alarm or reminder."""
    if asked.timers.unread:
        return Answer("What was set before cannot be read from the disk. Try again later.")
    kind = kind or asked.match.text("kind") or "timer"
    if in_kind(asked.timers.list(), kind):
        which = f"such {kind}"
    else:
        which = "timer running" if kind == "timer" else f"{kind} set"
    more = "What timers are set?" if asked.timers.list() else "Set a timer for ten minutes"
    return Answer(f"There is no {which}.", (more, "What time is it?"), "timer")
