"""Where the running daemon is reached.

Apart from everything else and without imports that cost time: `voice-assistant press` loads this
and little more, because a key was just pressed. Daemon and commands compute the same address from
the same environment; nothing is written down.
"""

from __future__ import annotations

import binascii
import os
import stat

LONGEST_BYTES = 107
"""Of the path of a Unix socket: `sun_path` has 108 bytes on Linux, and ends with a zero. macOS has
104 in all."""

_LONGEST_HERE = LONGEST_BYTES if os.name == "posix" and os.uname().sysname == "Linux" else 103
_SOCKET = "control.sock"


def runtime_dir() -> str:
    """The folder of socket and lock: gone after a logout where the platform has such a place.

    That is the user's own `XDG_RUNTIME_DIR`, else `/run/user/UID` (where `XDG_RUNTIME_DIR` points,
    and which cron and ssh do not name), else `~/.local/state`. `XDG_RUNTIME_DIR` of another user,
    as `sudo -E` hands it over, is not used: the other user's daemon could not start any more. A
    path that is too long for a socket becomes a short one in `/tmp`.
    """
    named = os.environ.get("XDG_RUNTIME_DIR", "")
    base = next(
        filter(_is_ours, (named, f"/run/user/{os.getuid()}")),
        os.path.expanduser("~/.local/state"),  # noqa: PTH111
    )
    folder = f"{base}/voice-assistant"
    path = os.fsencode(f"{folder}/{_SOCKET}")
    if len(path) > _LONGEST_HERE:
        return f"/tmp/va-run-{os.getuid()}-{binascii.crc32(path):08x}"  # noqa: S108  (see `socket_file`)
    return folder


def socket_file() -> str:
    """The control socket.

    Raises:
        PermissionError: its folder is not ours. Anybody can make one in `/tmp`, and would be sent
            what the user says.
    """
    folder = runtime_dir()
    if os.path.lexists(folder) and not _is_ours(folder):
        raise PermissionError(1, "it is no folder of yours", folder)
    return f"{folder}/{_SOCKET}"


def _is_ours(folder: str) -> bool:
    """Whether a folder is there, belongs to this user, and is no link to elsewhere."""
    try:
        found = os.lstat(folder)
    except (OSError, ValueError):
        return False
    return found.st_uid == os.getuid() and stat.S_ISDIR(found.st_mode) and folder[0] == "/"
