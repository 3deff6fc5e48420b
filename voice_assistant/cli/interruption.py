"""Commands end as soon as somebody wants it: by Ctrl+C, `kill`, or a terminal that is closed."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from typing import TYPE_CHECKING, Any, TypeVar

from voice_assistant.errors import INTERRUPTED

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE_S = 3.0
"""How long an answer may take to stop: a keyring or a program that hangs holds nobody up."""


def listen() -> None:
    """Have each of the signals raise KeyboardInterrupt, except those that our parent ignores."""
    for number in _heeded():
        signal.signal(number, signal.default_int_handler)


def run(work: Coroutine[Any, Any, T], grace_s: float = GRACE_S) -> T:
    """Run `work` to its end, or cancel it at a signal; the second one ends the process.

    Args:
        work: what is to be done.
        grace_s: how long it may take to stop; then the process ends all the same.

    Raises:
        KeyboardInterrupt: it was cancelled.
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
            # A thread that hangs is waited for by the loop, and by the interpreter at its end.
            last = threading.Timer(grace_s, os._exit, [INTERRUPTED])
            last.daemon = True
            last.start()

        for number in _heeded():
            asyncio.get_running_loop().add_signal_handler(number, interrupt)
        return await work

    try:
        return asyncio.run(interruptible())
    except asyncio.CancelledError:
        if interrupted:
            raise KeyboardInterrupt from None
        raise


def _heeded() -> list[signal.Signals]:
    """A shell's background job ignores SIGINT, and what `nohup` starts SIGHUP."""
    return [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
