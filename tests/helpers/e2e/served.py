"""A server of the test's own, for programs that run beside the test."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractAsyncContextManager

Server = TypeVar("Server")


@contextmanager
def served(server: AbstractAsyncContextManager[Server]) -> Iterator[Server]:
    """Run the server on a thread of its own while the block runs."""
    started = threading.Event()
    found: list[Server] = []
    end: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def serve() -> None:
        async with server as running:
            over = asyncio.Event()
            found.append(running)
            end.append((asyncio.get_running_loop(), over))
            started.set()
            await over.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        assert started.wait(20), "the server does not start"
        yield found[0]
    finally:
        loop, over = end[0]
        loop.call_soon_threadsafe(over.set)
        thread.join(20)
