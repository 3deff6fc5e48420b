"""A question that was recorded earlier and is still on the disk; and its answer.

The words of a dictation that was recorded earlier go into the clipboard instead.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from voice_assistant import events
from voice_assistant.hearing.recordings import StoredRecording
from voice_assistant.text.printable import printable_line
from voice_assistant.turns.turn import Turn

if TYPE_CHECKING:
    from pathlib import Path

    from voice_assistant.api.models import Transcript
    from voice_assistant.turns.services import TurnServices


class StoredQuestion(Turn):
    """Answers a kept recording; finds its words first if they are not known.

    Args:
        services: what the turn works with.
        handle: called with every event.
        number: the turn's number in its events.
        name: the recording's name; "" for the newest recording that is not answered.
        new: True begins a new conversation.
    """

    aloud = True

    def __init__(
        self,
        services: TurnServices,
        handle: events.Handler,
        number: int = 1,
        *,
        name: str,
        new: bool = False,
    ) -> None:
        super().__init__(services, handle, number)
        self._name = name
        self._new = new

    async def _story(self) -> None:
        archive = self._services.recordings.archive
        kept = archive.find(self._name)
        self._recording = StoredRecording(archive, kept.file, kept.words)
        if kept.dictation:
            await self._copy(kept.file)
            return
        if self._new:
            self._services.conversation.forget()
        if kept.words:
            await self._reply(kept.words, self._recording)
            return
        found = await self._find_words(kept.file)
        await self._reply(found.text, self._recording, sure=found.sure)

    async def _copy(self, file: Path) -> None:
        """Copy the words of a dictation: the window for which it was meant is no longer known."""
        self._emit(events.Dictating())
        words = printable_line((await self._find_words(file)).text)
        await asyncio.to_thread(self._services.copy_text, words)
        self._emit(events.Dictated(text=words, typed=False))
        if self._recording:
            self._recording.forget()

    async def _find_words(self, file: Path) -> Transcript:
        pcm = await asyncio.to_thread(self._services.recordings.read, file)
        return await self._words_of(pcm)
