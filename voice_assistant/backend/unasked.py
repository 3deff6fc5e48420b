"""Passes on what the embedded backend sends unasked: timers that are due, and those that wait."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from voice_assistant.api.alerts import Alert, acknowledge, alerts
from voice_assistant.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.api.alerts import WaitingTimer
    from voice_assistant.backend.embedded_process import EmbeddedServer

    Announce = Callable[[Alert, Callable[[], None]], None]
    ShowTimers = Callable[[tuple[WaitingTimer, ...]], None]

log = logging.getLogger(__name__)

LISTEN_AGAIN_S = 2.0
"""Seconds to wait after the embedded backend was lost."""


class Unasked:
    """Listens to the embedded backend.

    Args:
        server: the embedded backend.
        announce: is called with each alert, and with what is to be called once it was told to its
            end; until then the backend keeps it.
        show_timers: is called with all timers that have not rung, whenever they change.
    """

    def __init__(self, server: EmbeddedServer, announce: Announce, show_timers: ShowTimers) -> None:
        self._server = server
        self._announce = announce
        self._show_timers = show_timers
        self._told: asyncio.Queue[str] = asyncio.Queue()
        self._known: dict[str, bool] = {}  # which alerts came, and whether they were told

    async def run(self) -> None:
        """Listen until cancelled; this starts the backend."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._acknowledge())
            while True:
                try:
                    await self._server.ready()
                    async with contextlib.aclosing(
                        alerts(self._server.url, self._server.token)
                    ) as coming:
                        async for news in coming:
                            if isinstance(news, Alert):
                                self._pass_on(news)
                            else:
                                self._show_timers(news.timers)
                except BackendError as error:
                    log.info("no timers are heard: %s", error.title)
                await asyncio.sleep(LISTEN_AGAIN_S)

    def _pass_on(self, alert: Alert) -> None:
        """Announce an alert, but only once: a backend that was restarted may send it again."""

        def is_told() -> None:
            self._known[alert.id] = True
            self._told.put_nowait(alert.id)

        if alert.id not in self._known:
            self._known[alert.id] = False
            self._announce(alert, is_told)
        elif self._known[alert.id]:
            is_told()

    async def _acknowledge(self) -> None:
        while True:
            alert_id = await self._told.get()
            try:
                await acknowledge(self._server.url, self._server.token, alert_id)
            except BackendError as error:  # until it knows, the next time of a series does not ring
                log.info("a timer was told, and its backend did not hear of it: %s", error.title)
                await asyncio.sleep(LISTEN_AGAIN_S)
                self._told.put_nowait(alert_id)
