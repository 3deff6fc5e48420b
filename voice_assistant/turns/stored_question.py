"""A question that was recorded before and is still on the disk, and its answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from voice_assistant.hearing.recordings import StoredRecording
from voice_assistant.turns.turn import Turn

if TYPE_CHECKING:
    from voice_assistant.turns.services import Tell, TurnServices


class StoredQuestion(Turn):
    """Answers what was said in a recording that was kept.

    Args:
        services: what the turn works with.
        tell: called with every event.
        number: of the turn.
        name: of the recording; "" for the newest that was not answered.
    """

    aloud = True

    def __init__(self, services: TurnServices, tell: Tell, number: int = 1, *, name: str) -> None:
        super().__init__(services, tell, number)
        self._name = name

    async def _story(self) -> None:
        recordings = self._services.recordings
        kept = recordings.archive.find(self._name)
        self._recording = StoredRecording(recordings.archive, kept.file)
        pcm = await asyncio.to_thread(recordings.read, kept.file)
        words = await self._words(self._services.words_of(pcm))
        await self._reply(words, self._recording)
