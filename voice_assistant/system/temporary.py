"""Temporary folders that are removed soon after the program ends, even if it is killed."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

from voice_assistant.system.plain_files import told
from voice_assistant.translation import _

IN_MEMORY = "/dev/shm"  # noqa: S108  (the folders have names that nobody can guess)
"""Linux's folder of files in memory: for a time in which no disk takes a file."""

_PREFIX = "voice-assistant-"
_OF_A_PROCESS = re.compile(rf"{_PREFIX}(\d+)-\w+")

OLD_S = 86_400.0
"""A folder whose name has no process is kept for this long."""

FRESH_S = 60.0
"""A folder whose process is gone is kept for this long: the process may run out of our sight, in a
container that shares the folder of temporary files."""


def temporary_folder(place: Path | None = None) -> tempfile.TemporaryDirectory[str]:
    """Return a folder that lasts as long as its context; after a kill `sweep` removes it.

    Args:
        place: the folder to make it in; by default the platform's folder of temporary files, or
            one in memory while every disk is full.

    Raises:
        StorageError: no folder can be made.
    """
    where = str(place or next(iter(_places()), Path.home().anchor))
    with told(_("{path} cannot be used", path=where)):
        return tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-", dir=where)


def _places() -> list[str]:
    """Return the folders of temporary files that are there."""
    try:
        usual = [tempfile.gettempdir()]
    except FileNotFoundError:  # it has tried to write to all that it knows
        usual = []
    return [*usual, *filter(os.path.isdir, [IN_MEMORY])]


def is_temporary(file: str) -> bool:
    """Return whether a file is in a `temporary_folder`: it will be gone soon."""
    folder = Path(file).parent
    return bool(_OF_A_PROCESS.match(folder.name)) and str(folder.parent) in _places()


def sweep(place: Path | None = None) -> None:
    """Remove the folders that killed processes of this user left. They may hold speech.

    Args:
        place: the folder to sweep, as for `temporary_folder`.
    """
    for folder in [place] if place else _places():
        with contextlib.suppress(OSError):
            _sweep(folder)


def _sweep(place: str | Path) -> None:
    now_s = time.time()
    for entry in os.scandir(place):
        if not entry.name.startswith(_PREFIX) or not entry.is_dir(follow_symlinks=False):
            continue
        with contextlib.suppress(OSError):
            found = entry.stat(follow_symlinks=False)
            named = _OF_A_PROCESS.fullmatch(entry.name)
            patience_s = FRESH_S if named else OLD_S
            ours = sys.platform == "win32" or found.st_uid == os.getuid()
            if ours and found.st_mtime < now_s - patience_s and not (named and _runs(named[1])):
                shutil.rmtree(entry.path, ignore_errors=True)


def _runs(pid: str) -> bool:
    if sys.platform == "win32":  # where 0 is a real signal
        return True
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True
