"""`quit`, `restart` and `version`: the running assistant as a program."""

from __future__ import annotations

import contextlib
import os
import select
import sys
import time
from typing import TYPE_CHECKING

from voice_assistant.cli import signal
from voice_assistant.cli.control import Control
from voice_assistant.cli.daemon import checked_settings
from voice_assistant.cli.status import report
from voice_assistant.errors import DaemonError, Hanging, NotRunning
from voice_assistant.runtime.process.daemon_lock import is_held
from voice_assistant.system import version
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from voice_assistant.status import Status

END_S = 25.0
"""Seconds within which the daemon ends: it waits for turns that hang up, and for its child."""

START_S = 20.0
"""Seconds within which the daemon answers after a start."""

LOOK_S = 0.05

_SIGKILL = 9
"""Its number on all systems but Windows, where every number ends a process at once."""


def end() -> int:
    """End the daemon; return when it has ended. One that hangs is killed.

    Raises:
        DaemonError: no daemon runs, or it does not end.
    """
    try:
        return _end()
    except Hanging:
        with Control() as daemon:
            pid = daemon.daemon_pid
        if not pid:
            raise
    with _daemon(pid) as has_ended:
        os.kill(pid, _SIGKILL)  # all that was said is on the disk
        return 0 if has_ended(END_S) else Hanging.exit_code


def _end() -> int:
    try:
        pid = _answering().pid
    except (NotRunning, Hanging):
        raise
    except DaemonError:  # of another version: it tells its status in another way
        with Control() as daemon:
            pid = daemon.daemon_pid
        if not pid:
            raise
    with _daemon(pid) as has_ended:
        _tell_to_quit()
        if has_ended(END_S):
            return 0
    raise DaemonError(
        _("The assistant has not ended within {seconds:.0f} seconds", seconds=END_S),
        _("Its log may tell why."),
    )


def _tell_to_quit() -> None:
    """Send the order, also to a daemon that starts anew just now: its process stays the same."""
    limit = time.monotonic() + START_S
    while True:
        try:
            signal.send("quit")
        except DaemonError:
            if time.monotonic() > limit:
                raise
            time.sleep(LOOK_S)
            _answering()
        else:
            return


def restart() -> int:
    """End the daemon, and start it again where it was started; return when it answers.

    Raises:
        ConfigError: a setting cannot be used: the daemon is left as it is.
        DaemonError: no daemon runs, or it does not come back.
    """
    checked_settings()
    before = _answering().started_at
    signal.send("quit", anew=True)
    limit = time.monotonic() + END_S + START_S
    while time.monotonic() < limit:
        with contextlib.suppress(DaemonError):
            if report().started_at != before:
                return 0
        time.sleep(LOOK_S)
    raise DaemonError(
        _("The assistant has not come back"), _("Start it with `voice-assistant run`.")
    )


def show_version() -> int:
    """Print the version, and the commit of a checkout."""
    print(f"voice-assistant {version.on_disk()}")
    return 0


def _answering() -> Status:
    """Return the status of the running daemon; wait for one that starts, or starts again.

    Raises:
        DaemonError: no daemon runs, or it does not answer.
    """
    limit = time.monotonic() + START_S
    while True:
        try:
            return report()
        except NotRunning:
            if not is_held() or time.monotonic() > limit:
                raise
        time.sleep(LOOK_S)


@contextlib.contextmanager
def _daemon(pid: int) -> Iterator[Callable[[float], bool]]:
    """Yield a function that waits, for some seconds, for the end of the daemon's process."""
    if sys.platform != "linux":
        yield _is_free
        return
    try:
        handle = os.pidfd_open(pid)
    except OSError:  # it has ended just now
        yield _is_free
        return
    with open(handle, "rb"):  # noqa: PTH123  (closes it)
        yield lambda limit_s: bool(select.select([handle], [], [], limit_s)[0])


def _is_free(limit_s: float) -> bool:
    """Wait until no daemon has the lock, which ends with its process; return whether none has."""
    limit = time.monotonic() + limit_s
    while is_held():
        if time.monotonic() > limit:
            return False
        time.sleep(LOOK_S)
    return True
