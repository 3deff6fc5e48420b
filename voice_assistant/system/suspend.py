"""Whether the machine has slept: clocks tell, without a bus to ask."""

from __future__ import annotations

import time

NAP_S = 1.0
"""Clocks differ by less than that while the machine is awake."""


def asleep_s() -> float:
    """How long this machine has slept since it was started, as far as the system tells (Linux)."""
    if not hasattr(time, "CLOCK_BOOTTIME"):
        return 0.0
    return time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)
