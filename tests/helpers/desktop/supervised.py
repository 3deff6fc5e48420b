"""A supervised part, run by a test."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from voice_assistant.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

PATIENCE_S = 20.0


@contextlib.asynccontextmanager
async def running(part: Any) -> AsyncIterator[asyncio.Task[None]]:
    """Run `part` while the block lasts; begins when the part is ready or has failed."""
    ready = asyncio.Event()
    task = asyncio.create_task(part.run(ready.set))
    waiting = asyncio.create_task(ready.wait())
    try:
        await asyncio.wait({task, waiting}, timeout=PATIENCE_S, return_when="FIRST_COMPLETED")
        if task.done():
            await task
        assert ready.is_set(), f"{part.name} was never ready"
        yield task
    finally:
        waiting.cancel()
        task.cancel()
        # What the part says at its end is the test's to look at, by awaiting the task.
        with contextlib.suppress(asyncio.CancelledError, DeviceError):
            await task


async def until(condition: Callable[[], Any], what: str) -> Any:
    """Let the loop run until `condition` is true; return its value."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE_S
    while not (answer := condition()):
        assert loop.time() < deadline, f"waited in vain: {what}"
        await asyncio.sleep(0.02)
    return answer


async def aside(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function that blocks, without blocking the loop."""
    return await asyncio.to_thread(function, *arguments)
