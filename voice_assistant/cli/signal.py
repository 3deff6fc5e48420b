"""The commands that a key is bound to: one line to the daemon, one line back.

Written with the bare socket module under `socket`, whose import alone would cost more than all that
is done here.
"""

from __future__ import annotations

import _socket
import os
import sys
import time

from voice_assistant.system import control_address

ANSWER_S = 10.0
_NOT_RUNNING = 9  # the exit_code of errors.NotRunning, which is not imported for its cost


def send(command: str, **numbers: float) -> int:
    """Tell the daemon; the exit status."""
    numbers["began_s"] = _began_s()
    fields = "".join(f',"{name}":{number!r}' for name, number in numbers.items())
    connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        connection.settimeout(ANSWER_S)
        connection.connect(control_address.socket_file())
        connection.sendall(b'{"command":"%s"%s}\n' % (command.encode(), fields.encode()))
        answer = connection.recv(4096)
    except OSError:
        sys.stderr.write("The assistant is not running. Start it with `voice-assistant run`.\n")
        return _NOT_RUNNING
    finally:
        connection.close()
    if answer == b'{"ok":true}\n':
        return 0
    sys.stderr.write(f"The assistant did not take the command: {answer.decode()}\n")
    return 1


def _began_s() -> float:
    """When this program was started, in seconds since the machine was: programs overtake others."""
    try:
        with open("/proc/self/stat", "rb") as stat:  # noqa: PTH123  (pathlib costs an import)
            ticks = int(stat.read().rpartition(b")")[2].split()[19])
        return ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):  # not Linux
        return time.monotonic()
