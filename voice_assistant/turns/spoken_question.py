"""A question that is spoken into the microphone, and its answer."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from voice_assistant import events
from voice_assistant.errors import AssistantError
from voice_assistant.hearing.listening import Listening, Outcome
from voice_assistant.hearing.transcription import Transcription, nothing_heard
from voice_assistant.turns.turn import Turn

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine

    from voice_assistant.hearing.recordings import Recording
    from voice_assistant.turns.services import TurnServices

log = logging.getLogger(__name__)


class SpokenQuestion(Turn):
    """Listens until `listening.release`, then finds the words and answers them.

    Args:
        services: what the turn works with.
        handle: called with every event.
        number: the turn's number in its events.
        barge_in: called with this turn as soon as speech is detected; given if another turn is
            held for this turn.
    """

    aloud = True

    def __init__(
        self,
        services: TurnServices,
        handle: events.Handler,
        number: int = 1,
        *,
        barge_in: Callable[[Turn], None] | None = None,
    ) -> None:
        super().__init__(services, handle, number)
        self._barge_in = barge_in
        self.listening = Listening(
            services.microphone,
            services.ears(),
            services.settings.microphone,
            services.recordings.longest_s,
        )

    async def _story(self) -> None:
        with self._services.recordings.new() as recording:
            self._recording = recording
            async with _beside(self._warm_up()):
                question = await self._listen(recording)
        if question:
            await self._reply(question, recording)

    async def _listen(self, recording: Recording) -> str:
        """Record, and return the words; "" if the key was only touched."""
        listening = self.listening
        assert listening  # noqa: S101  (the turn has not failed before this)
        async with Transcription(
            self._services.recognisers, recording, refused=listening.release
        ) as transcription:
            outcome = await listening.record(recording, self._emit_listening, self._on_barge_in())
            self.listening = None
            recording.finish()
            if outcome is not Outcome.QUESTION:
                transcription.check()
            if outcome is Outcome.TOUCH:
                log.info("the key was only touched: nothing was said")
                return ""
            if outcome is Outcome.SILENCE:
                raise nothing_heard("This machine", 0.0)
            self._emit(events.Transcribing())
            question = await transcription.words(listening.speech_s)
        if self._barge_in:
            self._barge_in(self)  # here too: words may be found though no speech was detected
        return question

    def _on_barge_in(self) -> Callable[[], None] | None:
        barge_in = self._barge_in
        return (lambda: barge_in(self)) if barge_in else None

    def _emit_listening(self) -> None:
        self._emit(events.Listening())

    async def _warm_up(self) -> None:
        """Connect while the user speaks, and read the app's abilities and the conversation."""
        services = self._services
        try:
            backend = await services.connect()
            await asyncio.gather(
                services.capabilities.of(backend), services.conversation.confirmed(backend)
            )
        except AssistantError as error:
            log.debug("not warm yet: %s", error.title)


@contextlib.asynccontextmanager
async def _beside(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Run `work` while the block runs; cancel it at the block's end."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
