"""Measures from two clocks how long the machine has slept, without asking a bus."""

from __future__ import annotations

import sys
import time

NAP_S = 1.0
"""The two clocks differ by less than this while the machine is awake."""


def asleep_s() -> float:
    """Return the seconds that the machine has slept since its start; 0.0 except on Linux."""
    if sys.platform != "linux":
        return 0.0
    return time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)
