"""Time that only passes: nobody sets it, and it does not stand still while the machine sleeps."""

from __future__ import annotations

import contextlib
import platform
import subprocess
import time
import uuid
from functools import cache
from pathlib import Path

ON_MAC = platform.system() == "Darwin"
CLOCK: int | None = getattr(time, "CLOCK_MONOTONIC" if ON_MAC else "CLOCK_BOOTTIME", None)
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
"""https://docs.kernel.org/admin-guide/sysctl/kernel.html#random"""


def elapsed_s() -> float:
    """Seconds since some moment in the past, the same for all processes until the next boot.

    `time.monotonic` stands still while Linux and macOS sleep; it does not on Windows:
    https://docs.python.org/3/library/time.html#time.CLOCK_BOOTTIME,
    `man 3 clock_gettime` of macOS for CLOCK_MONOTONIC.
    """
    return time.monotonic() if CLOCK is None else time.clock_gettime(CLOCK)


@cache
def boot() -> str:
    """Return a name of the time since the machine was started; `elapsed_s` counts within one name.

    Where the system has no such name each process has one of its own.
    """
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        if ON_MAC:
            command = ["/usr/sbin/sysctl", "-n", "kern.bootsessionuuid"]
            return subprocess.check_output(command, text=True, timeout=5).strip()
        return BOOT_ID.read_text("ascii").strip()
    return str(uuid.uuid4())
