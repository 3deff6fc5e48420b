"""A repetition: the assistant speaks its last answer again, or the answer's last sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.errors import DeviceError, InputError
from voice_assistant.ports import SPEAKER
from voice_assistant.speech.spoken_summary import SpokenSummary
from voice_assistant.translation import _
from voice_assistant.turns.answer.speech import SpeechEvents
from voice_assistant.turns.turn import Turn

if TYPE_CHECKING:
    from voice_assistant import events
    from voice_assistant.speech.narration import Narration
    from voice_assistant.turns.services import TurnServices


class Repetition(Turn):
    """Speaks the last answer again, without asking the backend.

    Args:
        services: what the turn works with.
        handle: called with every event.
        number: the turn's number in its events.
        sentence: repeat only the last sentence.
    """

    def __init__(
        self, services: TurnServices, handle: events.Handler, number: int = 1, *, sentence: bool
    ) -> None:
        super().__init__(services, handle, number)
        self._sentence = sentence

    async def _story(self) -> None:
        last = self._services.player.last
        if last is None:
            raise InputError(_("There is no answer to repeat"), _("Ask something first."))
        last.unhold()  # an answer may be held after its end
        if self._sentence:
            last.back()
        else:
            last.restart()
        self._speech.narrate(last)
        await self._speak_again(last)

    async def _speak_again(self, narration: Narration) -> None:
        """Speak the narration from its present place."""
        speech_events = SpeechEvents(self._emit)
        before_s, complete, problem = narration.played_s, False, None
        narration.script.end()
        try:
            await narration.run(
                self._services.read_aloud() or self._services.speaker,
                on_start=speech_events.begun,
                on_pause=speech_events.paused,
            )
            complete = True
        except DeviceError as error:
            self._services.problems.report_problem(SPEAKER, error)
            problem = error
        finally:
            seconds = narration.played_s - before_s
            speech_events.over(SpokenSummary(seconds, complete, 0.0, 0.0, 0.0, problem))
