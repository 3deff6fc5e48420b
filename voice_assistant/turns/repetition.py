"""A repetition: the last answer is said again, or its last sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.errors import DeviceError, InputError
from voice_assistant.ports import SPEAKER
from voice_assistant.speech.speaking import SpokenSummary
from voice_assistant.turns.answer_speech import SpeechEvents
from voice_assistant.turns.turn import Turn

if TYPE_CHECKING:
    from voice_assistant import events
    from voice_assistant.speech.narration import Narration
    from voice_assistant.turns.services import TurnServices


class Repetition(Turn):
    """Says the last answer again, without asking anybody.

    Args:
        services: what the turn works with.
        handle: called with every event.
        number: of the turn.
        sentence: only the last sentence.
    """

    def __init__(
        self, services: TurnServices, handle: events.Handler, number: int = 1, *, sentence: bool
    ) -> None:
        super().__init__(services, handle, number)
        self._sentence = sentence

    async def _story(self) -> None:
        last = self._services.player.last
        if last is None:
            raise InputError("There is no answer to repeat", "Ask something first.")
        last.unhold()  # it may have been held after its end
        if self._sentence:
            last.back()
        else:
            last.restart()
        self._narrate(last)
        await self._say_again(last)

    async def _say_again(self, narration: Narration) -> None:
        """Say what the narration holds, from where it stands."""
        told = SpeechEvents(self._tell)
        before_s, complete, problem = narration.played_s, False, None
        narration.script.end()
        try:
            await narration.run(self._services.speaker, on_start=told.begun, on_pause=told.paused)
            complete = True
        except DeviceError as error:
            self._services.problems.report_problem(SPEAKER, error)
            problem = error
        finally:
            seconds = narration.played_s - before_s
            told.over(SpokenSummary(seconds, complete, 0.0, 0.0, 0.0, problem))
