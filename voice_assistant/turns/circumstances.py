"""The circumstances in which words are said: by them a command word is told from a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant import events
from voice_assistant.command_words.meaning import Situation

if TYPE_CHECKING:
    from voice_assistant.turns.services import TurnServices

QUESTION_MARKS = ("?", "\uff1f", "\u061f")
"""Also the wide one, and the one of Arabic."""


class Circumstances:
    """The last question, the last answer, and the questions that the server suggests.

    Args:
        services: what the turns work with.

    Attributes:
        asks: whether the last answer ended with a question.
        consent_asked: whether the assistant asked last if something may be sent.
    """

    def __init__(self, services: TurnServices) -> None:
        self._services = services
        self._heard = ""
        self.asks = False
        self.consent_asked = False
        self._follow_ups: tuple[str, ...] = ()

    def handle(self, event: events.AnyEvent) -> None:
        """Take one event; returns at once."""
        match event:
            case events.Asked(question=question):
                self._heard, self.asks, self._follow_ups = question, False, ()
                self.consent_asked = False
            case events.Announced():
                self.consent_asked = event.asks_consent
            case events.Answered(text=text):
                self.asks = text.rstrip(" \n*_)\"'").endswith(QUESTION_MARKS)
                self.consent_asked = self.consent_asked and not self.asks
            case events.Suggested(questions=questions):
                self._follow_ups = questions
            case _:
                pass

    def situation(self, *, answering: bool, rings: bool = False) -> Situation:
        """Return what goes on at this moment.

        Args:
            answering: an answer is awaited, spoken or paused.
            rings: an alarm rings.
        """
        player = self._services.player
        return Situation(
            answering=answering,
            rings=rings,
            answered=answering or player.last is not None,
            asks=self.asks,
            follow_ups=self._follow_ups,
            heard=self._heard,
            volume=player.volume,
            speed=player.speed,
            rings_there=self._services.settings.backend.kind == "embedded",
        )
