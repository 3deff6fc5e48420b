"""Waits for a condition within a running loop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


async def until(
    condition: Callable[[], Any], *, seconds: float = 20.0, pause_s: float = 0.001
) -> None:
    """Wait for a condition; fail loudly if it does not come."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(pause_s)
