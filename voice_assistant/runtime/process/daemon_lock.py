"""The lock that makes a process the one daemon of its user, and the file of its control socket."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
from typing import TYPE_CHECKING

from voice_assistant.errors import AlreadyRunning, DaemonError
from voice_assistant.system import control_address, paths
from voice_assistant.system.private_files import open_for_append, told
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Iterator

PROBE_S = 2.0
"""Seconds that another daemon may take to accept a connection."""


@contextlib.contextmanager
def only_daemon() -> Iterator[None]:
    """Hold the lock that makes this process the one daemon of its user.

    Raises:
        AlreadyRunning: another process has the lock.
        DaemonError: the control socket cannot be made, so no command would reach the daemon.
        StorageError: the folder of socket and lock cannot be used.
    """
    place = paths.runtime_dir()
    with told(_("{place} cannot be used", place=place)):
        file = control_address.socket_file()
    descriptor = open_for_append(place / "daemon.lock")
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _running() from error
        if _answers(file):  # a daemon runs, but its lock file was deleted
            raise _running()
        bound(file).close()
        os.unlink(file)  # noqa: PTH108
        yield
    finally:
        os.close(descriptor)


def _running() -> AlreadyRunning:
    return AlreadyRunning(
        _("The assistant is running already"),
        _("Talk to it with `voice-assistant status`, or end it with `voice-assistant quit`."),
    )


def _answers(file: str) -> bool:
    """Return whether a daemon listens at the socket `file`."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(PROBE_S)
        return probe.connect_ex(file) == 0


def bound(file: str) -> socket.socket:
    """Return a new socket at `file`; an old file there was left by a killed daemon and is removed.

    Raises:
        DaemonError: the socket cannot be made.
    """
    made = socket.socket(socket.AF_UNIX)
    try:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(file)  # noqa: PTH108
        made.bind(file)
        os.chmod(file, 0o600)  # noqa: PTH101
    except OSError as error:
        made.close()
        raise DaemonError(
            _(
                "The control socket {file} cannot be made: {reason}",
                file=file,
                reason=error.strerror or error,
            ),
            _("Check that the folder is yours, or set XDG_RUNTIME_DIR."),
        ) from error
    return made
