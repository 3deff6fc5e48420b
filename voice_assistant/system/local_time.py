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
