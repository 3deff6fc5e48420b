"""A question that was recorded before and is still on the disk, and its answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from voice_assistant import events
from voice_assistant.hearing.recordings import StoredRecording
from voice_assistant.turns.turn import Turn

if TYPE_CHECKING:
    from pathlib import Path

    from voice_assistant.turns.services import TurnServices


class StoredQuestion(Turn):
    """Answers what was said in a recording that was kept; words that are known are not looked for.

    Args:
        services: what the turn works with.
        handle: called with every event.
        number: of the turn.
        name: of the recording; "" for the newest that was not answered.
    """

    aloud = True

    def __init__(
        self, services: TurnServices, handle: events.Handler, number: int = 1, *, name: str
    ) -> None:
        super().__init__(services, handle, number)
        self._name = name

    async def _story(self) -> None:
        archive = self._services.recordings.archive
        kept = archive.find(self._name)
        self._recording = StoredRecording(archive, kept.file, kept.words)
        await self._reply(kept.words or await self._heard(kept.file), self._recording)

    async def _heard(self, file: Path) -> str:
        pcm = await asyncio.to_thread(self._services.recordings.read, file)
        self._tell(events.Transcribing())
        return await self._services.words_of(pcm)
