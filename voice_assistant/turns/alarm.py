"""An alarm: an announcement that is told again and again, until the user stops it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from voice_assistant import events
from voice_assistant.turns.announcement import Announcement, Ending

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.turns.services import TurnServices

PAUSE_S = 3.0
"""Seconds of silence between two rings: the user may want to say something."""


class Alarm(Announcement):
    """Rings and speaks its text until the talk key, `Stop` or `Snooze` ends that, or it is late.

    A voice alone does not end it: it waits while somebody speaks, and rings on after other words.

    Args:
        services: see `Announcement`.
        handle: see `Announcement`.
        number: see `Announcement`.
        text: see `Announcement`.
        over: see `Announcement`.
    """

    rings: ClassVar[bool] = True

    def __init__(
        self,
        services: TurnServices,
        handle: events.Handler,
        number: int = 1,
        *,
        text: str,
        over: Callable[[Ending], None] = lambda _: None,
    ) -> None:
        super().__init__(services, handle, number, text=text, over=over)
        self._stopped = asyncio.Event()
        self._ending = Ending.TOLD
        self._may_ring = asyncio.Event()
        self._may_ring.set()

    @property
    def unfinished(self) -> bool:
        """Return whether it still rings: between two rings it has more to say, too."""
        return not (self._stopped.is_set() or self.over.is_set())

    def heed(self) -> None:
        """End for good: whoever presses the talk key has heard the alarm."""
        self._end_by(Ending.TOLD)

    def hold(self) -> None:
        """Be silent for another turn."""
        super().hold()
        self._may_ring.clear()

    def unhold(self) -> None:
        """Ring on."""
        super().unhold()
        self._may_ring.set()

    def snooze(self) -> None:
        """End, to ring again later."""
        self._end_by(Ending.SNOOZED)

    async def _tell(self) -> Ending:
        ringing = asyncio.create_task(self._ring())
        stopping = asyncio.create_task(self._stopped.wait())
        try:
            await asyncio.wait((ringing, stopping), return_when=asyncio.FIRST_COMPLETED)
            if ringing.done():
                ringing.result()
                self._emit(events.Unheeded(text=self._text))
        finally:
            for task in (ringing, stopping):
                task.cancel()
            await asyncio.gather(ringing, stopping, return_exceptions=True)
        return self._ending

    async def _ring(self) -> None:
        loop = asyncio.get_running_loop()
        until_s = loop.time() + self._services.settings.alarms.ring_s
        while True:
            self._emit(events.Announced(text=self._text, rings=True))
            await self._speech.say(self._text)
            if loop.time() + PAUSE_S > until_s:
                return
            await asyncio.sleep(PAUSE_S)
            await self._may_ring.wait()
            self._speech.renew()

    def _end_by(self, ending: Ending) -> None:
        if not self._stopped.is_set():
            self._ending = ending
            self._stopped.set()
