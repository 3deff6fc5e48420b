"""The record of a turn that is going on."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from voice_assistant import events
from voice_assistant.history.recorded_turn import SCREEN_PICTURE, Failure, RecordedTurn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.history.recorded_turn import State

GROWN_S = 1.0
"""Seconds between two writes of an answer that grows."""

GROWN_MAX = 500_000
"""Letters; a longer answer is written when it ends: to write it while it grows would cost more than
a moment of the event loop."""

STAGES: dict[type[events.Event], str] = {
    events.Listening: "listening",
    events.Transcribing: "recorded",
    events.Asked: "words",
    events.Text: "text",
    events.Answered: "answered",
    events.Speaking: "audio",
    events.Spoken: "spoken",
    events.Idle: "end",
}
"""The stage of a turn that an event tells; the first event of a kind counts."""


class Draft:
    """The record of a turn that is going on, made from the turn's events.

    Args:
        began_s: when the turn began, as `time.time` counts.

    Attributes:
        turn: what is known of the turn; `written` adds the newest words of the answer.
    """

    def __init__(self, began_s: float) -> None:
        self.turn = RecordedTurn(began_s=began_s, origin="voice")
        self._answer: list[str] = []
        self._letters = 0
        self._complete = False
        self._written_at_s = 0.0

    def written(self) -> RecordedTurn | None:
        """Return what is to be written now; None if nothing was said that is worth keeping.

        Worth keeping is a question, an announcement, or a recording that is kept.
        """
        self._gather()
        self._written_at_s = time.monotonic()
        worth_keeping = self.turn.question or self.turn.answer or self.turn.recording
        return self.turn if worth_keeping else None

    def change(self, event: events.AnyEvent) -> bool:  # noqa: C901  (a case for each event)
        """Change the record by an event; return whether it is to be written now."""
        if stage := STAGES.get(type(event)):
            self._reach(stage, event.t_ms)
        match event:
            case events.Asked(question=question, source=source):
                self._change(
                    question=question,
                    origin="screen" if _shows_the_screen(event.files) else source,
                    files=event.files,
                    app=event.app,
                    profile=event.profile,
                    message_id=event.goes_on,
                )
            case events.Announced(text=text):
                self._answer, self._complete = [text], True
                self._change(origin="announcement")
            case events.Begun(message_id=message_id, conversation_id=conversation_id):
                self._change(message_id=message_id, conversation_id=conversation_id)
            case events.Text(delta=delta):
                return self._grow(delta)
            case events.Replaced(text=text):
                self._answer = [text]
            case events.Answered(text=text, complete=complete):
                self._answer, self._complete = [text], complete
                self._change(
                    conversation_id=event.conversation_id,
                    message_id=event.message_id,
                    sources=event.sources,
                    answer_files=event.files,
                )
            case events.Suggested(questions=questions):
                self._gather()
                self._change(suggestions=questions)
                return False  # they are written at the end, or when one is asked
            case events.Failed(title=title, hint=hint, code=code):
                self._change(
                    failure=Failure(title=title, hint=hint, code=code),
                    recording=event.recording,
                    question=self.turn.question or event.question,
                )
            case events.Idle():
                self._change(state=self._end)
            case _:
                return False
        return True

    def _change(self, **changes: object) -> None:
        self.turn = msgspec.structs.replace(self.turn, **changes)

    def _reach(self, stage: str, t_ms: int) -> None:
        if getattr(self.turn.stages, stage) is None:
            self._change(stages=msgspec.structs.replace(self.turn.stages, **{stage: t_ms}))

    def _grow(self, delta: str) -> bool:
        self._answer.append(delta)
        self._letters += len(delta)
        long_ago = time.monotonic() - self._written_at_s >= GROWN_S
        return long_ago and self._letters <= GROWN_MAX

    def _gather(self) -> None:
        """Put the words of the answer together."""
        answer = "".join(self._answer)
        self._answer = [answer]
        self._change(answer=answer)

    @property
    def _end(self) -> State:
        if self.turn.failure:
            return "failed"
        return "complete" if self._complete else "stopped"


def _shows_the_screen(files: Sequence[str]) -> bool:
    return any(Path(file).name == SCREEN_PICTURE for file in files)
