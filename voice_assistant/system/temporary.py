"""Temporary folders that are removed soon after the program ends, even if it is killed."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
import time
from pathlib import Path

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
        place: the folder to make it in; by default the platform's folder of temporary files.
    """
    return tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-", dir=place)


def is_temporary(file: str) -> bool:
    """Return whether a file is in a `temporary_folder`: it will be gone soon."""
    folder = Path(file).parent
    return folder.parent == Path(tempfile.gettempdir()) and bool(_OF_A_PROCESS.match(folder.name))


def sweep(place: Path | None = None) -> None:
    """Remove the folders that killed processes of this user left. They may hold speech.

    Args:
        place: the folder to sweep, as for `temporary_folder`.
    """
    now_s = time.time()
    with contextlib.suppress(OSError):
        for entry in os.scandir(place or tempfile.gettempdir()):
            if not entry.name.startswith(_PREFIX) or not entry.is_dir(follow_symlinks=False):
                continue
            with contextlib.suppress(OSError):
                found = entry.stat(follow_symlinks=False)
                named = _OF_A_PROCESS.fullmatch(entry.name)
                patience_s = FRESH_S if named else OLD_S
                ours = os.name != "posix" or found.st_uid == os.getuid()
                if ours and found.st_mtime < now_s - patience_s and not (named and _runs(named[1])):
                    shutil.rmtree(entry.path, ignore_errors=True)


def _runs(pid: str) -> bool:
    if os.name != "posix":  # on Windows, 0 is a real signal
        return True
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True
