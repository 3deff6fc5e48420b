"""Runs blocking calls that may never return, each on its own thread.

`asyncio.to_thread` shares a few threads: calls that hang use them up, and the program cannot end
before all calls return. A thread of this module runs one call, and the program ends without waiting
for it.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def start(call: Callable[[], T]) -> concurrent.futures.Future[T]:
    """Run `call` on its own daemon thread; return a future that several tasks can wait for."""
    future: concurrent.futures.Future[T] = concurrent.futures.Future()
    future.set_running_or_notify_cancel()  # a cancelled waiter does not cancel the others

    def run() -> None:
        try:
            result = call()
        except BaseException as error:  # noqa: BLE001  (the waiter gets it)
            future.set_exception(error)
        else:
            future.set_result(result)

    threading.Thread(target=run, name=f"own thread of {call!r}", daemon=True).start()
    return future


async def outcome(future: concurrent.futures.Future[T], limit_s: float) -> T:
    """Return the result of a started call, or raise its error.

    Raises:
        TimeoutError: the call has not returned within `limit_s`.
    """
    # Not asyncio.wait_for around a shield: on Python 3.11 it swallows a cancellation.
    async with asyncio.timeout(limit_s):
        return await asyncio.wrap_future(future)
