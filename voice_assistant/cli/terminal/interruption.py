"""Ends a command at once when the user interrupts it: by Ctrl+C, `kill`, or a closed terminal."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from typing import TYPE_CHECKING, Any, TypeVar

from voice_assistant.errors import INTERRUPTED
from voice_assistant.system import process_signals
from voice_assistant.system.process_signals import on_signal

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")

SIGNALS = (*process_signals.ENDING, *process_signals.TERMINAL_CLOSED)
GRACE_S = 3.0
"""How long a command may take to stop; then the process ends, even if a keyring hangs."""


def listen() -> None:
    """Let each of the signals raise KeyboardInterrupt, except those that the parent ignores."""
    for number in _heeded():
        signal.signal(number, signal.default_int_handler)


def run(work: Coroutine[Any, Any, T], grace_s: float = GRACE_S) -> T:
    """Run `work` to its end, or cancel `work` at a signal; a second signal ends the process.

    Args:
        work: the coroutine to run.
        grace_s: how long `work` may take to stop; then the process ends.

    Raises:
        KeyboardInterrupt: `work` was cancelled.
    """
    interrupted = False

    async def interruptible() -> T:
        task = asyncio.current_task()
        assert task  # noqa: S101  (it is this one)

        def interrupt() -> None:
            nonlocal interrupted
            if interrupted:
                os._exit(INTERRUPTED)
            interrupted = True
            task.cancel()
            # The event loop, and the interpreter at its end, wait even for a thread that hangs.
            last = threading.Timer(grace_s, os._exit, [INTERRUPTED])
            last.daemon = True
            last.start()

        for number in _heeded():
            on_signal(number, interrupt)
        return await work

    try:
        return asyncio.run(interruptible())
    except asyncio.CancelledError:
        if interrupted:
            raise KeyboardInterrupt from None
        raise


def _heeded() -> list[signal.Signals]:
    """Return the signals that this process does not ignore.

    A shell's background job ignores SIGINT, and a program that `nohup` starts ignores SIGHUP.
    """
    return [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
