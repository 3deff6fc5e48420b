"""The time and the date."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from voice_assistant.server.skills.reply import Answer, NotUnderstood

if TYPE_CHECKING:
    from voice_assistant.server.skills.reply import Asked

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
RELATIVE = {
    -2: "The day before yesterday",
    -1: "Yesterday",
    0: "Today",
    1: "Tomorrow",
    2: "The day after tomorrow",
}


def clock(now: dt.datetime) -> str:
    """As "3:05 PM"."""
    return f"{now.hour % 12 or 12}:{now.minute:02} {'AM' if now.hour < 12 else 'PM'}"  # noqa: PLR2004


def full(day: dt.date) -> str:
    """As "Friday, November 20, 2026"."""
    return (
        f"{WEEKDAYS[day.weekday()].title()}, {MONTHS[day.month - 1].title()} {day.day}, {day.year}"
    )


def soon(when: dt.datetime, now: dt.datetime) -> str:
    """The day of something that is to come: "today", "tomorrow, Saturday", "on Monday, …"."""
    weekday = WEEKDAYS[when.weekday()].title()
    match (when.date() - now.date()).days:
        case 0:
            return "today"
        case 1:
            return f"tomorrow, {weekday}"
    return f"on {weekday}, {MONTHS[when.month - 1].title()} {when.day}"


def time(asked: Asked) -> Answer:
    """For "What time is it"."""
    return Answer(
        f"It is {clock(asked.now)}.",
        ("What is the date today?", "Set a timer for ten minutes", "What day is it tomorrow?"),
        "time",
    )


def date(asked: Asked) -> Answer:
    """For "What day is it tomorrow"."""
    days = int(asked.match.text("when") or "0")
    day = asked.now.date() + dt.timedelta(days=days)
    verb = "was" if days < 0 else "is"
    following = "And tomorrow?" if days != 1 else "And the day after tomorrow?"
    return Answer(
        f"{RELATIVE[days]} {verb} {full(day)}.",
        (following, "What time is it?", "How many days until Christmas?"),
        "date",
    )


def date_ahead(asked: Asked) -> Answer:
    """For "What day is it in ten days"."""
    count, days = asked.match.value("number"), int(asked.match.text("period"))
    try:
        if count.denominator != 1:
            raise NotUnderstood
        day = asked.now.date() + dt.timedelta(days=count.numerator * days)
    except OverflowError as error:
        raise NotUnderstood from error
    unit = "day" if days == 1 else "week"
    length = f"{abs(count)} {unit}{'' if abs(count) == 1 else 's'}"
    return Answer(
        f"{length} ago it was {full(day)}." if count < 0 else f"In {length} it is {full(day)}.",
        ("What is the date today?", "How many days until Christmas?"),
        "date",
    )


def weekday_of(asked: Asked) -> Answer:
    """For "What day is December 25"; the next one where no year is said."""
    day = _day(asked)
    verb = "was" if day < asked.now.date() else "is"
    month_day = f"{MONTHS[day.month - 1].title()} {day.day}"
    return Answer(
        f"{month_day}, {day.year} {verb} a {WEEKDAYS[day.weekday()].title()}.",
        (f"How many days until {month_day}?", "What is the date today?"),
        "date",
    )


def days_until(asked: Asked) -> Answer:
    """For "How many days until Friday"."""
    day = _day(asked)
    days = (day - asked.now.date()).days
    if days < 0:
        return Answer(
            f"{full(day)} was {-days:,} {'day' if days == -1 else 'days'} ago.", (), "date"
        )
    count = {0: "That is today", 1: "One day"}.get(days, f"{days:,} days")
    return Answer(
        f"{count}." if not days else f"{count} until {full(day)}.",
        ("What is the date today?", "What time is it?"),
        "date",
    )


def period(asked: Asked) -> Answer:
    """For "What year is it"."""
    now = asked.now
    text = {
        "year": f"It is {now.year}.",
        "month": f"It is {MONTHS[now.month - 1].title()} {now.year}.",
        "week": f"It is week {now.isocalendar().week} of {now.isocalendar().year}.",
    }[asked.match.text("period")]
    return Answer(text, ("What is the date today?", "What time is it?"), "date")


def _day(asked: Asked) -> dt.date:
    """The day that is named: by weekday, by holiday, or by month and day."""
    today = asked.now.date()
    if weekday := asked.match.text("weekday"):
        ahead = (WEEKDAYS.index(weekday) - today.weekday()) % 7 or 7
        return today + dt.timedelta(days=ahead)
    if holiday := asked.match.text("holiday"):
        month, number = map(int, holiday.split("-"))
    else:
        month = MONTHS.index(asked.match.text("month")) + 1
        number = int(asked.match.value("day"))
    years = asked.match.values("year")
    try:
        if years:
            return dt.date(int(years[0]), month, number)
        return _next(today, month, number)
    except ValueError as error:
        raise NotUnderstood from error


def _next(today: dt.date, month: int, day: int) -> dt.date:
    """Today, or the next such day; February 29 may be some years ahead."""
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
