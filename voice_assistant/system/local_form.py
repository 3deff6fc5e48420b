"""Dates, times and numbers in the form of the user's locale.

That is the locale of LC_ALL, LC_TIME or LC_NUMERIC, or LANG: a German desktop with English words
reads "30.11.2026". A language that was chosen in the settings brings its own form. Without a
locale, dates and times stand as in "30 Nov 2026, 22:05".
"""

from __future__ import annotations

import functools
import os
import time
from datetime import datetime
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_day_names
from babel.numbers import format_decimal, format_percent

from voice_assistant import translation
from voice_assistant.system import local_time

if TYPE_CHECKING:
    from collections.abc import Mapping

WITHOUT_LOCALE = "en_GB"


def date(moment_s: float) -> str:
    """Return the day of a moment (seconds since 1970), such as "30 Nov 2026"."""
    return format_date(_there(moment_s), "medium", locale=_locale("LC_TIME"))


def clock(moment_s: float) -> str:
    """Return the time of day of a moment, such as "22:05" or "10:05 PM"."""
    return format_time(_there(moment_s), "short", locale=_locale("LC_TIME"))


def soon(moment_s: float) -> str:
    """Return a moment of this week as people read it: the time, and the day unless it is today."""
    local_time.follow_zone()
    then, now = time.localtime(moment_s), time.localtime()
    if then[:3] == now[:3]:
        return clock(moment_s)
    day = get_day_names("abbreviated", locale=_locale("LC_TIME"))[then.tm_wday]
    return f"{day} {clock(moment_s)}"


def moment(moment_s: float) -> str:
    """Return a moment as date and time."""
    return f"{date(moment_s)} {clock(moment_s)}"


def number(value: float, decimals: int = 0) -> str:
    """Return a number, with at most so many decimals."""
    form = "#,##0" + ("." + "#" * decimals if decimals else "")
    return format_decimal(value, form, locale=_locale("LC_NUMERIC"))


def percent(part: float) -> str:
    """Return a part of 1 as whole percents."""
    return format_percent(part, "#,##0%", locale=_locale("LC_NUMERIC"))


def _there(moment_s: float) -> datetime:
    local_time.follow_zone()
    return datetime.fromtimestamp(moment_s)  # noqa: DTZ006  (people read the time of their zone)


def _locale(category: str, environ: Mapping[str, str] = os.environ) -> Locale:
    """Return the locale for one category of the environment."""
    chosen = translation.chosen()
    if chosen != translation.AUTO:
        return _parsed(WITHOUT_LOCALE if chosen == translation.ENGLISH else chosen)
    names = (environ.get(name) for name in ("LC_ALL", category, "LANG"))
    return _parsed(next(filter(None, names), WITHOUT_LOCALE))


@functools.cache
def _parsed(name: str) -> Locale:
    plain = name.partition(".")[0].partition("@")[0].replace("-", "_")
    if plain in {"C", "POSIX"}:
        return Locale.parse(WITHOUT_LOCALE)
    for candidate in (plain, plain.partition("_")[0]):
        try:
            return Locale.parse(candidate)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse(WITHOUT_LOCALE)
