"""Timers that ran out, told to whoever listens. Not a part of Dify's API."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from starlette.responses import Response
from starlette.routing import Route

from voice_assistant.server.http.event_stream import EventStream
from voice_assistant.server.parts import parts_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from voice_assistant.server.http.event_stream import Emit
    from voice_assistant.server.store.timer import Timer

GLANCE_S = 1.0
"""How often the store is looked at: another process may set a timer there."""


async def alerts(request: Request) -> Response:
    """Send events of the kinds in `api.alerts`: a timer rings (see `told`), or timers change."""
    parts = parts_of(request)

    async def tell(emit: Emit) -> None:
        timers = parts.timers
        with timers.listener(), contextlib.ExitStack() as untold:
            being_told: list[Timer] = []
            known: list[dict[str, Any]] = []
            while True:
                while timer := timers.take_due():
                    untold.callback(timers.put_back, timer)  # no effect once it is told
                    being_told.append(timer)
                    said = timers.said(timer)
                    await emit(
                        {
                            "event": "alert",
                            "id": timer.id,
                            "text": said,
                            "rings": said == timer.text,
                        }
                    )
                being_told = [timer for timer in being_told if timers.keep(timer)]
                waiting = [
                    {"text": timer.text, "due": timer.due}
                    for timer in timers.list()
                    if timer.left_s is None
                ]
                if waiting != known:
                    await emit({"event": "timers", "timers": waiting})
                    known = waiting
                next_s = timers.next_due_s()
                await asyncio.sleep(GLANCE_S if next_s is None else min(max(next_s, 0), GLANCE_S))
                timers.still_heard()

    return EventStream(tell, parts.closing)


async def told(request: Request) -> Response:
    """Forget a timer that was told to its end; until then the timer is told again."""
    parts_of(request).timers.told(request.path_params["alert_id"])
    return Response(status_code=204)


routes = [
    Route("/alerts", alerts, methods=["GET"]),
    Route("/alerts/{alert_id}", told, methods=["DELETE"]),
]
