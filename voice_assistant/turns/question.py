"""A question that was typed, chosen from the follow-ups, or recorded elsewhere; and its answer."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from voice_assistant.api.models import Transcript
from voice_assistant.audio.codec.files import read_speech
from voice_assistant.command_words.meaning import Meaning, window_of
from voice_assistant.errors import InputError
from voice_assistant.translation import _
from voice_assistant.turns.turn import Turn, no_meaning

if TYPE_CHECKING:
    from voice_assistant import events
    from voice_assistant.commands import Ask
    from voice_assistant.turns.services import TurnServices
    from voice_assistant.turns.turn import FindMeaning


class Question(Turn):
    """Answers a question in words, or in a file of speech.

    Args:
        services: what the turn works with.
        handle: called with every event.
        number: the turn's number in its events.
        command: the question, and whether its answer is spoken.
        meaning: returns the meaning of words that are a command for the assistant itself.
    """

    def __init__(
        self,
        services: TurnServices,
        handle: events.Handler,
        number: int = 1,
        *,
        command: Ask,
        meaning: FindMeaning = no_meaning,
    ) -> None:
        super().__init__(services, handle, number)
        self._command = command
        self._meaning = meaning

    async def _story(self) -> None:
        command = self._command
        services = self._answer_as(command.profile)
        if command.new:
            services.conversation.forget()
        if command.audio:
            found = await self._find_words()
        else:
            found = Transcript(text=command.text.strip())
        question, sure = found.text, found.sure
        if not question:
            raise InputError(_("There is no question"), _("Say or type what you want to know."))
        source: events.Source = "voice" if command.audio else command.source
        if source == "suggestion" and (window := window_of(question)):
            await self._obey(question, Meaning(window))
            return
        spoken_word = command.audio and not command.literal
        if spoken_word and (meaning := self._meaning(question, self)):
            if not meaning.question:
                await self._obey(question, meaning)
                return
            question, source = meaning.question, "suggestion"
        speaker = self._speech.speaker if command.speech else None
        with contextlib.ExitStack() as stack:
            if command.save_speech:
                # A file keeps sound: the assistant speaks, also beside a screen reader.
                saved = services.saved(Path(command.save_speech), speaker and services.speaker)
                speaker = stack.enter_context(contextlib.closing(saved))
            answer = self._answer(speaker)
            await answer.give(question, source, command.files, command.form, sure=sure)

    async def _find_words(self) -> Transcript:
        pcm = await asyncio.to_thread(read_speech, Path(self._command.audio))
        return await self._words_of(pcm)
