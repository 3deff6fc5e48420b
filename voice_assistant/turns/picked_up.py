"""An answer that the end of the program cut off, and that goes on."""

from __future__ import annotations

from voice_assistant.errors import InputError
from voice_assistant.translation import _
from voice_assistant.turns.turn import Turn


class PickedUp(Turn):
    """Follows the run of an answer that an earlier process of ours began, and speaks the rest."""

    async def _story(self) -> None:
        left = self._services.late.take_left()
        if left is None:
            raise InputError(_("There is no answer that could go on"), _("Ask again."))
        self._answer_as(left.profile)
        await self._answer(self._speech.speaker if left.aloud else None).pick_up(left)
