"""The commands that keys are bound to: each sends one line to the daemon and reads one line.

This module imports almost nothing, because a key was just pressed.
"""

from __future__ import annotations

import os
import sys

from voice_assistant.cli.control import Control

SIGNALS = (
    "press",
    "release",
    "toggle",
    "dictate",
    "stop",
    "snooze",
    "pause",
    "resume",
    "repeat",
    "skip",
    "window",
    "new",
)
"""Their names; `commands.py` has their help texts."""

REPEATED = ("press", "release", "toggle", "dictate")
"""The commands that a held key repeats; each starts a program that may overtake the others."""


def send(command: str, **numbers: float) -> int:
    """Send a command to the daemon; return the exit status.

    Raises:
        DaemonError: no daemon runs, or the daemon refused the command.
    """
    if command in REPEATED and (began_s := _began_s()) is not None:
        numbers["began_s"] = began_s
    fields = "".join(f',"{name}":{number!r}'.lower() for name, number in numbers.items())
    with Control() as daemon:
        daemon.order(f'{{"command":"{command}"{fields}}}'.encode())
    if command == "new":
        from voice_assistant.translation import _

        print(_("The next question begins a new conversation."))
    return 0


def _began_s() -> float | None:
    """Return when this program was started, in seconds since the machine was; None except on Linux.

    By this the daemon sorts commands whose programs overtook each other.
    """
    if sys.platform != "linux":
        return None
    try:
        with open("/proc/self/stat", "rb") as stat:  # noqa: PTH123  (pathlib costs an import)
            ticks = int(stat.read().rpartition(b")")[2].split()[19])
        return ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):  # /proc is not mounted
        return None
