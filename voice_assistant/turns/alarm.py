"""An alarm: an announcement that is told again and again, until the user stops it."""

from __future__ import annotations

import asyncio
from typing import Any

from voice_assistant import events
from voice_assistant.speech.narration import Narration
from voice_assistant.turns.announcement import Announcement, Ending

PAUSE_S = 3.0
"""Seconds of silence between two rings: the user may want to say something."""


class Alarm(Announcement):
    """Rings and speaks its text until the talk key, `Stop` or `Snooze` ends that, or it is late."""

    def __init__(self, *services_and_handler: Any, **text_and_over: Any) -> None:
        super().__init__(*services_and_handler, **text_and_over)
        self._stopped = asyncio.Event()
        self._ending = Ending.TOLD

    def hold(self) -> None:
        """End for good: whoever presses the talk key has heard the alarm."""
        super().hold()
        self._end_by(Ending.TOLD)

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
            await self._say(self._text)
            if loop.time() + PAUSE_S > until_s:
                return
            await asyncio.sleep(PAUSE_S)
            self._narrate(Narration())

    def _end_by(self, ending: Ending) -> None:
        if not self._stopped.is_set():
            self._ending = ending
            self._stopped.set()
