"""Times of day in words: "quarter past six", "7:30 pm", "noon"; and the next such time."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from voice_assistant.server.skills import numbers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

ALARMS = frozenset(("alarm", "alarms", "wake", "remind", "reminder", "timer"))
"""Words beside which a number may be a time of day."""

MARK = "oclock"
"""Follows a time of day in plain words; the number before it counts minutes since midnight."""

HALVES = {"am": "am", "a.m": "am", "pm": "pm", "p.m": "pm"}
NAMED = {"noon": 12 * 60, "midday": 12 * 60, "midnight": 0}
BEFORE = ("at", "for", "by", "around", "to", "until", "till")
PARTS = {"quarter": 15, "half": 30}
HOURS, MINUTES = 24, 60
NIGHT = 5
"""From this hour on "at night" is before midnight."""

MORNING = range(4, 12)
"""Hours at which people wake up, or mean by "tomorrow at seven"."""


class Time(NamedTuple):
    """A time of day as it was said.

    Attributes:
        minutes: since midnight.
        half: "am", "pm", "sharp" (of 24 hours), or "" where it may be either half of the day.
        end: where the words behind it begin.
    """

    minutes: int
    half: str
    end: int


def with_clock_times(words: Sequence[str]) -> list[str]:
    """Return the words, each time of day as "390 oclock am" or "1170 oclock sharp"."""
    found: list[str] = []
    at = 0
    while at < len(words):
        time = _read(words, at, named=bool(found) and found[-1] in BEFORE)
        if time is None:
            found.append(words[at])
            at += 1
        else:
            found += [str(time.minutes), MARK, *filter(None, [time.half])]
            at = time.end
    return found


def _read(words: Sequence[str], at: int, *, named: bool) -> Time | None:
    """Return the time that begins at `words[at]`; None if none does.

    Args:
        words: all of them.
        at: where to read.
        named: a word before tells that a time follows, so that "seven" may be one.
    """
    word = words[at]
    if word in NAMED and (at == 0 or words[at - 1] != "after"):
        return Time(NAMED[word], "sharp", at + 1)
    time = _written(word, at) or _past(words, at) or _spoken(words, at)
    if time is None:
        return None
    whole = _with_half(time, words)
    is_certain = (
        whole.end > time.end
        or ":" in word
        or words[time.end - 1] == "o'clock"
        or _is_past(words, at)
    )
    return whole if named or is_certain else None


def _written(word: str, at: int) -> Time | None:
    """For "7:30"."""
    hours, colon, minutes = word.partition(":")
    if not (colon and hours.isdigit() and minutes.isdigit() and len(minutes) == 2):  # noqa: PLR2004
        return None
    return _time(int(hours), int(minutes), at + 1, written=len(hours) == 2 and hours[0] == "0")  # noqa: PLR2004


def _past(words: Sequence[str], at: int) -> Time | None:
    """For "quarter past six", "ten to five", "half past seven"."""
    if words[at] in ("a", "the"):
        at += 1
    if at >= len(words):
        return None
    if words[at] in PARTS:
        count, at = PARTS[words[at]], at + 1
    elif (found := _whole(words, at)) and found[0] < MINUTES:
        count, at = found
        at += words[at : at + 1] in (["minutes"], ["minute"])
    else:
        return None
    way = words[at] if at < len(words) else ""
    hour = _whole(words, at + 1) if way in ("past", "after", "to", "before") else None
    if hour is None or not 1 <= hour[0] <= 12 or _is_length(words, hour[1]):  # noqa: PLR2004
        return None
    if way in ("past", "after"):
        return _time(hour[0], count, hour[1])
    return _time((hour[0] - 2) % 12 + 1, MINUTES - count, hour[1])


def _is_past(words: Sequence[str], at: int) -> bool:
    return _past(words, at) is not None and words[at] in (*PARTS, "a")


def _spoken(words: Sequence[str], at: int) -> Time | None:
    """For "seven", "seven thirty", "7 o'clock", "nineteen hundred" is none."""
    hour = _whole(words, at)
    if hour is None:
        return None
    minutes = _whole(words, hour[1])
    if minutes and 10 <= minutes[0] < MINUTES and not _is_length(words, minutes[1]):  # noqa: PLR2004
        return _time(hour[0], minutes[0], minutes[1])
    if hour[0] > 100 and words[at].isalpha() and not _is_length(words, hour[1]):  # noqa: PLR2004  ("eleven thirty", read as a year)
        return _time(*divmod(hour[0], 100), hour[1])
    if hour[1] < len(words) and words[hour[1]] in ("o'clock", MARK):
        return _time(hour[0], 0, hour[1] + 1)
    return None if _is_length(words, hour[1]) else _time(hour[0], 0, hour[1])


def _whole(words: Sequence[str], at: int) -> tuple[int, int] | None:
    if at >= len(words) or words[at] == "minus" or not words[at].isalnum():
        return None
    found = numbers.read(words, at)
    if found is None or found[0].denominator != 1:
        return None
    return found[0].numerator, found[1]


def _is_length(words: Sequence[str], at: int) -> bool:
    """Return whether the number before is a length of time: "for ten minutes"."""
    units = ("second", "minute", "hour", "day", "week", "month", "percent", "point")
    return at < len(words) and words[at].removesuffix("s") in units


def _time(hour: int, minutes: int, end: int, *, written: bool = False) -> Time | None:
    if not (0 <= hour < HOURS and 0 <= minutes < MINUTES):
        return None
    sharp = written or not 1 <= hour <= 12  # noqa: PLR2004
    return Time(hour * MINUTES + minutes, "sharp" if sharp else "", end)


def _with_half(time: Time, words: Sequence[str]) -> Time:
    """Return the time with the half of the day that is said behind it: "p m", "pm", "p.m."."""
    rest = words[time.end : time.end + 2]
    for length in (1, 2):
        if half := HALVES.get("".join(rest[:length])):
            return Time(time.minutes, "sharp" if time.half else half, time.end + length)
    return time


def next_time(
    now: dt.datetime, minutes: Fraction, half: str, day: dt.date | None, *, morning: bool
) -> dt.datetime | None:
    """Return the next such time, as local time without a zone; None if it is over.

    Args:
        now: the local time.
        minutes: since midnight.
        half: as in `Time`.
        day: on which day; None for the next one.
        morning: of the two halves of the day the morning is meant, if one is.
    """
    hour, minute = divmod(int(minutes), MINUTES)
    hours = {
        "sharp": [hour],
        "am": [hour % 12],
        "pm": [hour % 12 + 12],
        "evening": [hour % 12 + 12],
        "night": [hour % 12 + (12 if hour % 12 >= NIGHT else 0)],
    }.get(half, [hour % 12, hour % 12 + 12])
    if len(hours) > 1 and (morning or day):
        hours = hours[:1] if hours[0] in MORNING else hours[1:] if day else hours
    local = now.replace(tzinfo=None)
    days = [day] if day else [local.date(), local.date() + dt.timedelta(days=1)]
    times = [dt.datetime.combine(one, dt.time(h, minute)) for one in days for h in hours]
    return min((time for time in times if time > local), default=None)
