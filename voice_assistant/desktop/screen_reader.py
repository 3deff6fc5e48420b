"""Tells whether a screen reader speaks on this desktop.

The property `ScreenReaderEnabled` of org.a11y.Status tells only of those that the settings of the
desktop have started; so the processes are looked at.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

NAMES = {b"orca"}
PROCESSES = Path("/proc")


def runs(processes: Path = PROCESSES) -> bool:
    """Return whether a screen reader of this user runs; False on other systems than Linux.

    Args:
        processes: the folder with a folder for each process, see proc(5).
    """
    try:
        with os.scandir(processes) as found:
            return any(_is_reader(one) for one in found)
    except OSError:
        return False


def _is_reader(process: os.DirEntry[str]) -> bool:
    if sys.platform == "win32":
        return False
    try:
        if not process.name.isdigit() or process.stat().st_uid != os.getuid():
            return False
        return Path(process.path, "comm").read_bytes().strip() in NAMES
    except OSError:  # it has just ended
        return False
