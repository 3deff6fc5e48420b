"""The lock that makes a process the one daemon of its user, and the file of its control socket."""

from __future__ import annotations

import contextlib
import os
import time
from typing import TYPE_CHECKING

from voice_assistant.errors import AlreadyRunning, DaemonError
from voice_assistant.system import control_address, control_channel, file_lock, paths
from voice_assistant.system.plain_files import told
from voice_assistant.system.private_files import open_for_append
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROBE_S = 2.0
"""Seconds that another daemon may take to accept a connection."""

_TRIES, _BETWEEN_S = 5, 0.02
"""A command that looks whether the lock is held has it for a moment itself."""

_HANDED_ON = "VOICE_ASSISTANT_LOCK"
"""The variable with the descriptor of the lock, for a program that replaces the daemon's."""


@contextlib.contextmanager
def only_daemon() -> Iterator[int]:
    """Hold the lock that makes this process the one daemon of its user.

    Yields:
        The lock's descriptor, for `hand_on`.

    Raises:
        AlreadyRunning: another process has the lock.
        DaemonError: the control socket cannot be made, so no command would reach the daemon.
        StorageError: the folder of socket and lock cannot be used.
    """
    place = paths.runtime_dir()
    with told(_("{place} cannot be used", place=place)):
        file = control_address.socket_file()
    descriptor = _handed_on(_lock_file()) or open_for_append(_lock_file())
    try:
        if not _locked(descriptor):
            raise _running()
        if _answers(file):  # a daemon runs, but its lock file was deleted
            raise _running()
        bound(file).socket.close()
        os.unlink(file)  # noqa: PTH108
        yield descriptor
    finally:
        os.close(descriptor)


def hand_on(descriptor: int) -> None:
    """Keep the lock over the `exec` that follows at once: nobody then takes it for a free one."""
    os.set_inheritable(descriptor, True)
    os.environ[_HANDED_ON] = str(descriptor)


def is_held() -> bool:
    """Return whether a daemon of this user starts, runs or ends."""
    try:
        with _lock_file().open("rb") as file:
            return not file_lock.lock(file.fileno(), shared=True)
    except OSError:
        return False


def _lock_file() -> Path:
    return paths.runtime_dir() / "daemon.lock"


def _handed_on(file: Path) -> int | None:
    """Return the lock's descriptor that the program before this one in the process has left."""
    named = os.environ.pop(_HANDED_ON, "")
    try:
        descriptor = int(named)
        if not os.path.samestat(os.fstat(descriptor), file.stat()):
            return None
        os.set_inheritable(descriptor, False)
    except (OSError, ValueError, OverflowError):
        return None
    return descriptor


def _locked(descriptor: int) -> bool:
    for _try in range(_TRIES):
        if file_lock.lock(descriptor):
            return True
        time.sleep(_BETWEEN_S)
    return False


def _running() -> AlreadyRunning:
    return AlreadyRunning(
        _("The assistant is running already"),
        _("Talk to it with `voice-assistant status`, or end it with `voice-assistant quit`."),
    )


def _answers(file: str) -> bool:
    """Return whether a daemon listens at the socket `file`."""
    try:
        control_channel.connected(file, PROBE_S).close()
    except OSError:
        return False
    return True


def bound(file: str) -> control_channel.Bound:
    """Return a new socket at `file`; an old file there was left by a killed daemon and is removed.

    Raises:
        DaemonError: the socket cannot be made.
    """
    try:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(file)  # noqa: PTH108
        return control_channel.Bound(file)
    except OSError as error:
        raise DaemonError(
            _(
                "The control socket {file} cannot be made: {reason}",
                file=file,
                reason=error.strerror or error,
            ),
            _("Check that the folder is yours, or set XDG_RUNTIME_DIR."),
        ) from error
