"""Keeps a record of every turn: a follower of its events."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from voice_assistant import events
from voice_assistant.history.recorded_turn import SCREEN_PICTURE, Failure, RecordedTurn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voice_assistant.history.recorded_turn import State
    from voice_assistant.history.writer import Writer

GROWN_S = 1.0
"""Seconds between two writes of an answer that grows."""

GROWN_MAX = 500_000
"""Letters; a longer answer is written when it ends: to write it while it grows would cost more than
a moment of the event loop."""

WRITTEN_S = 0.5
"""The longest that a question waits to be written before it is asked: a hung disk stops nobody."""

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


class _Draft:
    """A turn that is going on."""

    def __init__(self, turn: RecordedTurn) -> None:
        self.turn = turn
        self.answer: list[str] = []
        self.letters = 0
        self.complete = False
        self.put_at_s = 0.0

    def change(self, **changes: object) -> None:
        self.turn = msgspec.structs.replace(self.turn, **changes)

    def reach(self, stage: str, t_ms: int) -> None:
        if getattr(self.turn.stages, stage) is None:
            self.change(stages=msgspec.structs.replace(self.turn.stages, **{stage: t_ms}))

    @property
    def worth_keeping(self) -> bool:
        """Whether something was said: a question, an announcement, or a recording that is kept."""
        return bool(self.turn.question or self.turn.answer or self.turn.recording)


class Recorder(events.Subscriber):
    """A `Subscriber` that records every turn.

    Args:
        writer: writes the turns.
        off: True begins off the record.
    """

    def __init__(self, writer: Writer, *, off: bool = False) -> None:
        self._writer = writer
        self._off = off
        self._drafts: dict[int, _Draft | None] = {}  # None: the turn is off the record
        self._offered: tuple[int, RecordedTurn] | None = None  # whose follow-ups are offered
        self._followers: list[Callable[[], None]] = []

    @property
    def off(self) -> bool:
        """Whether nothing is kept at the moment."""
        return self._off

    def switch(self, *, off: bool) -> None:
        """Begin or end to be off the record. Of a turn that is going on, nothing more is kept."""
        self._off = off
        if off:
            self._drafts = dict.fromkeys(self._drafts)
        for follower in self._followers:
            follower()

    def on_change(self, follower: Callable[[], None]) -> None:
        """Call `follower` whenever `off` may have changed."""
        self._followers.append(follower)

    async def written(self) -> None:
        """Wait until all that was said so far is in the record, if the disk takes it."""
        await self._writer.written(WRITTEN_S)

    def handle(self, event: events.AnyEvent) -> None:
        """Take one event; returns at once."""
        number = event.turn
        if number not in self._drafts:
            begun_s = time.time() - event.t_ms / 1000
            new = None if self._off else _Draft(RecordedTurn(began_s=begun_s, origin="voice"))
            self._drafts[number] = new
        draft = self._drafts[number]
        if isinstance(event, events.Idle):
            del self._drafts[number]
        if draft:
            self._note(draft, event)

    def _note(self, draft: _Draft, event: events.AnyEvent) -> None:  # noqa: C901, PLR0912  (a case for each event)
        if stage := STAGES.get(type(event)):
            draft.reach(stage, event.t_ms)
        match event:
            case events.Dictating():
                self._drafts[event.turn] = None
                return
            case events.Asked(question=question, source=source):
                draft.change(
                    question=question,
                    origin="screen" if _shows_the_screen(event.files) else source,
                    files=event.files,
                    app=event.app,
                    profile=event.profile,
                    message_id=event.goes_on,
                )
                if source == "suggestion":
                    self._take(question)
            case events.Announced(text=text):
                draft.answer, draft.complete = [text], True
                draft.change(origin="announcement")
            case events.Begun(message_id=message_id, conversation_id=conversation_id):
                draft.change(message_id=message_id, conversation_id=conversation_id)
            case events.Text(delta=delta):
                draft.answer.append(delta)
                draft.letters += len(delta)
                if time.monotonic() - draft.put_at_s < GROWN_S or draft.letters > GROWN_MAX:
                    return
            case events.Replaced(text=text):
                draft.answer = [text]
            case events.Answered(text=text, complete=complete):
                draft.answer, draft.complete = [text], complete
                draft.change(
                    conversation_id=event.conversation_id,
                    message_id=event.message_id,
                    sources=event.sources,
                    answer_files=event.files,
                )
            case events.Suggested(questions=questions):
                draft.change(suggestions=questions, answer="".join(draft.answer))
                self._offered = event.turn, draft.turn
                return  # they are written at the end, or when one is asked
            case events.Failed(title=title, hint=hint, code=code):
                draft.change(
                    failure=Failure(title=title, hint=hint, code=code),
                    recording=event.recording,
                    question=draft.turn.question or event.question,
                )
            case events.Idle():
                draft.change(state=_end_of(draft))
            case _:
                return
        self._put(event.turn, draft)

    def _put(self, key: int, draft: _Draft) -> None:
        answer = "".join(draft.answer)
        draft.answer = [answer]
        draft.change(answer=answer)
        draft.put_at_s = time.monotonic()
        if draft.worth_keeping:
            self._writer.put(key, draft.turn)
        if draft.turn.suggestions:
            self._offered = key, draft.turn

    def _take(self, question: str) -> None:
        """Note of the turn that offered it that a follow-up question was asked."""
        if self._offered and question in self._offered[1].suggestions:
            key, turn = self._offered
            self._writer.put(key, msgspec.structs.replace(turn, taken=question))


def _shows_the_screen(files: Sequence[str]) -> bool:
    return any(Path(file).name == SCREEN_PICTURE for file in files)


def _end_of(draft: _Draft) -> State:
    if draft.turn.failure:
        return "failed"
    return "complete" if draft.complete else "stopped"
