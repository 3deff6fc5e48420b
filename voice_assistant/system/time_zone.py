"""Replaces a time zone that Python cannot use."""

from __future__ import annotations

import datetime as dt
import os
import sys
import time


def mend() -> str:
    """Use UTC if TZ is a day or more away from UTC; return that value of TZ, or "".

    The C library accepts such a TZ, but then Python fails at each local time:
    https://docs.python.org/3/library/datetime.html#timezone-objects
    """
    try:
        dt.datetime.now().astimezone()
    except ValueError:
        odd = os.environ.get("TZ", "")
        os.environ["TZ"] = "UTC"  # child processes get this value too
        if sys.platform != "win32":
            time.tzset()
        return odd
    return ""
