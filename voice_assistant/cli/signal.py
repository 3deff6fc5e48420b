"""The commands that a key is bound to: one line to the daemon, one line back.

Loads next to nothing: a key was just pressed.
"""

from __future__ import annotations

import os
import time

from voice_assistant.cli.control import Control

SIGNALS = {
    "press": "the talk key goes down: listen",
    "release": "the talk key comes up: answer",
    "toggle": "listen, or finish listening",
    "stop": "end speech and generation",
    "pause": "hold the answer",
    "resume": "go on with the answer",
    "repeat": "say the last answer again",
    "skip": "go on with the next sentence",
    "new": "the next question begins a new conversation",
    "quit": "end the assistant",
}
"""These commands, and what `--help` says of them; the part of the table in `commands.py` that is
needed without the rest."""

REPEATED = ("press", "release", "toggle")
"""What a held key repeats, each time with a program that may overtake the others."""


def send(command: str, **numbers: float) -> int:
    """Tell the daemon; the exit status.

    Raises:
        DaemonError: there is no daemon, or it did not take the command.
    """
    if command in REPEATED:
        numbers["began_s"] = _began_s()
    fields = "".join(f',"{name}":{number!r}' for name, number in numbers.items())
    with Control() as daemon:
        answer = daemon.request(f'{{"command":"{command}"{fields}}}'.encode())
    if answer == b'{"ok":true}':
        return 0
    from voice_assistant.errors import DaemonError

    raise DaemonError(f"The assistant did not take the command: {answer.decode()}")


def _began_s() -> float:
    """When this program was started, in seconds since the machine was: programs overtake others."""
    try:
        with open("/proc/self/stat", "rb") as stat:  # noqa: PTH123  (pathlib costs an import)
            ticks = int(stat.read().rpartition(b")")[2].split()[19])
        return ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):  # not Linux
        return time.monotonic()
