"""Keeps a record of every turn: a follower of its events."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec

from voice_assistant import events
from voice_assistant.history.draft import Draft

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.history.recorded_turn import RecordedTurn
    from voice_assistant.history.writer import Writer

WRITTEN_S = 0.5
"""The longest that a question waits to be written before it is asked: a hung disk stops nobody."""


class Recorder(events.Subscriber):
    """A `Subscriber` that records every turn.

    Args:
        writer: writes the turns.
        off: True begins off the record.
    """

    def __init__(self, writer: Writer, *, off: bool = False) -> None:
        self._writer = writer
        self._off = off
        self._drafts: dict[int, Draft | None] = {}  # None: the turn is off the record
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
            self._drafts[number] = None if self._off else Draft(time.time() - event.t_ms / 1000)
        draft = self._drafts[number]
        if isinstance(event, events.Dictating):
            self._drafts[number] = None
        elif isinstance(event, events.Idle):
            del self._drafts[number]
        if draft:
            self._note(number, draft, event)

    def _note(self, number: int, draft: Draft, event: events.AnyEvent) -> None:
        due = draft.change(event)
        if isinstance(event, events.Asked) and event.source == "suggestion":
            self._take(event.question)
        if due and (turn := draft.written()):
            self._writer.put(number, turn)
        if draft.turn.suggestions:
            self._offered = number, draft.turn

    def _take(self, question: str) -> None:
        """Record that a follow-up question was asked, with the turn that offered it."""
        if self._offered and question in self._offered[1].suggestions:
            key, turn = self._offered
            self._writer.put(key, msgspec.structs.replace(turn, taken=question))
