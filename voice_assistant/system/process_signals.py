"""Brings signals of the operating system to the event loop, on each platform alike."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import TYPE_CHECKING, TypeVarTuple, Unpack

if TYPE_CHECKING:
    from collections.abc import Callable

Ts = TypeVarTuple("Ts")

ENDING: tuple[signal.Signals, ...] = (signal.SIGINT, signal.SIGTERM)
"""The signals that ask a program to end: Ctrl+C, `kill`, and on Windows Ctrl+Break."""
if sys.platform == "win32":
    ENDING = (*ENDING, signal.SIGBREAK)

TERMINAL_CLOSED: tuple[signal.Signals, ...] = ()
"""The signals that say that the terminal is closed."""
if sys.platform != "win32":
    TERMINAL_CLOSED = (signal.SIGHUP,)


def on_signal(
    number: signal.Signals, call: Callable[[Unpack[Ts]], object], *arguments: *Ts
) -> None:
    """Have the running event loop call a function at each such signal; after its end, end at once.

    Call this on the main thread.
    """
    loop = asyncio.get_running_loop()
    if sys.platform == "win32":

        def hand_on(*_: object) -> None:
            try:
                loop.call_soon_threadsafe(call, *arguments)
            except RuntimeError:  # the loop is closed
                signal.signal(number, signal.SIG_DFL)
                signal.raise_signal(number)

        signal.signal(number, hand_on)
    else:  # where `signal.signal` would not wake a loop if another thread got the signal
        loop.add_signal_handler(number, call, *arguments)
