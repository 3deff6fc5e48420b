"""Timers that ran out, told to whoever listens. Not a part of Dify's API."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.routing import Route

from voice_assistant.server.event_stream import EventStream
from voice_assistant.server.parts import parts_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from voice_assistant.server.event_stream import Emit
    from voice_assistant.server.timers import Timers

GLANCE_S = 1.0
"""How often the store is looked at: another process may set a timer there."""


async def alerts(request: Request) -> Response:
    """Events `{"id": ..., "text": ...}`, each when its timer rings."""
    parts = parts_of(request)

    async def tell(emit: Emit) -> None:
        with parts.timers.listener():
            while True:
                await _tell_due(parts.timers, emit)
                next_s = parts.timers.next_due_s()
                await asyncio.sleep(GLANCE_S if next_s is None else min(max(next_s, 0), GLANCE_S))
                parts.timers.still_heard()

    return EventStream(tell, parts.closing)


async def _tell_due(timers: Timers, emit: Emit) -> None:
    while timer := timers.take_due():
        try:
            await emit({"id": timer.id, "text": timers.said(timer)})
        except BaseException:
            timers.put_back(timer)
            raise
        timers.told(timer)


routes = [Route("/alerts", alerts, methods=["GET"])]
