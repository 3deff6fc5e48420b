"""Gives memory that is not used any more back to the system."""

from __future__ import annotations

import ctypes
import sys

_ARENA_MAX, _MMAP_THRESHOLD, _TRIM_THRESHOLD = -8, -3, -1
_ARENAS = 2
_LARGE_BYTES = 2**20


def keep_little_memory() -> None:
    """Let glibc give large blocks back as soon as they are free; no effect elsewhere.

    Else a process that recognises speech keeps up to 120 MB of what a long recording needed, and
    30 MB of what its threads needed in short ones. Has to be called before there are threads.

    https://man7.org/linux/man-pages/man3/mallopt.3.html
    """
    if sys.platform == "linux":
        tune = getattr(ctypes.CDLL(None), "mallopt", None)
        if tune:
            tune(_ARENA_MAX, _ARENAS)
            tune(_MMAP_THRESHOLD, _LARGE_BYTES)
            tune(_TRIM_THRESHOLD, _LARGE_BYTES)


def give_back_memory() -> None:
    """Give freed memory back where the C library would keep it; no effect elsewhere.

    https://man7.org/linux/man-pages/man3/malloc_trim.3.html
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim:
            trim(0)
