"""Derives from events what displays show of the present turn, or of the last one."""

from __future__ import annotations

from voice_assistant import events
from voice_assistant.subscribers.paused_by_voice import PausedByVoice
from voice_assistant.translation import _


class PresentTurn:
    """What goes on, and what came of the last question.

    Attributes:
        suggestions: the follow-up questions that the server suggests.
        uploading: how far a file that is being sent was sent, in words; "" while none is.
        failed: the last question, if its answer failed and no recording keeps it; else None.
        ringing: the number of the turn of the alarm that rings, 0 while none does.
    """

    def __init__(self) -> None:
        self.suggestions: tuple[str, ...] = ()
        self.uploading = ""
        self.failed: events.Asked | None = None
        self.ringing = 0
        self._asked = events.Asked(question="", source="text")
        self._phases = events.Phases()
        self._paused = PausedByVoice()

    @property
    def phase(self) -> events.Phase:
        """The activity of the assistant."""
        return self._phases.now

    @property
    def to_say(self) -> str:
        """Tell what can be said to an answer that is paused by voice; "" for nothing."""
        return _(events.Paused.told) if self._paused.now else ""

    def handle(self, event: events.AnyEvent) -> None:
        """Take one event; returns at once."""
        self._phases.handle(event)
        self._paused.handle(event)
        match event:
            case events.Asked():
                self.suggestions = ()
                self._asked, self.failed = event, None
            case events.Failed(recording="", question=question) if question == self._asked.question:
                self.failed = self._asked
            case events.Uploading(sent_bytes=sent, size_bytes=size):
                self.uploading = event.told if sent < size else ""
            case events.Suggested(questions=questions):
                self.suggestions = questions
            case events.Announced(turn=turn, rings=True):
                self.ringing = turn
            case events.Idle(turn=turn):
                self.uploading = ""
                self.ringing = 0 if turn == self.ringing else self.ringing
            case _:
                pass
