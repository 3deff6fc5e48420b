"""A dictation: what is said is typed into the window with the focus, and nobody is asked."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from voice_assistant import events
from voice_assistant.command_words.meaning import Meaning, takes_back
from voice_assistant.hearing.end_of_question import Said
from voice_assistant.text.printable import printable_line
from voice_assistant.turns.spoken_question import SpokenQuestion

if TYPE_CHECKING:
    from voice_assistant.api.models import Transcript
    from voice_assistant.hearing.recordings import Recording
    from voice_assistant.turns.services import TurnServices
    from voice_assistant.turns.turn import Turn


class Dictation(SpokenQuestion):
    """Listens as for a question, then types the words. An answer that is held goes on afterwards.

    Its recording is kept until the words are typed, and nothing after that.

    Args:
        services: what the turn works with.
        handle: called with every event.
        number: the turn's number in its events.
        held: whether a key is held; otherwise a silence ends the dictation.
        over_answer: whether an answer is held for it.
    """

    may_go_on = False

    def __init__(
        self,
        services: TurnServices,
        handle: events.Handler,
        number: int = 1,
        *,
        held: bool,
        over_answer: bool = False,
    ) -> None:
        super().__init__(
            services,
            handle,
            number,
            barge_in=_drop_nothing if over_answer else None,
            meaning=self._taken_back,
        )
        if self.listening and not held:
            self.listening.end_on_silence()

    def _new_recording(self) -> Recording:
        return self._services.recordings.new(dictation=True)

    async def _story(self) -> None:
        self._emit(events.Dictating())
        await super()._story()

    async def _take(self, found: Transcript, recording: Recording) -> None:
        words = printable_line(found.text)
        if self._taken_back(words, self):
            self._emit(events.Commanded(words=words))
        elif words:
            typed = await asyncio.to_thread(self._services.type_text, words)
            if not typed:
                await asyncio.to_thread(self._services.copy_text, words)
            self._emit(events.Dictated(text=words, typed=typed))
        recording.forget()

    def _taken_back(self, words: str, _turn: Turn) -> Meaning | None:
        """Return what "stop" or "cancel" mean here: nothing is typed."""
        obeys = self._services.settings.hands_free.command_words
        return Meaning() if obeys and takes_back(words) else None

    def _judge(self) -> Said:
        """Leave the end to the silence: after a sentence comes the next one."""
        return Said.UNKNOWN


async def _drop_nothing(_turn: Turn) -> None:
    """Let the answers go on that are held for a dictation."""
