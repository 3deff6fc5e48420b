"""An announcement: the assistant speaks a text that the user did not ask for."""

from __future__ import annotations

import asyncio
from enum import Enum
from typing import TYPE_CHECKING

from voice_assistant import events
from voice_assistant.turns.turn import Turn

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.turns.services import TurnServices


class Ending(Enum):
    """The end of an announcement."""

    TOLD = "it was told to its end, or the user stopped it"
    INTERRUPTED = "it is to be told again"
    SNOOZED = "it is to be told again after a while"


class Announcement(Turn):
    """Speaks a text, such as "The timer is over".

    Args:
        services: what the turn works with.
        handle: called with every event.
        number: the turn's number in its events.
        text: the text to speak.
        asks_consent: it asks whether something may be sent; who interrupts that has heard it.
        of_pause: it tells that the answer is paused; who interrupts that has heard it.
        over: called at the end, with what became of the announcement.
    """

    def __init__(
        self,
        services: TurnServices,
        handle: events.Handler,
        number: int = 1,
        *,
        text: str,
        asks_consent: bool = False,
        of_pause: bool = False,
        over: Callable[[Ending], None] = lambda _: None,
    ) -> None:
        super().__init__(services, handle, number)
        self.asks_consent = asks_consent
        self.of_pause = of_pause
        self._text = text
        self._over = over

    def hold_at_sentence_end(self, then: Callable[[], None]) -> None:
        """Do nothing: announcements do not interrupt each other; the next one waits."""

    async def _story(self) -> None:
        try:
            ending = await self._tell()
        except asyncio.CancelledError:
            heard = self.asks_consent or self.of_pause
            self._over(Ending.TOLD if heard else Ending.INTERRUPTED)
            raise
        except Exception:
            self._over(Ending.TOLD)  # the failure was told in the announcement's place
            raise
        self._over(ending)

    async def _tell(self) -> Ending:
        self._emit(
            events.Announced(
                text=self._text, asks_consent=self.asks_consent, of_pause=self.of_pause
            )
        )
        await self._speech.say(self._text)
        return Ending.TOLD
