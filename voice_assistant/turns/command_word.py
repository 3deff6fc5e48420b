"""A typed command word: its short turn tells that it was understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.turns.turn import Turn

if TYPE_CHECKING:
    from voice_assistant import events
    from voice_assistant.turns.command_table import Understood
    from voice_assistant.turns.services import TurnServices


class CommandWord(Turn):
    """Tells that typed words were understood; the assistant carries them out afterwards.

    Args:
        services: what the turn works with.
        handle: called with every event.
        number: the turn's number in its events.
        understood: the words, and what they mean.
    """

    def __init__(
        self,
        services: TurnServices,
        handle: events.Handler,
        number: int = 1,
        *,
        understood: Understood,
    ) -> None:
        super().__init__(services, handle, number)
        self._understood = understood

    async def _story(self) -> None:
        await self._obey(self._understood.words, self._understood.meaning)
