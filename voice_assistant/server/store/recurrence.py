"""When what comes again and again rings: the times of a recurrence rule of RFC 5545.

https://www.rfc-editor.org/rfc/rfc5545#section-3.3.10
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.system import local_time

if TYPE_CHECKING:
    from dateutil.rrule import rrule, rruleset

    from voice_assistant.server.store.timer import Timer


def next_time(rule: str, start: dt.datetime, after: dt.datetime) -> dt.datetime:
    """Return the first time of a rule that is later than another one.

    Args:
        rule: the rule, without an end.
        start: the time from which on the rule counts; local, without a zone.
        after: the other time; likewise.
    """
    found = _times(rule, start).after(after)
    assert found  # noqa: S101  (a rule without an end)
    return found


def moved_on(timer: Timer, now: float) -> Timer:
    """Return a timer that has a rule at its next time: after `now`, in seconds since the epoch.

    What comes after a length of time keeps its step. What comes at a time of day rings once where
    clocks show that time twice.
    """
    if not timer.clock_time:
        steps = max((now - timer.due) // timer.duration_s, 0) + 1
        return msgspec.structs.replace(timer, due=timer.due + steps * timer.duration_s)
    last = dt.datetime.fromisoformat(timer.clock_time)
    when = next_time(timer.rule, last, max(last, _local(now)))
    return msgspec.structs.replace(
        timer, due=local_time.next_moment(when, now), clock_time=when.isoformat()
    )


def last_due(timer: Timer, now: float) -> float:
    """Return when a timer rang last, or would have: at a later time of its rule than its `due`."""
    if not timer.rule or now < timer.due:
        return timer.due
    if not timer.clock_time:
        return timer.due + (now - timer.due) // timer.duration_s * timer.duration_s
    start = dt.datetime.fromisoformat(timer.clock_time)
    last = _times(timer.rule, start).before(_local(now), inc=True)
    return timer.due if last in (None, start) else local_time.moments(last)[0]


def _times(rule: str, start: dt.datetime) -> rrule | rruleset:
    from dateutil.rrule import rrulestr  # noqa: PLC0415  (only who has such a timer pays for it)

    return rrulestr(rule, dtstart=start)


def _local(moment: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(moment)  # noqa: DTZ006  (local on purpose)
