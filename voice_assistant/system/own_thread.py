"""Blocking calls that may never return, each on a thread of its own.

`asyncio.to_thread` shares a few threads: calls that hang use them up, and the program cannot end
before all of them return. A thread of this module belongs to one call, and nobody waits for its
end: the program ends without it.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


async def on_own_thread(call: Callable[[], T], limit_s: float) -> T:
    """Return what `call` returns, or raise what it raises; cancelling stops the waiting at once.

    Neither the limit nor a cancellation ends the call itself: it goes on, and nobody learns its
    outcome.

    Args:
        call: blocks; runs on a daemon thread of its own.
        limit_s: seconds to wait for it.

    Raises:
        TimeoutError: the call has not returned within `limit_s`.
    """
    return await outcome(start(call), limit_s)


def start(call: Callable[[], T]) -> concurrent.futures.Future[T]:
    """Run `call` on a daemon thread of its own; its future can be waited for more than once."""
    future: concurrent.futures.Future[T] = concurrent.futures.Future()
    future.set_running_or_notify_cancel()  # who stops waiting does not cancel it for the others

    def run() -> None:
        try:
            result = call()
        except BaseException as error:  # noqa: BLE001  (whoever waits gets it)
            future.set_exception(error)
        else:
            future.set_result(result)

    threading.Thread(target=run, name=f"own thread of {call!r}", daemon=True).start()
    return future


async def outcome(future: concurrent.futures.Future[T], limit_s: float) -> T:
    """Return what a call that was started returns, or raise what it raises.

    Raises:
        TimeoutError: the call has not returned within `limit_s`.
    """
    # Not asyncio.wait_for around a shield: on Python 3.11 it swallows a cancellation.
    async with asyncio.timeout(limit_s):
        return await asyncio.wrap_future(future)
