"""Tells under whose account the program at the other end of a local connection runs."""

from __future__ import annotations

import os
import sys
from pathlib import Path

TABLE = Path("/proc/net/tcp")
"""The kernel's table of connections, see proc_pid_net(5): both ends and an account in each row."""

_LOCALHOST = "0100007F"


def tells_owners(table: Path = TABLE) -> bool:
    """Return whether this system tells whose a connection is."""
    return os.access(table, os.R_OK)


def is_ours(port: int, to_port: int, table: Path = TABLE) -> bool:
    """Return whether the connection from `port` of 127.0.0.1 was opened by our own account.

    Where the system does not tell, it is not known to be ours.
    """
    if sys.platform == "win32":
        return False
    ends = [f"{_LOCALHOST}:{one:04X}" for one in (port, to_port)]
    try:
        rows = [row.split() for row in table.read_text().splitlines()[1:]]
    except OSError:
        return False
    return any(row[1:3] == ends and int(row[7]) == os.getuid() for row in rows)
