"""Tells systemd that the assistant is ready, lives, or ends.

The protocol: sd_notify(3). Without systemd nothing happens.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

READY, STOPPING, ALIVE = "READY=1", "STOPPING=1", "WATCHDOG=1"


def tell(state: str, environ: Mapping[str, str] = os.environ) -> None:
    """Send a state to the service manager that started this process, if one did."""
    address = environ.get("NOTIFY_SOCKET", "")
    if sys.platform == "win32" or not address:
        return
    if address.startswith("@"):  # a socket without a file
        address = f"\0{address[1:]}"
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to:
        to.connect(address)
        to.send(state.encode())


async def tell_of_life(environ: Mapping[str, str] = os.environ) -> None:
    """Send signs of life from the event loop until cancelled, and then that the program ends.

    They come twice as often as systemd wants them: if the loop hangs, it starts the program again.
    """
    watched = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    period_s = int(environ.get("WATCHDOG_USEC", "0")) / 1e6 if watched else 0.0
    try:
        while period_s:
            tell(ALIVE, environ)
            await asyncio.sleep(period_s / 2)
        await asyncio.Event().wait()
    finally:
        tell(STOPPING, environ)
