"""The local time, wherever the machine is now."""

from __future__ import annotations

import datetime as dt
import time


def follow_zone() -> None:
    """Take over the machine's time zone, which may be another one since the program was started.

    The C library reads it once, and again when it is told to; it is quick where nothing changed.
    """
    if hasattr(time, "tzset"):  # not on Windows, which asks the system each time
        time.tzset()


def now() -> dt.datetime:
    """The local time, with its zone."""
    follow_zone()
    return dt.datetime.now().astimezone()


def offset_change(begin: dt.datetime, end: dt.datetime) -> dt.timedelta:
    """Return how much the clocks of the machine's zone are put forward between two times.

    That is an hour at the begin of summer time, and minus an hour at its end. A time without a zone
    is a local time.
    """
    before, after = (moment.astimezone().utcoffset() for moment in (begin, end))
    return (after or dt.timedelta()) - (before or dt.timedelta())


def until(begin: dt.datetime, clock_time: dt.datetime) -> dt.timedelta:
    """Return the time that passes until clocks show a local time, which has no zone."""
    shown = clock_time - begin.replace(tzinfo=None)
    passing = (
        shown - offset_change(begin, clock_time.replace(fold=fold))
        for fold in (0, 1)  # at the end of summer time, clocks show a time twice
    )
    return next((left for left in passing if left > dt.timedelta()), shown)


def moments(clock_time: dt.datetime) -> tuple[float, ...]:
    """Return when clocks show a local time, in seconds since the epoch; the usual moment first.

    At the end of summer time there are two moments. A time that summer time leaves out is an hour
    later by the clock.
    """
    first, second = (clock_time.replace(fold=fold).timestamp() for fold in (0, 1))
    return (first, second) if first < second else (first,)


def next_moment(clock_time: dt.datetime, now: float) -> float:
    """Return the first of the `moments` of a local time that is after `now`; else the usual one."""
    usual, *others = moments(clock_time)
    return next((moment for moment in (usual, *others) if moment > now), usual)
