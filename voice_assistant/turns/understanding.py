"""Tells command words from questions, by what goes on when they are said or typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from voice_assistant.command_words.meaning import Meaning, consent_of, meaning_of
from voice_assistant.commands import AnyCommand, Ask, Fill
from voice_assistant.turns.command_table import Understood

if TYPE_CHECKING:
    from voice_assistant.turns.circumstances import Circumstances
    from voice_assistant.turns.floor import Floor
    from voice_assistant.turns.services import TurnServices
    from voice_assistant.turns.turn import Turn


class Understanding:
    """Finds what words mean to the assistant itself.

    Args:
        services: what the turns work with.
        floor: the turns that are not over.
        circumstances: what was said before.
    """

    def __init__(self, services: TurnServices, floor: Floor, circumstances: Circumstances) -> None:
        self._services = services
        self._floor = floor
        self._circumstances = circumstances

    def of_typed(self, asked: Ask) -> AnyCommand | Understood:
        """Return what a typed question is: itself, the follow-up it chooses, or a command word."""
        turn = self._floor.turn
        records = turn is not None and turn.activity in {"listening", "hands_free"}
        if asked.literal or asked.source != "text" or records:
            return asked
        meaning = self.meaning(asked.text)
        if meaning is None:
            return asked
        if meaning.question:
            return msgspec.structs.replace(asked, text=meaning.question, source="suggestion")
        return Understood(words=asked.text, meaning=meaning)

    def meaning(self, words: str, heard_by: Turn | None = None) -> Meaning | None:
        """Return the meaning of command words; None if the words are a question.

        Args:
            words: what was said or typed.
            heard_by: the turn that has heard the words, and answers nothing yet.
        """
        form = asking.dialogue if (asking := self.asking) else None
        if form and form.understands(words):
            return Meaning(Fill(words=words))
        if self._circumstances.consent_asked and (consent := consent_of(words)):
            return consent
        meaning = self._command_word(words, heard_by)
        if meaning is None and form and heard_by and form.takes(words):
            return Meaning(Fill(words=words))
        return meaning

    @property
    def asking(self) -> Turn | None:
        """The turn whose app waits for the answer to a form; None without one."""
        return next((turn for turn in self._floor.turns if turn.dialogue), None)

    def _command_word(self, words: str, heard_by: Turn | None) -> Meaning | None:
        """Return the meaning of words as a command word; None if they are none."""
        others = [turn for turn in self._floor.turns if turn is not heard_by and turn.unfinished]
        rings = any(turn.rings for turn in others)
        if not (self._services.settings.hands_free.command_words or rings):
            return None
        now = self._circumstances.situation(answering=bool(others), rings=rings)
        return meaning_of(words, now)
