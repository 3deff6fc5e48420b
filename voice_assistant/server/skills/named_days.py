"""Days by their names: weekdays, holidays, days of a month."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from voice_assistant.server.skills.reply import NotUnderstood

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.server.skills.reply import Match

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


DAYS = ("day", "weekday", "holiday", "ahead")
"""Slots that tell the day, beside those of a day of a month."""

OFTEN = ("freq", "by_day", "by_days", "each_half")
"""Slots that tell how often: `recurring` reads them."""


def days_said(match: Match, today: dt.date) -> tuple[dt.date, ...]:
    """Return the day that was said; () without a day.

    A weekday that is today's, and neither "this" nor "next", may be both: today and in a week.

    Raises:
        NotUnderstood: more than one was said, or one that is over, or every such day.
    """
    named = [slot for slot, _ in match.slots]
    if any(slot in OFTEN for slot in named):
        raise NotUnderstood
    days_of_month = max(named.count("month_day"), named.count("month"))
    if days_of_month + sum(slot in DAYS for slot in named) > 1:
        raise NotUnderstood
    if days := match.text("day"):
        if int(days) < 0:
            raise NotUnderstood
        return (today + dt.timedelta(days=int(days)),)
    if match.values("ahead"):
        unit = int(match.text("ahead_unit"))
        return (today + dt.timedelta(days=unit * int(match.value("ahead"))),)
    if match.text("weekday") == WEEKDAYS[today.weekday()] and not match.text("which"):
        return (today, today + dt.timedelta(days=7))
    if match.text("month") or match.text("holiday") or match.text("weekday"):
        return (named_day(match, today),)
    if number := match.values("month_day"):
        return (_next_day_of_month(today, int(number[0])),)
    return ()


def named_day(match: Match, today: dt.date, which: str = "") -> dt.date:
    """Return the day that is named: by weekday, by holiday, or by month and day.

    Args:
        match: what was asked.
        today: the day from which on the next such day is meant.
        which: stands behind the names of the slots: "2" for the second day of a question.

    Raises:
        NotUnderstood: there is no such day.
    """
    if weekday := match.text(f"weekday{which}"):
        ahead = (WEEKDAYS.index(weekday) - today.weekday()) % 7
        is_today = not ahead and match.text("which") == "this"
        return today if is_today else today + dt.timedelta(days=ahead or 7)
    holiday = match.text(f"holiday{which}")
    if holiday in MOVING:
        days = [MOVING[holiday](year) for year in (today.year, today.year + 1)]
        return next(day for day in days if day >= today)
    if holiday:
        month, number = map(int, holiday.split("-"))
    else:
        month = MONTHS.index(match.text(f"month{which}")) + 1
        number = int((match.values(f"day{which}") or match.values("month_day"))[0])
    years = match.values(f"year{which}")
    try:
        if years:
            return dt.date(int(years[0]), month, number)
        return _next(today, month, number)
    except ValueError as error:
        raise NotUnderstood from error


def easter(year: int) -> dt.date:
    """Return Easter Sunday, by the rule of the western churches.

    The form for the Gregorian calendar is by J.-M. Oudin (1940):
    https://aa.usno.navy.mil/faq/easter
    """
    century = year // 100
    golden = year % 19
    epact = (century - century // 4 - (century - (century - 17) // 25) // 3 + 19 * golden + 15) % 30
    epact -= epact // 28 * (1 - epact // 28 * (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + epact + 2 - century + century // 4) % 7
    offset = epact - weekday
    month = 3 + (offset + 40) // 44
    return dt.date(year, month, offset + 28 - 31 * (month // 4))


def _next_day_of_month(today: dt.date, number: int) -> dt.date:
    """Return the next day with this number, today left out.

    Raises:
        NotUnderstood: no month has it.
    """
    coming = (today + dt.timedelta(days=days) for days in range(1, 63))
    found = next((day for day in coming if day.day == number), None)
    if found is None:
        raise NotUnderstood
    return found


def _nth(weekday: str, count: int, month: int) -> Callable[[int], dt.date]:
    """Return the function that gives the day of a year which is the nth such weekday of a month."""

    def day(year: int) -> dt.date:
        first = dt.date(year, month, 1)
        ahead = (WEEKDAYS.index(weekday) - first.weekday()) % 7 + 7 * (count - 1)
        return first + dt.timedelta(days=ahead)

    return day


def _next(today: dt.date, month: int, day: int) -> dt.date:
    """Return today, or the next such day; February 29 may be some years ahead."""
    dt.date(2000, month, day)  # there is such a day in some year
    year = today.year
    while True:
        try:
            found = dt.date(year, month, day)
        except ValueError:
            found = dt.date.min
        if found >= today:
            return found
        year += 1


MOVING: dict[str, Callable[[int], dt.date]] = {
    "easter": easter,
    "good friday": lambda year: easter(year) - dt.timedelta(days=2),
    "thanksgiving": _nth("thursday", 4, 11),
    "mother's day": _nth("sunday", 2, 5),
    "father's day": _nth("sunday", 3, 6),
}
"""The holidays that are no fixed day of a month; all but the first two as in the United States."""
