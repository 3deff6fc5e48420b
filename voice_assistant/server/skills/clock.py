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

HALVES = ("am", "pm")
NAMED = {"noon": 12 * 60, "midday": 12 * 60, "midnight": 0}
BEFORE = ("at", "for", "by", "around", "to", "until", "till")
PARTS = {"quarter": 15, "half": 30}
HOURS, MINUTES = 24, 60
NIGHT = 5
"""From this hour on "at night" is before midnight."""

SOON = dt.timedelta(hours=3)
"""A time that is so near may be meant though it is in the night."""


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
    time = _written(word, at) or _past(words, at) or _digits(words, at) or _spoken(words, at)
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


def _digits(words: Sequence[str], at: int) -> Time | None:
    """For "0630" and "730"; "a timer for 100" is no time of day."""
    word = words[at]
    if not (word.isdecimal() and len(word) in (3, 4)) or "timer" in words:
        return None
    if _is_length(words, at + 1):
        return None
    return _time(int(word[:-2]), int(word[-2:]), at + 1, written=word[0] == "0")


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
        half = "".join(rest[:length])
        if half in HALVES:
            return Time(time.minutes, "sharp" if time.half else half, time.end + length)
    return time


def next_time(
    now: dt.datetime,
    minutes: Fraction,
    half: str,
    days: Sequence[dt.date],
    *,
    day_begins: int = 0,
    morning: bool = False,
) -> dt.datetime | None:
    """Return the next such time, as local time without a zone; None if it is over.

    Args:
        now: the local time.
        minutes: since midnight.
        half: as in `Time`.
        days: the days that may be meant; none for the next such time.
        day_begins: the hour before which nobody is meant to be called, where it may be either half
            of the day: with 7, "tomorrow at five" is in the afternoon, and so is "at two", asked
            for in the evening.
        morning: the half is meant that the day begins with, also if the other one is sooner; "at
            two", which is in neither, is as without it.
    """
    local = now.replace(tzinfo=None)
    hours = _hours(int(minutes) // MINUTES, half)
    meant = _days(days, local, at_night=half == "night" and hours[0] < NIGHT)
    times = [time for time in _times(meant, hours, minutes) if time > local]
    if len(hours) > 1 and (days or (morning and hours[0] >= day_begins)):
        wanted = [time for time in times if day_begins <= time.hour < day_begins + 12]
    elif len(hours) > 1:
        wanted = [time for time in times if time.hour >= day_begins or time - local <= SOON]
    else:
        wanted = times
    return min(wanted or times, default=None)


def _days(said: Sequence[dt.date], now: dt.datetime, *, at_night: bool) -> Sequence[dt.date]:
    """Return the days on which a time can be that was `said` to be on these.

    The night of a day ends on the next one; that of today may be the one that is ending.
    """
    today = [now.date()]
    following = [day + dt.timedelta(days=1) for day in said or today]
    if not said:
        return today + following
    if not at_night:
        return said
    return today + following if [*said] == today and now.hour < NIGHT else following


def nearest_time(
    now: dt.datetime, minutes: Fraction, half: str, day: dt.date | None, to: dt.datetime
) -> dt.datetime | None:
    """Return the time that is nearest to another one, and not over; None if all are.

    Where the half of the day was said, another one of the same day comes first.

    Args:
        now: the local time.
        minutes: since midnight.
        half: as in `Time`.
        day: on which day; None for any.
        to: the other time, local, without a zone.
    """
    if day:
        days, to = [day], dt.datetime.combine(day, to.time())
    else:
        days = [to.date() + dt.timedelta(days=days) for days in (-1, 0, 1)]
    times = _times(days, _hours(int(minutes) // MINUTES, half), minutes)
    coming = [time for time in times if time > now.replace(tzinfo=None)]
    return min(
        coming,
        key=lambda time: (half != "" and time.date() != to.date(), abs(time - to), time < to),
        default=None,
    )


def _hours(hour: int, half: str) -> list[int]:
    """Return the hours that are meant, of 24."""
    morning, evening = hour % 12, hour % 12 + 12
    return {
        "sharp": [hour],
        "am": [morning],
        "pm": [evening],
        "evening": [evening],
        "night": [evening if morning >= NIGHT else morning],
    }.get(half, [morning, evening])


def _times(days: Sequence[dt.date], hours: list[int], minutes: Fraction) -> list[dt.datetime]:
    minute = int(minutes) % MINUTES
    return [dt.datetime.combine(day, dt.time(hour, minute)) for day in days for hour in hours]
