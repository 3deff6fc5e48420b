"""Computes the address of the running daemon's control socket.

This module imports nothing that costs time: `voice-assistant press` loads little more than this
module, because a key was just pressed. Daemon and commands compute the same address from the same
environment; no file holds the address.
"""

from __future__ import annotations

import os
import stat
import sys

LONGEST_BYTES = 107
"""The longest path of a Unix socket: `sun_path` has 108 bytes on Linux, with a zero at the end. On
macOS it has 104."""

_LONGEST_HERE = LONGEST_BYTES if sys.platform == "linux" else 103
_SOCKET = "control.sock"


def runtime_dir() -> str:
    """Return the folder of socket and lock; a logout empties it if the platform has such a place.

    The folder is in the user's own `XDG_RUNTIME_DIR`, else in `/run/user/UID` (the usual value,
    which cron and ssh do not set), else in `~/.local/state`. Another user's `XDG_RUNTIME_DIR`, as
    `sudo -E` passes it on, is not used: the other user's daemon could not start any more. A path
    that is too long for a socket becomes a short path in `/tmp`. On Windows the folder is in
    `%LOCALAPPDATA%`, which is the user's alone.
    """
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~/AppData/Local")  # noqa: PTH111
        return f"{local}/voice-assistant/run"
    named = os.environ.get("XDG_RUNTIME_DIR", "")
    base = next(
        filter(_is_ours, (named, f"/run/user/{os.getuid()}")),
        os.path.expanduser("~/.local/state"),  # noqa: PTH111
    )
    folder = f"{base}/voice-assistant"
    path = os.fsencode(f"{folder}/{_SOCKET}")
    if len(path) > _LONGEST_HERE:
        import binascii  # noqa: PLC0415  (a library file of its own, which a press would load)

        return f"/tmp/va-run-{os.getuid()}-{binascii.crc32(path):08x}"  # noqa: S108  (see `socket_file`)
    return folder


def socket_file() -> str:
    """Return the path of the control socket.

    Raises:
        PermissionError: the folder belongs to another user. Any user can make a folder in `/tmp`,
            and would receive the user's questions.
    """
    folder = runtime_dir()
    if os.path.lexists(folder) and not _is_ours(folder):
        raise PermissionError(1, "it is no folder of yours", folder)
    return f"{folder}/{_SOCKET}"


def _is_ours(folder: str) -> bool:
    """Return whether a folder exists, belongs to this user, and is not a link."""
    try:
        found = os.lstat(folder)
    except (OSError, ValueError):
        return False
    if sys.platform == "win32":
        return stat.S_ISDIR(found.st_mode)
    return found.st_uid == os.getuid() and stat.S_ISDIR(found.st_mode) and folder[0] == "/"
