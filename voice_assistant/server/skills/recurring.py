"""How often something comes: what was said, as a recurrence rule of RFC 5545, and back in words."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING

from voice_assistant.server.skills.lengths import duration
from voice_assistant.server.skills.named_days import (
    DAYS,
    MONTHS,
    MOVING,
    OFTEN,
    WEEKDAYS,
    named_day,
)
from voice_assistant.server.skills.reply import NotUnderstood
from voice_assistant.server.store import recurrence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.server.skills.reply import Match

LENGTHS_S = {"SECONDLY": 1, "MINUTELY": 60, "HOURLY": 3600}
"""What comes after a length of time, whatever the clock shows."""

UNITS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
ADJECTIVES = {"DAILY": "daily", "WEEKLY": "weekly", "MONTHLY": "monthly", "YEARLY": "yearly"}
CODES = [day[:2].upper() for day in WEEKDAYS]
WORKDAYS = ",".join(CODES[:5])
SETS = {WORKDAYS: "weekday", "SA,SU": "weekend"}
MOST = 100
"""The longest step in days, weeks, months or years."""

SHORTEST_MONTH = 28


def is_said(match: Match) -> bool:
    """Return whether it was said how often."""
    return any(slot in OFTEN for slot, _ in match.slots)


def rule_of(match: Match, today: dt.date) -> str:
    """Return the rule that was said; "" without one.

    What lacks its day is of today's: "every week" on a Friday is every Friday.

    Raises:
        NotUnderstood: the parts make no sense together.
    """
    if not is_said(match):
        return ""
    freqs, steps = match.texts("freq"), match.values("interval")
    named = sorted(slot for slot, _ in match.slots if slot in (*DAYS, "month", "month_day"))
    by_days = _by_days(match)
    if match.text("other"):
        steps = (*steps, Fraction(2))
    if not LENGTHS_S.keys().isdisjoint(freqs):
        if named or by_days or match.text("each_half"):
            raise NotUnderstood
        return rule_of_length(_length_s(freqs, steps))
    if max(map(len, (freqs, steps, match.texts("each_half")))) > 1:
        raise NotUnderstood
    freq = freqs[0] if freqs else "WEEKLY" if by_days else "DAILY"
    every = f"FREQ={freq}{_interval(steps, by_days)}"
    if by_days and (freq != "WEEKLY" or named):
        raise NotUnderstood
    if freq == "WEEKLY":
        return f"{every};BYDAY={by_days or _weekday(match, named, today)}"
    return every + _day_of_rule(freq, named, match, today)


def rule_of_length(seconds: float) -> str:
    """Return the rule of what comes after a length of time, whole seconds."""
    freq = next(freq for freq, unit in reversed(LENGTHS_S.items()) if not seconds % unit)
    step = int(seconds) // LENGTHS_S[freq]
    return f"FREQ={freq}" + (f";INTERVAL={step}" if step > 1 else "")


def length_s(rule: str) -> int:
    """Return the seconds after which it comes; 0 for a rule of days."""
    parts = _parts(rule)
    return LENGTHS_S.get(parts["FREQ"], 0) * int(parts.get("INTERVAL", 1))


def days(rule: str, today: dt.date) -> tuple[dt.date, ...]:
    """Return the first two days of a rule, of today and later."""
    parts = _parts(rule)
    each = ";".join(f"{name}={value}" for name, value in parts.items() if name != "INTERVAL")
    begin = dt.datetime.combine(today, dt.time())
    first = recurrence.next_time(each, begin, begin - dt.timedelta(days=1))
    return first.date(), recurrence.next_time(each, begin, first).date()


def next_at(
    rule: str, time: dt.time, now: dt.datetime, before: dt.datetime | None = None
) -> dt.datetime:
    """Return the next time of a rule that is at a time of day.

    Args:
        rule: the rule.
        time: the time of day.
        now: the local time, without a zone.
        before: when it comes so far; every other day is counted from there.
    """
    if before and "INTERVAL" in _parts(rule):
        return recurrence.next_time(rule, dt.datetime.combine(before.date(), time), now)
    times = (dt.datetime.combine(day, time) for day in days(rule, now.date()))
    return next(when for when in times if when > now)


def said(rule: str) -> str:
    """Return the rule in words by which it can be asked for: "every other Monday"."""
    parts = _parts(rule)
    freq, step = parts["FREQ"], int(parts.get("INTERVAL", 1))
    if seconds := length_s(rule):
        length = duration(seconds)
        one_unit = length.startswith("1 ") and length.count(" ") == 1
        return f"every {length.removeprefix('1 ') if one_unit else length}"
    by_days = parts.get("BYDAY", "")
    if step == 1 and by_days in SETS:
        return f"on {SETS[by_days]}s"
    names = [WEEKDAYS[CODES.index(code)].title() for code in by_days.split(",") if code]
    listed = SETS.get(by_days) or " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
    if listed and step <= 2:  # noqa: PLR2004
        return f"every {'other ' if step > 1 else ''}{listed}"
    unit = UNITS[freq]
    every = {1: f"every {unit}", 2: f"every other {unit}"}.get(step, f"every {step} {unit}s")
    if freq == "YEARLY":
        return f"{every} on {MONTHS[int(parts['BYMONTH']) - 1].title()} {parts['BYMONTHDAY']}"
    if freq == "MONTHLY":
        return f"{every} on the {_ordinal(int(parts['BYMONTHDAY'].split(',')[-1]))}"
    return f"{every} on {listed}" if listed else every


def adjective(rule: str) -> str:
    """Return "daily", or the like; "recurring" where there is no such word, "" without a rule."""
    if not rule:
        return ""
    parts = _parts(rule)
    if "INTERVAL" in parts or "," in parts.get("BYDAY", ""):
        return "recurring"
    return {**ADJECTIVES, "HOURLY": "hourly"}.get(parts["FREQ"], "recurring")


def is_of_last_day(rule: str) -> bool:
    """Return whether it comes on the last day of shorter months."""
    return "BYSETPOS" in rule


def _interval(steps: Sequence[Fraction], by_days: str) -> str:
    """Return the part of a rule for every other or third day, week, month or year."""
    step = steps[0] if steps else Fraction(1)
    if step == 1:
        return ""
    if not 1 < step <= MOST or step.denominator != 1 or by_days == WORKDAYS:
        raise NotUnderstood
    return f";INTERVAL={step}"


def _weekday(match: Match, named: Sequence[str], today: dt.date) -> str:
    if named not in ([], ["weekday"]) or match.text("which"):
        raise NotUnderstood
    return CODES[WEEKDAYS.index(match.text("weekday")) if named else today.weekday()]


def _day_of_rule(freq: str, named: Sequence[str], match: Match, today: dt.date) -> str:
    """Return the part of a rule for the day of a month or year."""
    match freq, named:
        case "DAILY", []:
            return ""
        case "MONTHLY", []:
            return _on_day(today.day)
        case "MONTHLY", ["month_day"]:
            return _on_day(int(match.value("month_day")))
        case "YEARLY", [] | ["month", "month_day"] | ["holiday"] if not _moves(match):
            day = named_day(match, today) if named else today
            return f";BYMONTH={day.month};BYMONTHDAY={day.day}"
    raise NotUnderstood


def _moves(match: Match) -> bool:
    """Return whether a holiday was said that is another day each year."""
    return match.text("holiday") in MOVING


def _by_days(match: Match) -> str:
    """Return the days of the week as in a rule; "" without any.

    Raises:
        NotUnderstood: there are single days and sets of days.
    """
    single = {day[:2].upper() for day in match.texts("by_day")}
    sets = {*match.texts("by_days")}
    if len(sets) + bool(single) > 1:
        raise NotUnderstood
    return ",".join(sets) or ",".join(code for code in CODES if code in single)


def _length_s(freqs: tuple[str, ...], steps: tuple[Fraction, ...]) -> int:
    """Return the whole seconds of "every hour and thirty minutes".

    Raises:
        NotUnderstood: the larger unit is not the first one, or there is another unit.
    """
    if len(steps) < len(freqs):
        steps = (Fraction(1), *steps)
    if not {*freqs} <= LENGTHS_S.keys() or len(steps) != len(freqs):
        raise NotUnderstood
    units = [LENGTHS_S[freq] for freq in freqs]
    seconds = sum(step * unit for step, unit in zip(steps, units, strict=True))
    if units != sorted({*units}, reverse=True) or seconds != int(seconds) or seconds < 1:
        raise NotUnderstood
    return int(seconds)


def _on_day(day: int) -> str:
    """Return the part of a rule for a day of the month; the last one where a month is shorter.

    Raises:
        NotUnderstood: no month has it.
    """
    if not 1 <= day <= 31:  # noqa: PLR2004
        raise NotUnderstood
    if day <= SHORTEST_MONTH:
        return f";BYMONTHDAY={day}"
    return f";BYMONTHDAY={','.join(map(str, range(SHORTEST_MONTH, day + 1)))};BYSETPOS=-1"


def _parts(rule: str) -> dict[str, str]:
    return dict(part.split("=") for part in rule.split(";"))


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number // 10 != 1 else 0, "th")
    return f"{number}{ending}"
