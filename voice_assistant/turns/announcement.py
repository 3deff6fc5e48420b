"""An announcement: something is said that nobody asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant import events
from voice_assistant.turns.answer_speech import AnswerSpeech
from voice_assistant.turns.turn import Turn

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.turns.services import TurnServices


class Announcement(Turn):
    """Says a text, such as that a timer ran out.

    Args:
        services: what the turn works with.
        handle: called with every event.
        number: of the turn.
        text: what is said.
    """

    def __init__(
        self, services: TurnServices, handle: events.Handler, number: int = 1, *, text: str
    ) -> None:
        super().__init__(services, handle, number)
        self._text = text

    def hold_at_sentence_end(self, then: Callable[[], None]) -> None:
        """Announcements do not interrupt each other: the next one waits for the end of this."""

    async def _story(self) -> None:
        services = self._services
        self._tell(events.Announced(text=self._text))
        await services.sounds.over()
        if speaker := self._speaker():
            backend = await services.connect()
            speech = AnswerSpeech(services, self._tell, backend, speaker, self._narration)
            speech.text(self._text)
            speech.ended()
            await speech.run()
