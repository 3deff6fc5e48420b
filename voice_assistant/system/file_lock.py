"""Locks on open files. A lock ends when its file is closed: at the end of a process, too."""

from __future__ import annotations

import os
import sys

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_BYTE = 0x7FFF_FFF0
"""The byte that stands for the file on Windows, where others cannot read what is locked:
https://learn.microsoft.com/cpp/c-runtime-library/reference/locking"""


def lock(descriptor: int, *, shared: bool = False) -> bool:
    """Lock an open file; return False if somebody else has the lock.

    Args:
        descriptor: the open file.
        shared: any number may have this lock at once, but on Windows one alone; close the file at
            once.

    Raises:
        OSError: this file system has no locks.
    """
    if sys.platform == "win32":
        return _lock_a_byte(descriptor)
    else:  # noqa: RET505  (so that mypy knows which platform this is for)
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


if sys.platform == "win32":

    def _lock_a_byte(descriptor: int) -> bool:
        at = os.lseek(descriptor, 0, os.SEEK_CUR)
        os.lseek(descriptor, _BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:  # all file systems have locks there
            return False
        finally:
            os.lseek(descriptor, at, os.SEEK_SET)
        return True
