"""The time and the date."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import TYPE_CHECKING

from voice_assistant.server.skills.lengths import seconds_of
from voice_assistant.server.skills.named_days import MONTHS, WEEKDAYS, named_day
from voice_assistant.server.skills.reply import Answer, NotUnderstood
from voice_assistant.system import local_time

if TYPE_CHECKING:
    from voice_assistant.server.skills.reply import Asked

DAYS_OF_WEEK = 7
OLDEST = 130
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
        count = -count if asked.match.text("ago") else count
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
    if asked.match.text("unit") == "7" and days >= DAYS_OF_WEEK:
        count = _in_weeks(days)
    return Answer(
        f"{count}." if not days else f"{count} until {full(day)}.",
        ("What is the date today?", "What time is it?"),
        "date",
    )


def days_left(asked: Asked) -> Answer:
    """For "How many days are left this month"; a week ends on Sunday."""
    today = asked.now.date()
    last = {
        "year": today.replace(month=12, day=31),
        "month": today.replace(day=calendar.monthrange(today.year, today.month)[1]),
        "week": today + dt.timedelta(days=6 - today.weekday()),
    }[asked.match.text("period")]
    days = (last - today).days
    count = {0: "That is today", 1: "One day"}.get(days, f"{days} days")
    return Answer(f"{count} until {full(last)}." if days else f"{count}.", (), "date")


def age(asked: Asked) -> Answer:
    """For "How old is someone born in 1980": two ages, since the birthday is not known."""
    today, year = asked.now.date(), int(asked.match.value("year"))
    years = today.year - year
    if not 0 <= years <= OLDEST:
        raise NotUnderstood
    if asked.match.text("month"):
        born = named_day(asked.match, today)
        if born > today:
            raise NotUnderstood
        years -= (today.month, today.day) < (born.month, born.day)
        return Answer(f"Who was born on {full(born)} is {years}.", (), "date")
    if not years:
        return Answer(f"Who was born in {year} is not one year old yet.", (), "date")
    return Answer(
        f"Who was born in {year} is {years - 1} or {years}: {years} from this year's birthday on.",
        (),
        "date",
    )


def _in_weeks(days: int) -> str:
    weeks, rest = divmod(days, DAYS_OF_WEEK)
    count = f"{weeks} {'week' if weeks == 1 else 'weeks'}"
    return f"{count} and {rest} {'day' if rest == 1 else 'days'}" if rest else count


def days_between(asked: Asked) -> Answer:
    """For "How many days between March 1 and April 15"."""
    match = asked.match
    first = named_day(match, asked.now.date())
    last = named_day(match, first, "2")
    days = (last - first).days
    count = f"{abs(days):,} {'day' if abs(days) == 1 else 'days'}"
    if match.text("unit") == "7":
        count = _in_weeks(abs(days))
    return Answer(f"From {full(first)} to {full(last)}: {count}.", (), "date")


def month_length(asked: Asked) -> Answer:
    """For "How many days does February have"."""
    month = MONTHS.index(asked.match.text("month")) + 1
    years = asked.match.values("year")
    year = int(years[0]) if years else asked.now.year + (month < asked.now.month)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise NotUnderstood
    days = calendar.monthrange(year, month)[1]
    return Answer(f"{MONTHS[month - 1].title()} {year} has {days} days.", (), "date")


def leap_year(asked: Asked) -> Answer:
    """For "Is 2028 a leap year"."""
    years = asked.match.values("year")
    year = int(years[0]) if years else asked.now.year
    leap = calendar.isleap(year)
    return Answer(f"{'Yes' if leap else 'No'}, {year} is {'a' if leap else 'no'} leap year.")


def period(asked: Asked) -> Answer:
    """For "What year is it"."""
    now = asked.now
    text = {
        "year": f"It is {now.year}.",
        "month": f"It is {MONTHS[now.month - 1].title()} {now.year}.",
        "week": f"It is week {now.isocalendar().week} of {now.isocalendar().year}.",
    }[asked.match.text("period")]
    return Answer(text, ("What is the date today?", "What time is it?"), "date")
