"""Time that only passes: nobody sets it, and it does not stand still while the machine sleeps."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
import uuid
from functools import cache
from pathlib import Path

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
"""https://docs.kernel.org/admin-guide/sysctl/kernel.html#random"""


def elapsed_s() -> float:
    """Seconds since some moment in the past, the same for all processes until the next boot.

    `time.monotonic` stands still while Linux and macOS sleep; it does not on Windows:
    https://docs.python.org/3/library/time.html#time.CLOCK_BOOTTIME,
    `man 3 clock_gettime` of macOS for CLOCK_MONOTONIC.
    """
    if sys.platform == "win32":
        return time.monotonic()
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.clock_gettime(time.CLOCK_BOOTTIME)


@cache
def boot() -> str:
    """Return a name of the time since the machine was started; `elapsed_s` counts within one name.

    Where the system has no such name each process has one of its own.
    """
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        if sys.platform == "darwin":
            command = ["/usr/sbin/sysctl", "-n", "kern.bootsessionuuid"]
            return subprocess.check_output(command, text=True, timeout=5).strip()
        return BOOT_ID.read_text("ascii").strip()
    return str(uuid.uuid4())
