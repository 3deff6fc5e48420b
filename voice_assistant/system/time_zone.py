"""A time zone that every part of the program can work with."""

from __future__ import annotations

import datetime as dt
import os
import time


def mend() -> str:
    """Use UTC where TZ is a day or more away from it; that value of TZ, or "".

    The C library takes such a TZ, and Python fails at each local time:
    https://docs.python.org/3/library/datetime.html#timezone-objects
    """
    try:
        dt.datetime.now().astimezone()
    except ValueError:
        odd = os.environ.get("TZ", "")
        os.environ["TZ"] = "UTC"  # for our children too
        time.tzset()
        return odd
    return ""
