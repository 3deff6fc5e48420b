"""The time and the date."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from voice_assistant.server.skills.lengths import seconds_of
from voice_assistant.server.skills.reply import Answer, NotUnderstood
from voice_assistant.system import local_time

if TYPE_CHECKING:
    from voice_assistant.server.skills.reply import Asked, Match

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
FROM_EASTER = {"easter": dt.timedelta(0), "good friday": dt.timedelta(-2)}
LONGEST_AHEAD_S = 7 * 86400
RELATIVE = {
    -2: "The day before yesterday",
    -1: "Yesterday",
    0: "Today",
    1: "Tomorrow",
    2: "The day after tomorrow",
}


def clock(now: dt.datetime) -> str:
    """Return the time of day as "3:05 PM"."""
    return f"{now.hour % 12 or 12}:{now.minute:02} {'AM' if now.hour < 12 else 'PM'}"  # noqa: PLR2004


def full(day: dt.date) -> str:
    """Return the day as "Friday, November 20, 2026"."""
    return (
        f"{WEEKDAYS[day.weekday()].title()}, {MONTHS[day.month - 1].title()} {day.day}, {day.year}"
    )


def soon(when: dt.datetime, now: dt.datetime) -> str:
    """Return the day of a coming event: "today", "tomorrow, Saturday", "on Monday, …".

    A day more than a year away has its year, such as the next February 29.
    """
    weekday = WEEKDAYS[when.weekday()].title()
    match (when.date() - now.date()).days:
        case 0:
            return "today"
        case 1:
            return f"tomorrow, {weekday}"
    day = f"on {weekday}, {MONTHS[when.month - 1].title()} {when.day}"
    return f"{day}, {when.year}" if (when.date() - now.date()).days > 366 else day  # noqa: PLR2004


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


def time_ahead(asked: Asked) -> Answer:
    """For "What time will it be in twenty minutes"."""
    seconds = seconds_of(asked.match)
    if not seconds or seconds > LONGEST_AHEAD_S:
        raise NotUnderstood
    then = asked.now + dt.timedelta(seconds=seconds)
    then += local_time.offset_change(asked.now, then)
    day = "" if then.date() == asked.now.date() else f" {soon(then, asked.now)}"
    return Answer(f"It will be {clock(then)}{day}.", ("What time is it?",), "time")


def is_weekday(asked: Asked) -> Answer:
    """For "Is it Monday"."""
    days = int(asked.match.text("when") or "0")
    day = asked.now.date() + dt.timedelta(days=days)
    right = WEEKDAYS[day.weekday()] == asked.match.text("weekday")
    verb = "was" if days < 0 else "is"
    return Answer(
        f"{'Yes' if right else 'No'}, {RELATIVE[days].lower()} {verb} {full(day)}.",
        ("And tomorrow?", "What time is it?"),
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
    today = asked.now.date()
    from_day = today.replace(month=1, day=1) if asked.match.text("this_year") else today
    day = named_day(asked.match, from_day)
    verb = "was" if day < today else "is"
    month_day = f"{MONTHS[day.month - 1].title()} {day.day}"
    return Answer(
        f"{month_day}, {day.year} {verb} a {WEEKDAYS[day.weekday()].title()}.",
        (f"How many days until {month_day}?", "What is the date today?"),
        "date",
    )


def days_until(asked: Asked) -> Answer:
    """For "How many days until Friday"."""
    day = named_day(asked.match, asked.now.date())
    days = (day - asked.now.date()).days
    if days < 0:
        return Answer(
            f"{full(day)} was {-days:,} {'day' if days == -1 else 'days'} ago.", (), "date"
        )
    count = {0: "That is today", 1: "One day"}.get(days, f"{days:,} days")
    if asked.match.text("unit") == "7" and days >= 7:  # noqa: PLR2004
        weeks, rest = divmod(days, 7)
        count = f"{weeks} {'week' if weeks == 1 else 'weeks'}"
        count += f" and {rest} {'day' if rest == 1 else 'days'}" if rest else ""
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


def named_day(match: Match, today: dt.date) -> dt.date:
    """Return the day that is named: by weekday, by holiday, or by month and day.

    Raises:
        NotUnderstood: there is no such day.
    """
    if weekday := match.text("weekday"):
        ahead = (WEEKDAYS.index(weekday) - today.weekday()) % 7 or 7
        return today + dt.timedelta(days=ahead)
    holiday = match.text("holiday")
    if holiday in FROM_EASTER:
        days = [easter(year) + FROM_EASTER[holiday] for year in (today.year, today.year + 1)]
        return next(day for day in days if day >= today)
    if holiday:
        month, number = map(int, holiday.split("-"))
    else:
        month = MONTHS.index(match.text("month")) + 1
        number = int((match.values("day") or match.values("month_day"))[0])
    years = match.values("year")
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
